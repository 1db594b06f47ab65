"""What do the data cover, what not, and what does that do to the figures?

Method: docs/methods/coverage.md.
"""

import numpy as np

from leitweg.domain.situation import Coverage
from leitweg.situation.basis import Basis
from leitweg.situation.constants import DAY_US


def coverage_of(basis: Basis, *, messages: int = 0) -> Coverage:
    """Count what is there, and say in codes with facts what is missing.

    Each entry of ``missing`` is ``code`` or ``code: facts``; the language room words it.
    """
    log = basis.log
    no_person = float((log.person < 0).mean()) if log.person.size else None
    no_unit = float((log.unit < 0).mean()) if log.unit.size else None
    missing = _missing(basis, no_person, no_unit)
    return Coverage(
        cases=len(basis.counted),
        events=int(log.at_us.size),
        messages=messages,
        people=int((~log.machine).sum()) if len(log.persons) else 0,
        units=len(log.units),
        events_without_person_share=no_person,
        events_without_unit_share=no_unit,
        complete=not missing,
        missing=tuple(missing),
    )


def _missing(basis: Basis, no_person: float | None, no_unit: float | None) -> list[str]:
    log = basis.log
    out = []
    if len(basis.counted) == 0:
        return ["no-cases"]
    if basis.answers:
        return _quiet_weeks(basis) + _thin_units(basis)
    if basis.level == "person":
        out.append("persons-for-units")
    elif no_unit:
        out.append(f"events-without-unit: {_share(no_unit)}")
    if len(log.persons) == 0:
        out.append("no-people")
    elif no_person:
        out.append(f"events-without-person: {_share(no_person)}")
    if not log.has_clock:
        out.append("no-clock")
    elif log.has_queue:
        out.append("states-as-work")
    elif not log.has_started:
        out.append("no-started")
    if not log.has_states:
        out.append("no-states")
    if len(log.topics) == 0:
        out.append("no-topic")
    if int(np.diff(log.offsets).max(initial=0)) <= 1:
        out.append("single-events")
    if len(log.channels) == 0:
        out.append("no-channel")
    if log.n_tied_events:
        out.append(f"tied-events: {log.n_tied_events}")
    return out + _quiet_weeks(basis) + _thin_units(basis)


def _share(share: float) -> str:
    """Write a share with four digits; some are never rounded to none."""
    return f"{max(share, 0.0001):.4f}"


def _quiet_weeks(basis: Basis) -> list[str]:
    """Whole weeks inside the period without any event: a hole in the export, or a holiday."""
    period, log = basis.period, basis.log
    if period.start_us is None or period.end_us is None:
        return []
    first, last = period.start_us // (7 * DAY_US), period.end_us // (7 * DAY_US)
    inside = log.at_us[(log.at_us >= period.start_us) & (log.at_us < period.end_us)]
    weeks = np.unique(inside // (7 * DAY_US))
    between = weeks[(weeks > first) & (weeks < last)]
    quiet = int(max(last - first - 1, 0) - between.size)
    return [f"quiet-weeks: {quiet}"] if quiet else []


def _thin_units(basis: Basis) -> list[str]:
    """Units with too few handovers for any statement."""
    if basis.level != "unit" or len(basis.log.units) == 0:
        return []
    stays = basis.stays
    count = np.bincount(stays.unit[stays.handover], minlength=len(basis.holders))
    thin = int((count < basis.constants.min_statement).sum())
    return [f"thin-units: {thin} of {len(basis.holders)}"] if thin else []
