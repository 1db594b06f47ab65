"""Are absent links found, and only those? Counts drawn with and without missing links.

    python -m benchmarks.absent_links [--rounds 200] [--companies 10]

Part 1: matrices of counts from a gravity model with over-dispersion; in one half nothing is
missing, in the other three links of at least 30 expected transactions are. Prints how often a
probability falls below 0.05 where nothing is missing, the share of false ones among the links
found, and the share of the missing ones that is found. Part 2: invented companies with a gap in
one topic: how the counts of whole units scatter there, and what is found.
"""

import argparse

import numpy as np

from benchmarks.planted_truth import event_log_of
from leitweg.demo.company import generate
from leitweg.demo.standard import standard_company
from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.basis import basis_of
from leitweg.situation.expected_links import (
    FALSE_DISCOVERY_RATE,
    LEAST_TRANSACTIONS,
    ExpectedLinks,
    absent_links_of,
    expected_of,
    fewer_than_expected,
)

MISSING = 3
SHAPES = ((8, 0.0), (8, 0.3), (12, 0.1), (12, 0.5), (30, 0.1), (30, 0.3), (30, 1.0), (80, 0.3))


def counts_of(
    chance: np.random.Generator, n: int, spread: float, absent: int = 0
) -> tuple[Floats, Flags, Floats]:
    """Counts of a company whose pairs differ by chance, which lost their link, and a term."""
    possible = ~np.eye(n, dtype=bool)
    sender, receiver = chance.normal(0, 0.8, n), chance.normal(0, 0.8, n)
    x = chance.gamma(2.0, 1.0, (n, n))
    mean = np.exp(2.5 + sender[:, None] + receiver[None, :] + 0.5 * (x - 2))
    gamma = chance.gamma(1 / spread, spread, (n, n)) if spread else 1.0
    counts = chance.poisson(mean * gamma) * possible * 1.0
    lost = np.zeros((n, n), dtype=bool)
    if absent:
        strong = np.flatnonzero((mean > 30) & possible)
        lost.flat[chance.choice(strong, min(absent, strong.size), replace=False)] = True
    return np.where(lost, 0.0, counts), lost, x


def fitted(counts: Floats, x: Floats) -> tuple[Ints, ExpectedLinks]:
    """Fit the model to the units with enough transactions; return these and what it expects."""
    keep = (counts.sum(axis=1) >= LEAST_TRANSACTIONS) & (counts.sum(axis=0) >= LEAST_TRANSACTIONS)
    units = np.flatnonzero(keep)
    inside = np.ix_(units, units)
    return units, expected_of(units, units, counts[inside], {"near": x[inside]})


def outcome(n: int, spread: float, rounds: int, seed: int) -> tuple[float, float, float, float]:
    """Share of p <= 0.05, companies with any link found, false discovery rate, power."""
    chance = np.random.default_rng(seed)
    low, tests, alarms, false, found, planted = 0, 0, 0, [], 0, 0
    for _ in range(rounds):
        counts, _, x = counts_of(chance, n, spread)
        links = fitted(counts, x)[1]
        p = links.probabilities[np.isfinite(links.probabilities)]
        low, tests = low + int((p <= 0.05).sum()), tests + p.size
        alarms += bool(np.nanmin(links.q_values, initial=1.0) <= FALSE_DISCOVERY_RATE)
        counts, lost, x = counts_of(chance, n, spread, MISSING)
        units, links = fitted(counts, x)
        with np.errstate(invalid="ignore"):
            hit = links.q_values <= FALSE_DISCOVERY_RATE
        truth = lost[np.ix_(units, units)]
        false.append((hit & ~truth).sum() / max(hit.sum(), 1))
        found, planted = found + int((hit & truth).sum()), planted + int(truth.sum())
    return low / tests, alarms / rounds, float(np.mean(false)), found / max(planted, 1)


def company(seed: int, *, rough: bool) -> tuple[float, int, bool | None, int]:
    """Spread, pairs tested, whether the planted gap is found, and other links found."""
    plan = standard_company(seed, rough=rough, faults=("gap",))
    basis = basis_of(event_log_of(generate(plan)), level="unit", seed=0)
    expected = fewer_than_expected(basis)
    place = plan.faults[0]
    planted = f"U{place.from_unit:02d}", f"U{place.to_unit:02d}"
    q = expected.q_of(*(basis.holders.index(name) for name in planted))
    others = [x for x in absent_links_of(basis, expected) if (x.from_unit, x.to_unit) != planted]
    found = None if q is None else q <= FALSE_DISCOVERY_RATE
    return expected.spread, int(np.isfinite(expected.q_values).sum()), found, len(others)


def main() -> None:
    """Print both parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--companies", type=int, default=10)
    options = parser.parse_args()
    for n, spread in SHAPES:
        low, alarms, false, power = outcome(n, spread, options.rounds, seed=n)
        print(
            f"{n:3d} units, spread {spread:.1f}: p <= .05 in {low:.3f}; any link found where none "
            f"is missing {alarms:.3f}; false among found {false:.3f}; found of missing {power:.3f}"
        )
    for rough in (False, True):
        rows = [company(1000 + i, rough=rough) for i in range(options.companies)]
        print(
            f"{'rough' if rough else 'plain'} companies: spread "
            f"{np.median([r[0] for r in rows]):.2f}, pairs tested {np.median([r[1] for r in rows])}"
            f"; planted gap in one topic: found {sum(r[2] is True for r in rows)}, not found "
            f"{sum(r[2] is False for r in rows)}, not tested {sum(r[2] is None for r in rows)}; "
            f"other links {sum(r[3] for r in rows)}"
        )


if __name__ == "__main__":
    main()
