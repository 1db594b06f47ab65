"""Of the links that the cases need, how many are used? Socio-technical congruence.

Two units need each other where they work on the same cases, whether or not one ever hands over to
the other; the link is used where enough of these cases go directly between them.
Method: docs/methods/expected-links.md. Source: Cataldo, Wagstrom, Herbsleb & Carley 2006.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.domain.situation import Figure
from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import estimate, resampled_sums
from leitweg.situation.common_cases import case_pairs, members_of, n_case_pairs

LEAST_COMMON_CASES = 20
"""Two units with fewer cases in common do not need each other: it may be chance."""
LEAST_COMMON_SHARE = 0.05
"""Nor with a smaller share of the cases of that one of the two that has fewer."""
DIRECT_SHARE = 0.10
"""A link is used where at least this share of the common cases goes directly between the two."""

MOST_ROWS = 50_000_000
"""More rows of case and pair than this would take gigabytes: cases on which hundreds work."""

NAMES = ("socio_technical_congruence_share", "socio_technical_congruence_weighted_share")


@dataclass(frozen=True)
class Congruence:
    """The unordered pairs that need each other, in the sample and in each replicate.

    ``low`` and ``high`` are codes of holders; ``common`` and ``direct`` count cases, shape
    (replicates + 1, pairs); ``least`` is the number of common cases from which a pair is needed.
    """

    low: Ints
    high: Ints
    common: Floats
    direct: Floats
    least: Floats
    n_cases: int

    @property
    def required(self) -> Flags:
        """Which pairs need each other, per replicate."""
        return np.asarray(self.common >= self.least)

    @property
    def used(self) -> Flags:
        """Which of these have a direct link, per replicate."""
        return np.asarray(self.required & (self.direct >= DIRECT_SHARE * self.common))


def congruence_of(basis: Basis) -> Congruence:
    """Count common and direct cases of every pair that may need each other."""
    members = members_of(basis)
    pairs = case_pairs(basis, members)
    n = max(len(basis.holders), 1)
    keys, cell, common = np.unique(
        pairs.low * n + pairs.high, return_inverse=True, return_counts=True
    )
    of_holder = np.bincount(members[1], minlength=n)
    least = np.maximum(
        LEAST_COMMON_CASES,
        LEAST_COMMON_SHARE * np.minimum(of_holder[keys // n], of_holder[keys % n]),
    )
    # a pair with less than half of what it takes reaches it in next to no replicate
    near = common >= least / 2
    rows = near[cell.reshape(-1)]
    place = np.cumsum(near) - 1
    sums = resampled_sums(
        pairs.case[rows],
        place[cell.reshape(-1)[rows]],
        np.column_stack([np.ones(rows.sum()), pairs.direct[rows]]),
        int(near.sum()),
        seed=basis.seed,
        replicates=basis.constants.replicates,
    )
    needed = rows & (common >= least)[cell.reshape(-1)]
    return Congruence(
        keys[near] // n,
        keys[near] % n,
        sums[:, :, 0],
        sums[:, :, 1],
        least[near],
        int(np.unique(pairs.case[needed]).size),
    )


def congruence_figures(basis: Basis) -> tuple[Figure, ...]:
    """Return the share of needed pairs with a link, and the same weighted by their common cases."""
    if basis.answers:
        return _null("no-threads")
    if n_case_pairs(members_of(basis)) > MOST_ROWS:
        return _null("too-many-pairs")
    found = congruence_of(basis)
    if not found.required[0].any():
        return _null("too-few")
    weights = (np.ones_like(found.common), found.common)
    return tuple(_figure(name, found, weight) for name, weight in zip(NAMES, weights, strict=True))


def _figure(name: str, found: Congruence, weight: Floats) -> Figure:
    needed = (weight * found.required).sum(axis=1)
    used = (weight * found.used).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = estimate(used / needed)
    if value is None:
        return Figure(name, None, None, None, "share", 0, why="too-few")
    return Figure(name, value.value, value.low, value.high, "share", found.n_cases)


def _null(why: str) -> tuple[Figure, ...]:
    return tuple(Figure(name, None, None, None, "share", 0, why=why) for name in NAMES)
