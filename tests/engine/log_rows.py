"""Rows of small event logs, in seconds and words."""

from collections.abc import Sequence

from leitweg.domain.states import state_of

SECOND = 1_000_000
Rows = Sequence[dict[str, object]]


def event(case, at, unit=None, person=None, state=None, started=None, activity=None, seq=0):
    """One row of events; times in seconds."""
    return {
        "case_id": case,
        "at_us": None if at is None else at * SECOND,
        "started_us": None if started is None else started * SECOND,
        "unit": unit,
        "person": person,
        "activity": activity,
        "state": None if state is None else int(state_of(state)),
        "seq": seq,
    }


def numbered(events: Rows) -> list[dict[str, object]]:
    """The rows with their place as seq."""
    return [{**row, "seq": place} for place, row in enumerate(events)]
