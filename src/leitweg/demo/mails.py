"""The mails of the demo company: with customers, along handovers, among colleagues, from above.

Handovers and mails belong together: about half of the handovers are announced by a mail from the
sender to the person who takes over, and some of these are answered when the work begins. So the
mail tells the same story as the events, with gaps.
"""

from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from leitweg.demo.company import GeneratedLog
from leitweg.demo.demo_company import BROADBAND, DOMAIN, FIELD, GRID, PEOPLE
from leitweg.demo.plan import DAY_US, HOUR_US
from leitweg.demo.requests import MAIL, PORTAL, Requests
from leitweg.demo.staff import HEAD, MAILBOXES, ROBOT, Person, seats

Ints = npt.NDArray[np.int64]
MINUTE_US = HOUR_US // 60
N_QUESTIONS, N_SUPPLIER_MAILS, N_SUPPLIERS = 11_000, 1_500, 25
ANNOUNCED, ANSWERED, COPIED = 0.5, 0.45, 0.08
# part of the replies whose header still names what they answer
REPLY_NAMED = 0.7


@dataclass(frozen=True)
class Mails:
    """Mails as columns: number, time, sender and receivers as accounts, what it answers (or -1)."""

    at_us: Ints
    sender: list[str]
    receivers: list[list[str]]
    reply_to: Ints


class _Outbox:
    """Collects mails; the number of a mail is its place."""

    def __init__(self) -> None:
        self.at_us: list[int] = []
        self.sender: list[str] = []
        self.receivers: list[list[str]] = []
        self.reply_to: list[int] = []

    def send(self, at_us: int, sender: str, receivers: list[str], reply_to: int = -1) -> int:
        self.at_us.append(int(at_us))
        self.sender.append(sender)
        self.receivers.append(receivers)
        self.reply_to.append(reply_to)
        return len(self.at_us) - 1


def mails_of(log: GeneratedLog, requests: Requests, staff: list[Person]) -> Mails:
    """Return the mails of the year, in the order they were sent."""
    rng = np.random.default_rng((log.plan.seed, 31))
    accounts = [person.account for person in staff]
    outbox = _Outbox()
    _with_customers(outbox, rng, log, requests, accounts)
    _along_handovers(outbox, rng, log, accounts)
    _among_colleagues(outbox, rng, log, accounts)
    _with_suppliers(outbox, rng, log, accounts)
    _from_above(outbox, log, accounts)
    return _in_order(outbox)


def _with_customers(
    outbox: _Outbox,
    rng: np.random.Generator,
    log: GeneratedLog,
    requests: Requests,
    accounts: list[str],
) -> None:
    """Write the request, the acknowledgement and the answer of each case that came by mail."""
    boxes = [f"{box}@{DOMAIN}" for box in MAILBOXES]
    entry, last = log.unit[log.first_row[:-1]], log.person[log.first_row[1:] - 1]
    for case in np.flatnonzero(np.isin(requests.channel, (MAIL, PORTAL))).tolist():
        customer = f"k{requests.customer[case]}@post.example"
        opened, resolved = int(log.opened_us[case]), int(log.resolved_us[case])
        first = outbox.send(opened, customer, [boxes[entry[case]]])
        delay = int(rng.integers(5, 60)) * 1_000_000
        outbox.send(opened + delay, f"{ROBOT}@{DOMAIN}", [customer], first)
        outbox.send(resolved + 3 * delay, accounts[last[case]], [customer], first)


