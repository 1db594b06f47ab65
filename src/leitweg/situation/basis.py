"""What every question of the as-is analysis stands on: the period, the cases in it, their stays.

Method: docs/methods/from-events-to-waits.md.
"""

from dataclasses import dataclass, replace

import numpy as np

from leitweg.domain.situation import Period
from leitweg.engine.case_kernel import CaseAccounts, CaseWalk, Level, account_cases, walk_cases
from leitweg.engine.event_log import EventLog
from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.constants import CONSTANTS, DAY_US, HOUR_US, MISSING, MONTH_US, Constants
from leitweg.situation.customer_time import without_customer_time


@dataclass(frozen=True)
class Stays:
    """The stays that findings are made of, in the order of cases and of time.

    A change of label by one and the same person is merged into the stay before it, and stays
    after the resolution are left out. ``previous`` and ``following`` are positions of the
    neighbours in the same case, or -1. Times in microseconds; ``wait_us`` is the wait of the
    handover into the stay (MISSING for the first stay of a case). ``day`` is the day on which the
    unit picked the case up; ``topic`` is -1 where there is none. ``unit_left`` is the unit under
    whose label the stay ended; ``walked`` the position of its first part in the walk. The time in
    which the customer had to answer is cut out of all times but ``day``.
    """

    case: Ints
    unit: Ints
    previous: Ints
    following: Ints
    enter_us: Ints
    work_us: Ints
    left_us: Ints
    wait_us: Ints
    topic: Ints
    day: Ints
    first_worker: Ints
    last_worker: Ints
    worked: Flags
    is_open: Flags
    walked: Ints
    unit_left: Ints

    def __len__(self) -> int:
        return int(self.case.size)

    @property
    def start_us(self) -> Ints:
        """Start of work, or of the stay where nobody worked."""
        return np.where(self.worked, self.work_us, self.enter_us)

    @property
    def wait_hours(self) -> Floats:
        """Wait of the handover into each stay in calendar hours; zero for first stays."""
        return np.where(self.wait_us == MISSING, 0, self.wait_us) / HOUR_US

    @property
    def sender(self) -> Ints:
        """Unit that handed over: the label under which the stay before ended."""
        return np.asarray(self.unit_left[self.previous])

    @property
    def handover(self) -> Flags:
        """Whether the stay was entered by a handover with a known wait."""
        return np.asarray((self.previous >= 0) & (self.wait_us != MISSING))


@dataclass(frozen=True)
class Basis:
    """One log, walked once, with the period that all rates are divided by.

    ``answers``: a row of the log is an answer to a mail, not a case. ``company_walk`` is the walk
    with the time cut out in which the customer had to answer.
    """

    log: EventLog
    level: Level
    walk: CaseWalk
    accounts: CaseAccounts
    period: Period
    in_period: Flags
    counted: Flags
    stays: Stays
    holders: tuple[str, ...]
    seed: int
    answers: bool
    company_walk: CaseWalk
    constants: Constants = CONSTANTS

    @property
    def months(self) -> float:
        """Length of the period in months of 30.4375 days; NaN without a clock."""
        return self.period.months if self.period.months else float("nan")

    @property
    def no_rate(self) -> str | None:
        """Return why nothing can be said per month, or None where it can."""
        if not self.log.has_clock:
            return "no-clock"
        if self.period.start_us is None:
            return "no-closed-case"
        return None if self.period.months else "period-too-short"

    def per_month(self, hours: float) -> float:
        """Hours in the period as hours per month."""
        return hours / self.months


@dataclass(frozen=True)
class Walked:
    """One log, walked once, as it is and in the company's own time: all periods share it."""

    walk: CaseWalk
    accounts: CaseAccounts
    company_walk: CaseWalk
    company_accounts: CaseAccounts


def walked_once(log: EventLog, level: Level) -> Walked:
    """Walk the log; a second time only where the customer had to answer."""
    walk, accounts = walk_cases(log, level=level), account_cases(log)
    own = without_customer_time(log)
    if own is log:
        return Walked(walk, accounts, walk, accounts)
    return Walked(walk, accounts, walk_cases(own, level=level), account_cases(own))


