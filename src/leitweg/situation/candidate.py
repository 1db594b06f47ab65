"""What a question hands on before attribution: a place, its price, and which time it would save."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from leitweg.domain.findings import Estimate
from leitweg.situation.arrays import Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import wider
from leitweg.situation.constants import DAY_US, HOUR_US, MISSING


@dataclass(frozen=True)
class Candidate:
    """One place with its price.

    ``stays`` are positions in `Basis.stays`; without the fault, the share ``wait_saved`` of the
    wait before each of them and the share ``stay_saved`` of the time from its start of work to
    the start of work in the next stay but for that wait would not have occurred. ``topics`` are
    codes, empty where the place is not narrowed by topic. ``where`` narrows it by something else;
    ``why`` says why it has no price. ``people`` are those whom the place is about (codes of
    persons), where they are fewer than those who worked in the stays; ``fact_people`` counts those
    behind a fact that is about others.
    """

    kind: str
    unit: int
    from_unit: int
    to_unit: int
    topics: tuple[int, ...]
    price: Estimate | None
    stays: Ints
    wait_saved: Floats
    stay_saved: Floats
    certainty: float
    n_handovers: int
    evidence: Mapping[str, object] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)
    why: str | None = None
    people: Ints | None = None
    fact_people: Mapping[str, int] = field(default_factory=dict)


def stay_hours(basis: Basis) -> Floats:
    """Hours from the start of work to the handover out of a stay, or to its end where it is last.

    Zero for a stay in which nobody worked: all of it is waiting.
    """
    stays = basis.stays
    last = stays.following < 0
    out = np.where(last, stays.left_us, stays.enter_us[np.maximum(stays.following, 0)])
    return np.where(stays.worked, np.maximum(out - stays.start_us, 0), 0) / HOUR_US


def busiest_day(basis: Basis, stays: Ints, hours: Floats) -> tuple[str, float]:
    """Day (ISO) on which most of the hours end, and the share of the hours it holds."""
    total = float(hours.sum())
    if stays.size == 0 or total <= 0:
        return "", 0.0
    days, inverse = np.unique(basis.stays.day[stays], return_inverse=True)
    per_day = np.bincount(inverse, weights=hours)
    top = int(per_day.argmax())
    date = np.datetime64(int(days[top]) * DAY_US, "us").astype("datetime64[D]")
    return str(date), float(per_day[top]) / total


def without_longest(hours: Floats) -> float:
    """Sum of the hours without the longest one per cent."""
    if hours.size == 0:
        return 0.0
    return float(np.sort(hours)[: hours.size - max(1, round(hours.size / 100))].sum())


def decided(by_case: Estimate | None, by_day: Estimate | None, *, backlog: bool) -> Estimate | None:
    """Return the wider of the two intervals, or None where the place is no finding.

    It is one where the lower limit is above zero. A backlog that was cleared on one day hangs on
    that day by its nature: there the cases decide, and the wider interval is still shown.
    """
    shown = wider(by_case, by_day)
    judge = by_case if backlog else shown
    return shown if judge is not None and judge.low > 0 else None


def stability(basis: Basis, stays: Ints, excess: Floats) -> float:
    """Share of the months (of those with at least five handovers here) in which the sign holds."""
    month = ((basis.stays.start_us[stays] - (basis.period.start_us or 0)) // (30 * DAY_US)).astype(
        np.int64
    )
    month -= month.min(initial=0)
    count = np.bincount(month)
    total = np.bincount(month, weights=excess)
    enough = count >= 5
    return float((total[enough] > 0).mean()) if enough.any() else 1.0


def support(basis: Basis, n_handovers: int) -> float:
    """Half the certainty below the number of handovers that one would act on."""
    return 1.0 if n_handovers >= basis.constants.min_statement else 0.5


def least_price(basis: Basis) -> float:
    """Hours per month below which a place is left out: a small share of all waiting."""
    waiting = basis.accounts.waiting_us[basis.in_period]
    hours = float((waiting[waiting != MISSING] / HOUR_US).sum())
    return basis.constants.smallest_share * basis.per_month(hours)