def _along_handovers(
    outbox: _Outbox, rng: np.random.Generator, log: GeneratedLog, accounts: list[str]
) -> None:
    """Write what the sender of a handover announces and the receiver answers."""
    rows = np.flatnonzero((np.diff(log.unit) != 0) & (np.diff(log.case) == 0)) + 1
    lots = rng.random((3, len(rows)))
    minutes = rng.integers(1, 8, (2, len(rows)))
    for i in np.flatnonzero(lots[0] < ANNOUNCED).tolist():
        row = int(rows[i])
        sender, receiver = accounts[log.person[row - 1]], accounts[log.person[row]]
        head = accounts[sum(PEOPLE) + int(log.unit[row])]
        sent = int(log.at_us[row - 1]) + int(minutes[0, i]) * MINUTE_US
        copies = [head] if lots[1, i] < COPIED else []
        mail = outbox.send(sent, sender, [receiver, *copies])
        if lots[2, i] < ANSWERED:
            begun = max(int(log.started_us[row]), sent) + int(minutes[1, i]) * MINUTE_US
            outbox.send(begun, receiver, [sender], mail)


def _among_colleagues(
    outbox: _Outbox, rng: np.random.Generator, log: GeneratedLog, accounts: list[str]
) -> None:
    """Write questions, mostly within a unit, at times when people work."""
    first = list(accumulate(PEOPLE, initial=0))
    rows = rng.integers(len(log.case), size=N_QUESTIONS)
    lots = rng.random((3, N_QUESTIONS))
    delays = np.exp(rng.normal(3.7, 1.0, N_QUESTIONS))
    for i, row in enumerate(rows.tolist()):
        sender, unit = int(log.person[row]), int(log.unit[row])
        near = lots[0, i] < 0.6
        low, high = (first[unit], first[unit + 1]) if near else (0, first[-1])
        asked = {int(p) for p in rng.integers(low, high, 1 + int(lots[1, i] * 1.8))} - {sender}
        if not asked:
            continue
        receivers = [accounts[p] for p in sorted(asked)]
        mail = outbox.send(int(log.at_us[row]), accounts[sender], receivers)
        if lots[2, i] < 0.5:
            answered = int(log.at_us[row] + delays[i] * MINUTE_US)
            outbox.send(answered, receivers[0], [accounts[sender]], mail)


def _with_suppliers(
    outbox: _Outbox, rng: np.random.Generator, log: GeneratedLog, accounts: list[str]
) -> None:
    """Write what suppliers ask the technical units, and some answers."""
    technical = np.flatnonzero(np.isin(log.unit, (GRID, FIELD, BROADBAND)))
    rows = rng.choice(technical, N_SUPPLIER_MAILS)
    for row in rows.tolist():
        supplier = f"auftrag@lieferant-{rng.integers(1, N_SUPPLIERS + 1):02d}.example"
        asked, at = accounts[log.person[row]], int(log.at_us[row])
        mail = outbox.send(at, supplier, [asked])
        if rng.random() < 0.4:
            outbox.send(at + int(rng.integers(5, 300)) * MINUTE_US, asked, [supplier], mail)


def _from_above(outbox: _Outbox, log: GeneratedLog, accounts: list[str]) -> None:
    """Write the monthly mail of each head and the quarterly one of the director."""
    chart = seats()
    director = len(chart) - 1
    for month in range(12):
        day = log.plan.start_us // DAY_US + 7 + 30 * month
        monday = day + (4 - day) % 7  # 1970-01-05 was a Monday
        nine = monday * DAY_US + 8 * HOUR_US
        for unit in range(len(PEOPLE)):
            team = [accounts[i] for i, s in enumerate(chart) if s.unit == unit and s.rank > HEAD]
            outbox.send(nine + unit * MINUTE_US, accounts[sum(PEOPLE) + unit], team)
        if month % 3 == 2:
            outbox.send(nine - HOUR_US, accounts[director], accounts[:director])


def _in_order(outbox: _Outbox) -> Mails:
    at = np.array(outbox.at_us, np.int64)
    order = np.argsort(at, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    reply = np.array(outbox.reply_to, np.int64)[order]
    return Mails(
        at_us=at[order],
        sender=[outbox.sender[i] for i in order.tolist()],
        receivers=[outbox.receivers[i] for i in order.tolist()],
        reply_to=np.where(reply >= 0, place[reply], -1),
    )
