"""What else may be behind a change: notes that stand beside every comparison.

Each note is ``code`` or ``code: facts``. Method: docs/methods/comparison.md.
"""

import numpy as np

from leitweg.domain.comparison import FigureChange, Mix, Side
from leitweg.situation.arrays import Ints
from leitweg.situation.basis import Basis
from leitweg.situation.constants import DAY_US, HOUR_US

YEAR_DAYS = 365.25
SEASON_DAYS = 45
# a share of events without a name that moved by less cannot make a change
LEAST_COVERAGE = 0.02
LEAST_EVENTS = 0.05


def notes_of(
    first: Basis,
    second: Basis,
    sides: tuple[Side, Side],
    mix: Mix,
    figures: tuple[FigureChange, ...],
) -> tuple[str, ...]:
    """Return the threats to the comparison: those that the log shows, then those it cannot."""
    periods = sides[0].part is None
    notes = [*_coverage(sides), *(_log_of_contacts(figures) if periods else []), *_mix(mix)]
    if first.log.has_clock:
        notes += _log_begins(first, second)
        notes += _season(first, second) if periods else []
    usual = ("regression-to-the-mean", "other-measures") if periods else ("parts-differ",)
    return (*notes, *usual, "no-cause")


def _coverage(sides: tuple[Side, Side]) -> list[str]:
    one, two = sides
    shares = (
        ("coverage-of-unit-changed", one.events_without_unit_share, two.events_without_unit_share),
        (
            "coverage-of-person-changed",
            one.events_without_person_share,
            two.events_without_person_share,
        ),
    )
    return [
        f"{code}: {a:.4f} of {b:.4f}"
        for code, a, b in shares
        if a is not None and b is not None and abs(b - a) >= LEAST_COVERAGE
    ]


def _log_of_contacts(figures: tuple[FigureChange, ...]) -> list[str]:
    """More events per case may be more work, or a tool that writes down more of it."""
    for figure in figures:
        ratio = figure.change.ratio
        if figure.name == "events_per_case" and figure.change.statement == "changed" and ratio:
            if ratio.value >= 1 + LEAST_EVENTS:
                return ["more-events-per-case"]
            return ["fewer-events-per-case"] if ratio.value <= 1 - LEAST_EVENTS else []
    return []


def _mix(mix: Mix) -> list[str]:
    if mix.why == "no-topic":
        return ["mix-unknown"]
    if not mix.differs or mix.moved_share is None:
        return []
    return [f"mix-changed: {mix.moved_share:.4f}"]


def _log_begins(first: Basis, second: Basis) -> list[str]:
    """Say where a log collected from a day on begins with cases that closed quickly."""
    accounts, starts = first.accounts, [first.period.start_us, second.period.start_us]
    cases = np.flatnonzero(first.in_period | second.in_period)
    if not cases.size or None in starts:
        return []
    spans = accounts.closed_us[cases] - accounts.opened_us[cases]
    opened = int(np.quantile(accounts.opened_us[cases], 0.005, method="lower"))
    usual = int(np.quantile(spans, 0.95, method="lower"))
    begins = min(s for s in starts if s is not None)
    if begins - opened >= usual or usual < HOUR_US:
        return []
    return ["log-begins-in-first"] if first.period.start_us != second.period.start_us else []


def _season(first: Basis, second: Basis) -> list[str]:
    """Half a year against the other half compares seasons too."""
    ends = [end for b in (first, second) for end in (b.period.start_us, b.period.end_us)]
    days = [end / DAY_US for end in ends if end is not None]
    if len(days) < 4:
        return []
    whole_years = min(days[1] - days[0], days[3] - days[2]) >= YEAR_DAYS - SEASON_DAYS
    apart = [_within_year(days[2] - days[0]), _within_year(days[3] - days[1])]
    return [] if whole_years or max(apart) <= SEASON_DAYS else ["other-season"]


def _within_year(days: float) -> float:
    """Distance of two days in the calendar, whatever the year.

    >>> _within_year(370.25), _within_year(360.25)
    (5.0, 5.0)
    """
    return abs((days + YEAR_DAYS / 2) % YEAR_DAYS - YEAR_DAYS / 2)


def units_on_one_side(first: Basis, second: Basis) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Units that worked on enough cases of one side and on none of the other, by name."""
    seen = [_stays_per_unit(basis) for basis in (first, second)]
    least, names = first.constants.min_pool, first.holders
    only = [
        tuple(sorted(names[u] for u in np.flatnonzero((a >= least) & (b == 0))))
        for a, b in ((seen[0], seen[1]), (seen[1], seen[0]))
    ]
    return only[0], only[1]


def _stays_per_unit(basis: Basis) -> Ints:
    stays = basis.stays
    here = basis.in_period[stays.case]
    return np.bincount(stays.unit[here], minlength=len(basis.holders))
