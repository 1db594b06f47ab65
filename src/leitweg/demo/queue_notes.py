"""Why a stay in a queue waited, as planted (compiled).

The causes stand in the order of `leitweg.domain.situation.CAUSES`. What is known here is who was
busy with what: no calendar has to be discovered and no batch guessed.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from leitweg.demo.draws import numbers
from leitweg.demo.office import between_us
from leitweg.demo.way import Ints
from leitweg.engine.compiled import compiled

BATCHING, CONTENTION, PRIORITISATION, UNAVAILABILITY, EXTRANEOUS = numbers(0, 5)
(NONE,) = numbers(-1, 0)


class Lain(NamedTuple):
    """Per row that begins a stay: its key, how long it lay in a queue, its causes of waiting."""

    key: npt.NDArray[np.uint64]
    queued: Ints
    cause_us: Ints


class Services(NamedTuple):
    """What people with a queue did, one after another; ``size`` holds how many there are.

    ``before`` leads to the same person's service before; ``latest[person]`` is the last one.
    """

    begun: Ints
    ended: Ints
    enabled: Ints
    batch: Ints
    before: Ints
    latest: Ints
    size: Ints


@compiled
def no_services(n: int, n_people: int) -> Services:
    """Return room for so many services."""
    return Services(
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.zeros(n_people, np.int64) - 1,
        np.zeros(1, np.int64),
    )


@compiled
def note_service(
    services: Services, person: int, begun: int, ended: int, enabled: int, batch: int
) -> None:
    """Write down what a person did."""
    i = services.size[0]
    services.begun[i], services.ended[i], services.enabled[i] = begun, ended, enabled
    services.batch[i], services.before[i] = batch, services.latest[person]
    services.latest[person] = i
    services.size[0] = i + 1


@compiled
def note_ordinary(lain: Lain, row: int, enabled: int, ready: int, office_hours: bool) -> None:
    """Write down a wait for something that the log does not show: open hours and the rest."""
    if row < len(lain.key):
        open_us = between_us(enabled, ready, office_hours)
        lain.cause_us[row, EXTRANEOUS] += open_us
        lain.cause_us[row, UNAVAILABILITY] += ready - enabled - open_us


@compiled
def note_queue(
    lain: Lain,
    row: int,
    services: Services,
    person: int,
    batch: int,
    enabled: int,
    ready: int,
    complete: int,
    begun: int,
) -> None:
    """Split the wait in a queue: for the batch, behind others, behind later ones, closed."""
    causes = lain.cause_us[row]
    causes[BATCHING] += complete - ready
    rest = begun - complete
    i = services.latest[person]
    while i != NONE and services.ended[i] > complete:
        busy = min(services.ended[i], begun) - max(services.begun[i], complete)
        # who lies in the same batch lies behind its first ones
        later = services.enabled[i] > enabled and services.batch[i] != batch
        causes[PRIORITISATION if later else CONTENTION] += busy
        rest -= busy
        i = services.before[i]
    causes[UNAVAILABILITY] += rest
