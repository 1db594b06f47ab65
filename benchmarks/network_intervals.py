"""Do the intervals of the network hold what they should? python -m benchmarks.network_intervals

An invented company of 48 people in 6 units is sampled again and again; counted is how often the
interval of a sample holds the mean value of samples of that size.
"""

import sys
from collections import defaultdict

import numpy as np
import numpy.typing as npt

from benchmarks.tables import markdown_table
from leitweg.domain.findings import Estimate
from leitweg.domain.network import Network
from leitweg.situation.network import network_of
from leitweg.situation.transaction_rows import Rows, Transactions

UNITS, PEOPLE_OF_A_UNIT, SAMPLES = 6, 8, 60
SIZES = (200, 1000, 4000)
COLUMNS = ("e_i_index", "reciprocity", "constraint", "effective_size", "betweenness")
Key = tuple[str, str]


def invented_company(seed: int = 5) -> npt.NDArray[np.float64]:
    """Return the probability of a transaction for each pair: uneven, more inside a unit."""
    rng = np.random.default_rng(seed)
    unit = np.repeat(np.arange(UNITS), PEOPLE_OF_A_UNIT)
    n, activity = unit.size, rng.gamma(1.0, 1.0, UNITS * PEOPLE_OF_A_UNIT)
    between = rng.gamma(0.5, 1.0, (UNITS, UNITS))[unit][:, unit]
    pairs = np.outer(activity, activity) * between * rng.gamma(0.3, 1.0, (n, n))
    pairs *= np.where(unit[:, None] == unit[None], 6.0, 1.0)
    np.fill_diagonal(pairs, 0.0)
    return np.asarray(pairs / pairs.sum())


def sampled(pairs: npt.NDArray[np.float64], size: int, seed: int) -> Transactions:
    """Draw cases of two transactions each."""
    n = len(pairs)
    drawn = np.random.default_rng(seed).choice(n * n, size, p=pairs.ravel())
    one, other, case = drawn // n, drawn % n, np.arange(size) // 2
    unit = np.arange(n) // PEOPLE_OF_A_UNIT
    rows = Rows(case, one, other, np.ones(size), one, other)
    across = Rows(case, unit[one], unit[other], np.ones(size), one, other)
    return Transactions(
        "handovers",
        tuple(str(i) for i in range(n)),
        unit,
        rows,
        tuple(f"Unit {i}" for i in range(UNITS)),
        np.full(UNITS, -1),
        np.full(UNITS, PEOPLE_OF_A_UNIT),
        across.only(unit[one] != unit[other]),
    )


def estimates_of(network: Network) -> list[tuple[Key, Estimate]]:
    """Return every estimate of the network, by figure and place."""
    found = [((f.name, "company"), f.value) for f in network.figures]
    found += [((name, u.unit), getattr(u, name)) for u in network.units for name in COLUMNS]
    return [(key, value) for key, value in found if value is not None]


def held(size: int) -> dict[Key, float]:
    """Share of the samples whose interval holds the mean, by figure, of the company and units."""
    pairs, values = invented_company(), defaultdict(list)
    for seed in range(SAMPLES):
        found = sampled(pairs, size, seed)
        network = network_of(found, persons=True, leaves=lambda _a, _b: True, seed=seed)
        for key, value in estimates_of(network):
            values[key].append((value.value, value.low, value.high))
    shares = defaultdict(list)
    for (name, place), rows in values.items():
        value, low, high = np.array(rows).T
        mean = value.mean()
        inside = (low - 1e-9 <= mean) & (mean <= high + 1e-9)
        shares[name, "company" if place == "company" else "unit"].append(inside.mean())
    return {key: float(np.mean(found)) for key, found in shares.items()}


def main() -> None:
    """Print one row per figure, one column per size of the sample."""
    columns = [held(size) for size in SIZES]
    rows = [
        [name, place, *(f"{column.get((name, place), float('nan')):.2f}" for column in columns)]
        for name, place in columns[-1]
    ]
    header = ["figure", "of", *(f"{size:,} transactions" for size in SIZES)]
    sys.stdout.write(markdown_table(header, rows) + "\n")


if __name__ == "__main__":
    main()
