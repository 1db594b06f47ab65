"""What changed between two sets of cases: the figures, as they are and with the same topics.

Method: docs/methods/comparison.md.
"""

from dataclasses import replace

import numpy as np

from leitweg.domain.comparison import Change, FigureChange
from leitweg.domain.findings import Estimate
from leitweg.domain.situation import Figure
from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import resampled_sums
from leitweg.situation.causes import Causes
from leitweg.situation.congruence import congruence_figures
from leitweg.situation.contrast import drawn_change, estimated_change, judged, unknown_change
from leitweg.situation.figures import measures_of
from leitweg.situation.measures import Measure, replicates_of
from leitweg.situation.topic_mix import CommonTopics

# how much came, what all bear, how one fares: read first
LEADING = ("waiting_hours_per_month", "waiting_hours_per_case")
NO_MIX = unknown_change("mix-not-for-this-figure")


def compared_figures(
    first: Basis, second: Basis, topics: CommonTopics, causes: Causes | None = None
) -> tuple[FigureChange, ...]:
    """Every figure that can change, on both sides; cases per month first.

    Tested together, and again together as if both sides had the same mix of topics.
    """
    others = {m.name: m for m in _measures(second, causes)}
    pairs = [(m, others[m.name]) for m in _measures(first, causes) if m.name in others]
    pairs.sort(key=lambda pair: pair[0].name not in LEADING)
    compared = [_compared(first, second, pair, topics) for pair in pairs]
    return _told(first, [_volume(first, second), *compared, *_congruence(first, second)])


def _congruence(first: Basis, second: Basis) -> list[FigureChange]:
    """Figures of which only intervals are known: their difference is put together from them."""
    rows = []
    for one, two in zip(congruence_figures(first), congruence_figures(second), strict=True):
        change = unknown_change(one.why or two.why or "no-cases")
        a, b = _estimate(one), _estimate(two)
        if a is not None and b is not None:
            least = first.constants.min_statement
            change = estimated_change(a, b, enough=min(one.n_cases, two.n_cases) >= least)
        n = (one.n_cases, two.n_cases)
        rows.append(FigureChange(one.name, one.unit_of_measure, *n, change, NO_MIX))
    return rows


def _estimate(figure: Figure) -> Estimate | None:
    if figure.value is None or figure.low is None or figure.high is None:
        return None
    return Estimate(figure.value, figure.low, figure.high)


def _told(first: Basis, rows: list[FigureChange]) -> tuple[FigureChange, ...]:
    rate = first.constants.false_discovery_rate
    plain = judged([row.change for row in rows], rate)
    mixed = judged([row.same_mix for row in rows], rate)
    return tuple(
        replace(row, change=a, same_mix=b) for row, a, b in zip(rows, plain, mixed, strict=True)
    )


def _volume(first: Basis, second: Basis) -> FigureChange:
    """Cases closed per month: the one figure that tells how much came, not how it went."""
    measures = [_closed_cases(basis) for basis in (first, second)]
    if not (np.isfinite(first.months) and np.isfinite(second.months)):
        why = first.no_rate or second.no_rate or "no-closed-case"
        one, two = (m.n_cases for m in measures)
        return FigureChange("cases_per_month", "count", one, two, unknown_change(why), NO_MIX)
    return _row(first, second, (measures[0], measures[1]), NO_MIX)


def _closed_cases(basis: Basis) -> Measure:
    cases = np.flatnonzero(basis.in_period)
    ones = np.ones(cases.size)
    return Measure("cases_per_month", "count", "per_month", cases, ones, ones)


def _measures(basis: Basis, causes: Causes | None) -> list[Measure]:
    """Measures of the figures; beside what accrues in a month stands what accrues in a case."""
    out = [_events(basis)]
    for measure in measures_of(basis, causes):
        out.append(measure)
        if measure.form == "per_month":
            name = measure.name.replace("per_month", "per_case")
            out.append(replace(measure, name=name, unit_of_measure="hours", form="ratio"))
    return out


def _events(basis: Basis) -> Measure:
    cases = np.flatnonzero(basis.in_period)
    events = np.diff(basis.log.offsets)[cases].astype(np.float64)
    return Measure("events_per_case", "count", "ratio", cases, events, np.ones(cases.size))


def _compared(
    first: Basis, second: Basis, pair: tuple[Measure, Measure], topics: CommonTopics
) -> FigureChange:
    same_mix = NO_MIX
    if pair[0].form == "ratio":
        same_mix = (
            _with_same_mix(first, second, pair, topics)
            if topics.why is None
            else unknown_change(topics.why)
        )
    return _row(first, second, pair, same_mix)


def _row(
    first: Basis, second: Basis, pair: tuple[Measure, Measure], same_mix: Change
) -> FigureChange:
    one, two = pair
    change = drawn_change(
        replicates_of(one, first), replicates_of(two, second), enough=_enough(first, *pair)
    )
    return FigureChange(one.name, one.unit_of_measure, one.n_cases, two.n_cases, change, same_mix)


def _enough(basis: Basis, one: Measure, two: Measure) -> bool:
    """Enough cases on both sides; for a share also enough that say yes, and that say no."""
    least = basis.constants.min_statement
    if min(one.n_cases, two.n_cases) < least:
        return False
    if one.unit_of_measure != "share":
        return True
    yes = float(one.above.sum() + two.above.sum())
    whole = float(one.below.sum() + two.below.sum())
    few = basis.constants.min_affected
    # none at all on both sides is an answer: nothing changed
    return yes in (0.0, whole) or min(yes, whole - yes) >= few


def _with_same_mix(
    first: Basis, second: Basis, pair: tuple[Measure, Measure], topics: CommonTopics
) -> Change:
    """Return the change if each topic had the same weight on both sides."""
    drawn = [_standardised(b, m, topics) for b, m in zip((first, second), pair, strict=True)]
    return drawn_change(drawn[0], drawn[1], enough=_enough(first, *pair))


def _standardised(basis: Basis, measure: Measure, topics: CommonTopics) -> Floats:
    """Figure per replicate with fixed weights of topics (direct standardisation).

    A topic that a replicate leaves without a case keeps no weight in it.
    """
    place: Ints = topics.place_of(basis.log.topic[measure.cases])
    known: Flags = place >= 0
    values = np.column_stack([measure.above, measure.below, np.ones(measure.n_cases)])
    sums = resampled_sums(
        measure.cases[known],
        place[known],
        values[known],
        len(topics.codes),
        seed=basis.seed,
        replicates=basis.constants.replicates,
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.nan_to_num(sums[:, :, :2] / sums[:, :, 2:])
        weighted = (means * topics.weights[None, :, None]).sum(axis=1)
        return np.asarray(weighted[:, 0] / weighted[:, 1])
