"""What is known about each case of the demo company besides its topic: who asked, and how."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leitweg.demo.company import GeneratedLog
from leitweg.demo.demo_company import BUSINESS, COMPLAINT, INTERNET, ONLINE, POWER

Ints = npt.NDArray[np.int64]

PHONE, MAIL, PORTAL, COUNTER = range(4)
CHANNEL_NAMES = {
    "de": ("Telefon", "E-Mail", "Portal", "Schalter"),
    "en": ("Phone", "E-mail", "Portal", "Counter"),
}
CHANNEL_SHARES = {
    "by service": (0.62, 0.18, 0.02, 0.18),
    "online": (0.02, 0.48, 0.50, 0.0),
    "business": (0.4, 0.55, 0.05, 0.0),
}
PRIORITY_NAMES = {"de": ("niedrig", "normal", "hoch"), "en": ("low", "normal", "high")}
KIND_NAMES = {
    "de": ("Anfrage", "Störung", "Beschwerde"),
    "en": ("Request", "Fault", "Complaint"),
}
N_PRIVATE, N_BUSINESS = 5_000, 160


@dataclass(frozen=True)
class Requests:
    """One row per case: codes of channel, priority and kind, and the number of the customer."""

    channel: Ints
    priority: Ints
    kind: Ints
    customer: Ints


def requests_of(log: GeneratedLog) -> Requests:
    """Return the attributes of the cases of a log; they do not depend on its faults."""
    rng = np.random.default_rng((log.plan.seed, 21))
    n = len(log.opened_us)
    entry = log.unit[log.first_row[:-1]]
    lots = rng.random((4, n))
    shares = np.array(list(CHANNEL_SHARES.values())).cumsum(axis=1)
    row = np.select([entry == ONLINE, entry == BUSINESS], [1, 2], 0)
    kind = np.select(
        [np.isin(log.topic, (POWER, INTERNET)), log.topic == COMPLAINT], [1, 2], default=0
    )
    # few customers ask often, most ask once: squared lots favour the low numbers
    private = 100_000 + (lots[2] ** 2 * N_PRIVATE).astype(np.int64)
    business = 900_000 + (lots[2] ** 2 * N_BUSINESS).astype(np.int64)
    return Requests(
        channel=(lots[0][:, None] > shares[row]).sum(axis=1).clip(0, COUNTER),
        priority=np.where(log.urgent, 2, np.where(kind == 0, np.searchsorted([0.25], lots[1]), 1)),
        kind=kind,
        customer=np.where(entry == BUSINESS, business, private),
    )