def basis_of(
    log: EventLog,
    *,
    level: Level,
    start_us: int | None = None,
    end_us: int | None = None,
    as_of_us: int | None = None,
    seed: int = 0,
    answers: bool = False,
    walked: Walked | None = None,
    cases: Flags | None = None,
) -> Basis:
    """Walk the log and fix the period.

    Parameters
    ----------
    level
        ``unit`` or ``person``: who the stays belong to.
    start_us, end_us
        Bounds asked for, inclusive and exclusive; None for the default period of the contract.
    as_of_us
        The present: an open case has waited until then. None: the last event of the log.
    walked
        The walks of this log at this level, where they are known already.
    cases
        Whether each case is looked at; None: all.
    """
    done = walked or walked_once(log, level)
    walk, accounts = done.walk, done.accounts
    among = np.ones(log.n_cases, dtype=bool) if cases is None else cases
    closed = ~accounts.is_open & among
    if log.has_clock:
        closed &= accounts.closed_us != MISSING
    period = period_of(accounts.closed_us[closed], log.has_clock, start_us, end_us)
    in_period = _within(accounts.closed_us, closed, period, log.has_clock)
    asked = start_us is not None or end_us is not None
    counted = in_period if asked else among
    now = as_of_us if as_of_us is not None else int(log.at_us.max(initial=0))
    stays = clean_stays(
        log,
        done.company_walk,
        done.company_accounts,
        in_period | (accounts.is_open & log.has_clock & among),
        _open_from_until(period, now),
    )
    if done.company_walk is not walk:
        stays = replace(stays, day=_real_days(walk, stays))
    names = log.units if level == "unit" else log.persons
    return Basis(
        log,
        level,
        walk,
        accounts,
        period,
        in_period,
        counted,
        stays,
        tuple(names),
        seed,
        answers,
        done.company_walk,
    )


def _open_from_until(period: Period, now_us: int) -> tuple[int, int]:
    """Stretch in which open cases wait: their hours outside the period belong to other months."""
    start = period.start_us if period.start_us is not None else MISSING
    end = min(now_us, period.end_us) if period.end_us is not None else now_us
    return start, end


