"""What would the router have answered at the handovers of the last quarter?

It learns the cases that were resolved before the quarter; within it the handovers are asked in
time, and every case is learnt when it was resolved: nothing is known before its time.
Method: docs/methods/misrouting.md.
"""

import heapq
from collections.abc import Sequence

import numpy as np

from leitweg.domain.routing import History, Request
from leitweg.engine.request_rows import load_requests
from leitweg.routing.backtest import closed_of
from leitweg.routing.fit import fit_rows, rows_for
from leitweg.routing.history import history_of, some_of
from leitweg.routing.router import Router
from leitweg.routing.rows import Rows
from leitweg.situation.arrays import Ints
from leitweg.situation.basis import Basis
from leitweg.situation.spared_ways import NOBODY, Guide, Guides, Handover
from leitweg.store import Workspace
from leitweg.studies.asking import purposes_on

PURPOSE = "routing"
MOST_LEARNT = 50_000
"""The latest cases before the quarter: more would cost time and tell little."""


def guides_at(place: Workspace, basis: Basis) -> Guides:
    """Return what makes a router for the replay of a quarter; none where its purpose is off.

    Parameters
    ----------
    place
        The workspace; texts of requests are not read.
    basis
        The log and the cases in question: the router learns from no others.
    """

    def guide_of(start_us: int) -> Guide | None:
        # asked here, so that an answer without a misrouting does not read the purposes
        return _guide(place, basis, start_us) if PURPOSE in purposes_on(place) else None

    return guide_of


def _guide(place: Workspace, basis: Basis, start_us: int) -> Guide | None:
    ids = basis.log.case_ids
    requests = load_requests({"cases": place.files("cases")}, ids, with_text=False)
    history = history_of(basis.log, requests)
    place_in_log = {case_id: i for i, case_id in enumerate(ids.to_pylist())}
    case = np.array([place_in_log[i] for i in history.case_ids], np.int64)
    scope = np.flatnonzero(basis.counted[case])
    history, case = some_of(history, scope), case[scope]
    lessons = _known_before(history, start_us)
    if lessons.n == 0:
        return None
    attributes = {name: history.attributes[name] for name in lessons.attributes}
    router = fit_rows(lessons, "unit", seed=basis.seed)
    replay = _Replay(router, Rows(history, "unit", attributes), case, start_us)
    return Guide(replay.suggested, {n: requests.attributes[n].codes for n in attributes})


def _known_before(history: History, start_us: int) -> Rows:
    known = np.flatnonzero((history.unit.codes >= 0) & (history.closed < start_us))
    latest = np.sort(known[np.argsort(history.closed[known], kind="stable")][-MOST_LEARNT:])
    return rows_for(some_of(history, latest), "unit")


class _Replay:
    """A router that goes through the quarter once, from closing to closing."""

    def __init__(self, router: Router, rows: Rows, case: Ints, start_us: int) -> None:
        self._router, self._rows, self._start_us = router, rows, start_us
        self._row_of = {int(c): i for i, c in enumerate(case)}
        self._units = {name: code for code, name in enumerate(rows.label.labels)}

    def suggested(self, handovers: Sequence[Handover]) -> Ints:
        """Return the unit suggested at each handover, -1 where it is left to a human."""
        out = np.full(len(handovers), NOBODY, dtype=np.int64)
        asks = sorted((h.at_us, 0, i) for i, h in enumerate(handovers))
        answered: dict[Handover, int] = {}
        for _, is_closing, i in heapq.merge(asks, self._closings()):
            if is_closing:
                self._router.close(closed_of(self._rows, i))
                continue
            one = handovers[i]
            if one not in answered:
                answered[one] = self._first_choice(one)
            out[i] = answered[one]
        return out

    def _closings(self) -> list[tuple[int, int, int]]:
        """Cases of the quarter with a right contact, in the order in which it became known."""
        known_at = self._rows.known_at
        later = np.flatnonzero(self._rows.has_contact() & (known_at >= self._start_us))
        return sorted((int(known_at[i]), 1, int(i)) for i in later)

    def _first_choice(self, handover: Handover) -> int:
        row = self._row_of[handover.case]
        # reopened: its right contact was learnt from the case itself
        if self._rows.known_at[row] < handover.at_us and self._rows.contact(row) is not None:
            return NOBODY
        labels = self._rows.label.labels
        request = Request(
            at_us=handover.at_us,
            attributes=self._rows.values(row),
            tried=tuple(labels[unit] for unit in handover.tried),
        )
        ranking = self._router.rank(request, top=1, explain=False)
        return NOBODY if ranking.abstain else self._units[ranking.candidates[0].contact]
