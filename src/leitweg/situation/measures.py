"""What is a figure made of? Values per case, and how they are put together in a replicate.

A figure, its interval and its change between two sets of cases stand on the same measure.
Method: docs/methods/figures.md, docs/methods/comparison.md.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from leitweg.situation.arrays import Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import resampled_quantiles, resampled_sums

Form = Literal["ratio", "per_month", "quantile"]


@dataclass(frozen=True)
class Measure:
    """Values per case behind one figure.

    ``cases`` are the positions of the cases; ``above`` and ``below`` the values per case, shape
    (cases,): a ``ratio`` is the sum of the ones by that of the others, ``per_month`` the sum of
    ``above`` by the months, a ``quantile`` that of ``above``.
    """

    name: str
    unit_of_measure: str
    form: Form
    cases: Ints
    above: Floats
    below: Floats
    quantile: float = 0.5

    @property
    def n_cases(self) -> int:
        """Number of cases behind the figure."""
        return int(self.cases.size)


def replicates_of(measure: Measure, basis: Basis) -> Floats:
    """Value of a figure in the sample (position 0) and in each replicate."""
    drawn = {"seed": basis.seed, "replicates": basis.constants.replicates}
    if measure.form == "quantile":
        return np.asarray(quantile_replicates(measure, (measure.quantile,), basis)[:, 0])
    cells = np.zeros(measure.n_cases, dtype=np.int64)
    if measure.form == "per_month":
        sums = resampled_sums(measure.cases, cells, measure.above[:, None], 1, **drawn)
        return np.asarray(basis.per_month(1.0) * sums[:, 0, 0])
    values = np.column_stack([measure.above, measure.below])
    sums = resampled_sums(measure.cases, cells, values, 1, **drawn)[:, 0, :]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sums[:, 0] / sums[:, 1])


def quantile_replicates(measure: Measure, shares: tuple[float, ...], basis: Basis) -> Floats:
    """Several quantiles of a measure at once, shape (replicates + 1, shares)."""
    return resampled_quantiles(
        measure.cases,
        measure.above,
        shares,
        seed=basis.seed,
        replicates=basis.constants.replicates,
    )