def _real_days(walk: CaseWalk, stays: Stays) -> Ints:
    """Day of pick-up by the real clock, where the customer's time was cut out of the stays."""
    at = stays.walked
    start = np.where(walk.work_us[at] != MISSING, walk.work_us[at], walk.entered_us[at])
    return np.asarray(start // DAY_US)


_RULES = {
    (False, False): "closings from the 0.5 % to the 99.5 % quantile",
    (True, True): "closings from --from (inclusive) to --to (exclusive)",
    (True, False): "closings from --from (inclusive) to the last closing",
    (False, True): "closings from the first closing to --to (exclusive)",
}


def period_of(
    closings_us: Ints, has_clock: bool, start_us: int | None, end_us: int | None
) -> Period:
    """Return the stretch that rates per month are divided by (contract, section 1)."""
    if not has_clock or (closings_us.size == 0 and (start_us is None or end_us is None)):
        rule = "no clock in the log" if not has_clock else "no closed case"
        return Period(None, None, None, rule)
    closings = np.sort(closings_us)
    start, end = start_us, end_us
    if start is None and end is None:
        # order statistics, so that few cases are not cut off; the end is exclusive
        start = int(np.quantile(closings, 0.005, method="lower"))
        end = int(np.quantile(closings, 0.995, method="higher")) + 1
        return Period(start, end, _months(start, end), _RULES[False, False])
    rule = _RULES[start is not None, end is not None]
    if start is None:
        start = int(closings[0])
    if end is None:
        end = int(closings[-1]) + 1
    return Period(start, max(end, start), _months(start, end), rule)


def _months(start_us: int, end_us: int) -> float | None:
    """Length in months; None where it is too short for a rate per month to mean anything."""
    return (end_us - start_us) / MONTH_US if end_us - start_us >= HOUR_US else None


def _within(closed_us: Ints, closed: Flags, period: Period, has_clock: bool) -> Flags:
    if not has_clock:
        return closed
    if period.start_us is None or period.end_us is None:
        return np.zeros_like(closed)
    return closed & (closed_us >= period.start_us) & (closed_us < period.end_us)


def clean_stays(
    log: EventLog,
    walk: CaseWalk,
    accounts: CaseAccounts,
    wanted: Flags,
    open_from_until: tuple[int, int],
) -> Stays:
    """Return the stays of the wanted cases, label changes merged, administrative ends left out."""
    keep = wanted[walk.stay_case] & ~walk.after_resolution
    case, unit = walk.stay_case[keep].astype(np.int64), walk.stay_holder[keep].astype(np.int64)
    first = np.ones(case.size, dtype=bool)
    first[1:] = case[1:] != case[:-1]
    by_hand = walk.same_person[keep] & ~_machine(log, walk.first_worker[keep])
    # a label change joins the stay before it; the unit it joined may then meet itself again
    merged = by_hand & ~first
    head = np.flatnonzero(~merged)
    again = np.zeros(head.size, dtype=bool)
    again[1:] = (unit[head][1:] == unit[head][:-1]) & (case[head][1:] == case[head][:-1])
    head = head[~again]
    return _gathered(log, walk, accounts, keep, head, open_from_until)


def _machine(log: EventLog, person: Ints) -> Flags:
    if len(log.persons) == 0:
        return np.zeros(person.size, dtype=bool)
    return np.where(person >= 0, log.machine[np.maximum(person, 0)], False)


def _gathered(
    log: EventLog,
    walk: CaseWalk,
    accounts: CaseAccounts,
    keep: Flags,
    head: Ints,
    open_from_until: tuple[int, int],
) -> Stays:
    """Take one row per run of merged stays: its first stay's start, its last stay's end."""
    index = np.flatnonzero(keep)
    tail = np.append(head[1:], index.size) - 1 if head.size else head
    at_head, at_tail = index[head], index[tail]
    case = walk.stay_case[at_head].astype(np.int64)
    count = case.size
    position = np.arange(count)
    same_before = np.zeros(count, dtype=bool)
    same_before[1:] = case[1:] == case[:-1]
    previous = np.where(same_before, position - 1, -1)
    following = np.full(count, -1, dtype=np.int64)
    following[previous[same_before]] = position[same_before]
    worked = walk.work_us[at_head] != MISSING
    work_us = walk.work_us[at_head].astype(np.int64)
    enter_us = walk.entered_us[at_head].astype(np.int64)
    # where the first event is already work, the case was on its way since the sender's last event
    left_us = walk.left_us[at_tail].astype(np.int64)
    # an administrative close in the unit that solved the case does not prolong its stay
    resolved_us = accounts.resolved_us[case]
    solved = (following < 0) & (resolved_us != MISSING)
    left_us = np.where(solved, np.minimum(left_us, resolved_us), left_us)
    # a stay in a queue alone was waiting there, not on the way to the next
    worked_last = walk.work_us[at_tail] != MISSING
    idle = ~worked_last[np.maximum(previous, 0)]
    begin = np.where(
        walk.queued_first[at_head] | ~same_before | idle,
        enter_us,
        left_us[np.maximum(previous, 0)],
    )
    topic = log.topic[case].astype(np.int64)
    is_open = accounts.is_open[case] & (following < 0)
    wait = walk.wait_us[at_head].astype(np.int64)
    wait = np.where(same_before, wait, MISSING)
    # an open case has waited until now at the place where it lies, as far as the period goes
    since, until = open_from_until
    begin = np.where(is_open, np.maximum(begin, since), begin)
    left_us = np.where(is_open, np.maximum(until, begin), left_us)
    wait = np.where(is_open & ~worked & same_before, left_us - begin, wait)
    start = np.where(worked, work_us, enter_us)
    return Stays(
        case,
        walk.stay_holder[at_head].astype(np.int64),
        previous,
        following,
        begin,
        work_us,
        left_us,
        wait,
        topic,
        start // DAY_US,
        walk.first_worker[at_head].astype(np.int64),
        walk.last_worker[at_tail].astype(np.int64),
        worked,
        is_open,
        at_head,
        walk.stay_holder[at_tail].astype(np.int64),
    )
