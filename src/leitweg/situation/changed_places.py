"""At which units, and on which links, did the waiting of the customer change?

Handovers with a known wait, as findings see them. Method: docs/methods/comparison.md.
"""

from dataclasses import dataclass, replace

import numpy as np

from leitweg.domain.comparison import Change, PlaceChange
from leitweg.situation.arrays import Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import resampled_sums
from leitweg.situation.contrast import enough_receipts, judged, wider_change


@dataclass(frozen=True)
class _Waits:
    """Waits of one side in cells: hours and receipts per cell, drawn by case and by day.

    ``by_case`` and ``by_day`` have the shape (replicates + 1, cells, 2): hours, receipts; and
    ``cases`` the weighted number of all cases of the side per replicate.
    """

    by_case: Floats
    by_day: Floats
    cases: Floats
    people: Ints | None

    def per_case(self, cell: int) -> tuple[Floats, Floats]:
        """Hours per case of the side, drawn by case and by day."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.by_case[:, cell, 0] / self.cases, self.by_day[:, cell, 0] / self.cases[0]

    def per_receipt(self, cell: int) -> tuple[Floats, Floats]:
        """Hours per handover into the cell, drawn by case and by day."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return tuple(  # type: ignore[return-value]
                x[:, cell, 0] / x[:, cell, 1] for x in (self.by_case, self.by_day)
            )


def changed_units(first: Basis, second: Basis) -> tuple[PlaceChange, ...]:
    """One row per unit that enough cases came to on one side, what changed most first."""
    return _changed(first, second, links=False)


def changed_links(first: Basis, second: Basis) -> tuple[PlaceChange, ...]:
    """One row per link with enough handovers on one side, what changed most first."""
    return _changed(first, second, links=True)


def _changed(first: Basis, second: Basis, *, links: bool) -> tuple[PlaceChange, ...]:
    if not first.log.has_clock:
        return ()
    codes = [_codes(basis, links=links) for basis in (first, second)]
    places, count = np.unique(np.concatenate([c for _, c in codes]), return_counts=True)
    places = places[count >= first.constants.min_pool]
    sides = [
        _waits(basis, rows, code, places, links=links)
        for basis, (rows, code) in zip((first, second), codes, strict=True)
    ]
    made = [_row(first, sides, cell, int(places[cell]), links) for cell in range(places.size)]
    tests = judged([row.per_case for row in made], first.constants.false_discovery_rate)
    rows = [replace(row, per_case=test) for row, test in zip(made, tests, strict=True)]
    return tuple(sorted(rows, key=_order))


def _order(row: PlaceChange) -> tuple[bool, float, str, str, str]:
    difference = row.per_case.difference
    size = abs(difference.value) if difference else 0.0
    return (
        row.per_case.statement != "changed",
        -size,
        row.unit or "",
        row.from_unit or "",
        row.to_unit or "",
    )


def _codes(basis: Basis, *, links: bool) -> tuple[Ints, Ints]:
    """Handovers of closed cases, and the number of the place of each."""
    stays = basis.stays
    rows = np.flatnonzero(stays.handover & basis.in_period[stays.case])
    if not links:
        return rows, stays.unit[rows]
    return rows, stays.sender[rows] * len(basis.holders) + stays.unit[rows]


def _waits(basis: Basis, rows: Ints, code: Ints, places: Ints, *, links: bool) -> _Waits:
    cell = np.minimum(np.searchsorted(places, code), max(places.size - 1, 0))
    kept = places[cell] == code if places.size else np.zeros(code.size, dtype=bool)
    rows, cell = rows[kept], cell[kept]
    stays, drawn = basis.stays, {"seed": basis.seed, "replicates": basis.constants.replicates}
    values = np.column_stack([stays.wait_hours[rows], np.ones(rows.size)])
    days = stays.day[rows] - stays.day.min(initial=0)
    by_case, by_day = (
        resampled_sums(group, cell, values, places.size, **drawn)
        for group in (stays.case[rows], days)
    )
    cases = np.flatnonzero(basis.in_period)
    nowhere = np.zeros(cases.size, dtype=np.int64)
    n_cases = resampled_sums(cases, nowhere, np.ones((cases.size, 1)), 1, **drawn)[:, 0, 0]
    people = _people(basis, rows, cell, places.size, links=links)
    return _Waits(by_case, by_day, n_cases, people)


def _people(basis: Basis, rows: Ints, cell: Ints, n_cells: int, *, links: bool) -> Ints | None:
    """Count distinct people at work behind the waits; for a link at its smaller end."""
    if not len(basis.log.persons):
        return None
    stays, before = basis.stays, basis.stays.previous[rows]
    here = _distinct(basis, cell, (stays.first_worker[rows], stays.last_worker[rows]), n_cells)
    if not links:
        return here
    there = _distinct(basis, cell, (stays.last_worker[before],), n_cells)
    return np.minimum(here, there)


def _distinct(basis: Basis, cell: Ints, workers: tuple[Ints, ...], n_cells: int) -> Ints:
    person = np.concatenate(workers)
    cells = np.tile(cell, len(workers))
    known = (person >= 0) & ~basis.log.machine[np.maximum(person, 0)]
    pairs = np.unique(cells[known] * len(basis.log.persons) + person[known])
    return np.bincount(pairs // len(basis.log.persons), minlength=n_cells)


def _row(basis: Basis, sides: list[_Waits], cell: int, code: int, links: bool) -> PlaceChange:
    receipts = (int(sides[0].by_case[0, cell, 1]), int(sides[1].by_case[0, cell, 1]))
    names = basis.holders
    one, two = sides
    least = basis.constants.min_statement
    people = [None if side.people is None else int(side.people[cell]) for side in sides]
    return PlaceChange(
        unit=None if links else names[code],
        from_unit=names[code // len(names)] if links else None,
        to_unit=names[code % len(names)] if links else None,
        receipts_first=receipts[0],
        receipts_second=receipts[1],
        # no handover at all on one side is an answer here: the customer waits there no more
        per_case=wider_change(
            one.per_case(cell),
            two.per_case(cell),
            enough=enough_receipts(receipts, (one.cases[0], two.cases[0]), basis.constants),
        ),
        per_receipt=_untested(
            wider_change(
                one.per_receipt(cell), two.per_receipt(cell), enough=min(receipts) >= least
            )
        ),
        n_people_first=people[0],
        n_people_second=people[1],
    )


def _untested(change: Change) -> Change:
    """Beside the waiting per case, not tested again."""
    known = change.difference is not None
    statement = change.statement if change.statement == "too_few" else "not_tested"
    return replace(change, p_value=None, statement=statement if known else "not_tested")
