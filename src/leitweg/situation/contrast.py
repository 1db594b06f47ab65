"""Is a difference between two sets of cases more than chance? Intervals, tests, statements.

Both sides are drawn anew independently. Method: docs/methods/comparison.md.
Sources: Zou & Donner 2008 (intervals of a difference from the intervals of its parts); Benjamini &
Hochberg 1995 (many tests at once).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from leitweg.domain.comparison import Change
from leitweg.domain.findings import Estimate
from leitweg.situation.arrays import Floats
from leitweg.situation.bootstrap import estimate
from leitweg.situation.constants import Constants
from leitweg.situation.tails import normal_tail, passed

TOO_FEW = "too-few-cases"
# half the width of a 95 % interval in standard deviations
HALF_WIDTH = 1.959964


def unknown_change(why: str) -> Change:
    """Return a change of which nothing is known."""
    return Change(None, None, None, None, "not_tested", why=why)


def drawn_change(first: Floats, second: Floats, *, enough: bool) -> Change:
    """Return the change between two figures of which the replicates are known.

    Parameters
    ----------
    first, second
        Shape (replicates + 1,): the sample, then the replicates, independent of one another.
    enough
        Whether there are enough cases on both sides for a statement.
    """
    a, b = estimate(first), estimate(second)
    if a is None or b is None:
        return replace(unknown_change("no-cases"), first=a, second=b)
    step = second - first
    difference = estimate(step)
    change = Change(a, b, difference, _ratio(first, second), "too_few")
    if not enough:
        return replace(change, why=TOO_FEW)
    spread = step[1:][np.isfinite(step[1:])]
    return weighed(change, float(spread.std(ddof=1)) if spread.size > 1 else 0.0)


def enough_receipts(
    receipts: tuple[int, int], cases: tuple[float, float], constants: Constants
) -> bool:
    """Whether handovers at a place allow a statement on both sides.

    Few on one side are an answer where there would be many if nothing had changed; where few
    would be expected anyway, they are chance, and their spread is not known.
    """
    whole = sum(cases)
    expected = [sum(receipts) * n / whole for n in cases] if whole else [0.0]
    return min(expected) >= constants.min_statement


def wider_change(
    first: tuple[Floats, Floats], second: tuple[Floats, Floats], *, enough: bool
) -> Change:
    """Return the change with the wider interval: drawn by case or by day of pick-up.

    Forty cases that were taken from the pile on one morning are one event, not forty.
    """
    by_case, by_day = (
        drawn_change(a, b, enough=enough) for a, b in zip(first, second, strict=True)
    )
    if by_case.difference is None or by_day.difference is None:
        return by_case
    widths = [c.difference.high - c.difference.low for c in (by_case, by_day) if c.difference]
    return by_case if widths[0] >= widths[1] else by_day


def _ratio(first: Floats, second: Floats) -> Estimate | None:
    if not first[0] > 0:
        return None
    if (first <= 0).mean() > 0.01:
        # a denominator that vanishes now and then leaves the ratio without an upper limit
        return None
    with np.errstate(invalid="ignore", divide="ignore"):
        return estimate(np.where(first > 0, second / first, np.nan))


def estimated_change(first: Estimate, second: Estimate, *, enough: bool) -> Change:
    """Return the change between two independent estimates of which only intervals are known.

    The distances of value and limits add up like standard deviations (Zou & Donner 2008); the
    ratio is that of the logarithms.

    >>> estimated_change(Estimate(10, 7, 13), Estimate(20, 16, 24), enough=True).difference
    Estimate(value=10, low=5.0, high=15.0)
    """
    difference = _recovered(first, second)
    ratio = None
    if first.low > 0 and second.low > 0:
        logs = [
            Estimate(*(float(np.log(v)) for v in (e.value, e.low, e.high))) for e in (first, second)
        ]
        of_logs = _recovered(*logs)
        ratio = Estimate(*(float(np.exp(v)) for v in (of_logs.value, of_logs.low, of_logs.high)))
    change = Change(first, second, difference, ratio, "too_few")
    if not enough:
        return replace(change, why=TOO_FEW)
    return weighed(change, 0.0)


def _recovered(first: Estimate, second: Estimate) -> Estimate:
    value = second.value - first.value
    below = np.hypot(second.value - second.low, first.high - first.value)
    above = np.hypot(second.high - second.value, first.value - first.low)
    return Estimate(value, float(value - below), float(value + above))


def weighed(change: Change, deviation: float) -> Change:
    """Return the change with its two-sided p-value; no difference at all is none.

    The part of the interval towards zero stands for 1.96 standard deviations, so that test and
    interval agree also where the interval is lopsided; ``deviation`` where that part is empty.
    """
    difference = change.difference
    if difference is None:
        return change
    if difference.value == 0 == difference.high - difference.low:
        return replace(change, statement="no_change")
    inner = difference.low if difference.value > 0 else difference.high
    sure = abs(difference.value - inner) / HALF_WIDTH or deviation
    # every case of a side alike: what differs then differs surely
    z = abs(difference.value) / sure if sure > 0 else np.inf
    p_value = 2 * float(normal_tail(np.array([z]))[0])
    return replace(change, statement="no_change", p_value=min(p_value, 1.0))


def judged(changes: Sequence[Change], rate: float) -> list[Change]:
    """Say of each change of one family whether it is one.

    It is where the interval of the difference excludes zero and the test passes among all that
    were tested together, at this false discovery rate.
    """
    known = [i for i, c in enumerate(changes) if c.p_value is not None]
    p_values = np.array([changes[i].p_value for i in known], dtype=np.float64)
    out = list(changes)
    for i, is_one in zip(known, passed(p_values, rate), strict=True):
        if is_one and excludes_zero(out[i].difference):
            out[i] = replace(out[i], statement="changed")
    return out


def excludes_zero(difference: Estimate | None) -> bool:
    """Whether zero lies outside the interval.

    >>> excludes_zero(Estimate(2, 1, 3)), excludes_zero(Estimate(2, -1, 3)), excludes_zero(None)
    (True, False, False)
    """
    return difference is not None and (difference.low > 0 or difference.high < 0)
