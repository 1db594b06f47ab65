"""Why do customers wait: batching, contention, prioritisation, unavailability, or none?

Method: docs/methods/causes-of-waiting.md (Lashkevich et al. 2022).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from leitweg.domain.situation import CAUSES
from leitweg.engine.calendars import Calendars
from leitweg.engine.person_kernel import Windows, causes_of_windows, customer_windows
from leitweg.engine.work_times import StartsFrom, WorkTimes, work_times
from leitweg.situation.arrays import Flags, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.constants import HOUR_US, MISSING


@dataclass(frozen=True)
class Causes:
    """The waiting of a log by cause, in microseconds, whatever the period.

    ``case_us`` (cases, 5): waiting of the customer; a row sums to that of the case's account
    exactly. ``stay_us`` (stays of the walk, 5): wait of the handover into each stay, summing to it
    exactly. ``estimated`` where starts of work had to be estimated: then the waits are those
    before the estimated starts, and nothing is said about handovers.
    """

    case_us: Ints
    stay_us: Ints
    estimated: bool


def causes_of(basis: Basis, calendars: Calendars | None) -> Causes | None:
    """Split all waiting by cause; None without a clock, and for answers to mails.

    Parameters
    ----------
    basis
        Of any period: the result holds for all periods of the same log.
    calendars
        Of the same log; None where it has no clock.
    """
    log = basis.log
    if calendars is None or not log.has_clock or basis.answers:
        return None
    work = work_times(log, basis.accounts)
    estimated = work.starts_from is StartsFrom.ESTIMATED
    asked = [customer_windows(work, log.offsets)]
    if not estimated:
        asked.append(handover_windows(basis, work))
    found = causes_of_windows(work, log.activity, calendars, asked)
    none = np.zeros((basis.walk.stay_case.size, len(CAUSES)), dtype=np.int64)
    return Causes(found[0], none if estimated else found[1], estimated)


def handover_windows(basis: Basis, work: WorkTimes) -> Windows:
    """Return the wait of the handover into every stay; a cell is a stay of the walk.

    It ends with the first work of the stay. Where nobody worked there, the case waited on for the
    next work anywhere.
    """
    walk, log = basis.walk, basis.log
    holder = log.unit if basis.level == "unit" else log.person
    here = _next_of(work.is_work & (holder >= 0))[walk.first_event]
    after = np.append(_next_of(work.is_work), log.n_events)[walk.last_event + 1]
    after = np.where(after < log.offsets[walk.stay_case + 1], after, -1)
    event = np.where(here <= walk.last_event, here, after)
    is_last = np.append(walk.stay_case[1:] != walk.stay_case[:-1], True)
    end_us = log.at_us[log.offsets[walk.stay_case + 1] - 1]
    next_us = np.where(is_last, end_us, np.append(walk.entered_us[1:], 0))
    until = np.where(walk.work_us == MISSING, next_us, walk.work_us)
    wait = basis.company_walk.wait_us
    since = np.where(wait == MISSING, until, until - np.where(wait == MISSING, 0, wait))
    stays = np.arange(walk.stay_case.size, dtype=np.int64)
    return Windows(event.astype(np.int64), since, until, stays, stays.size)


def _next_of(wanted: Flags) -> Ints:
    """Place of the next wanted event at or after each event; the number of events if none."""
    place = np.where(wanted, np.arange(wanted.size), wanted.size)
    return np.asarray(np.minimum.accumulate(place[::-1])[::-1])


def causes_per_month(basis: Basis, causes: Causes | None, stays: Ints) -> Mapping[str, float]:
    """Hours per month of each cause in the handovers into some stays of the walk.

    Empty where starts of work are not known, and where there is no rate per month.
    """
    if causes is None or causes.estimated or not np.isfinite(basis.months):
        return {}
    summed = causes.stay_us[stays].sum(axis=0)
    hours = [basis.per_month(float(us) / HOUR_US) for us in summed]
    return dict(zip(CAUSES, hours, strict=True))
