"""How well do two divisions of the same nodes agree?

Adjusted Rand index: Hubert & Arabie 1985. All are counted from the table of the pairs of labels,
in time and memory of the nodes. Method: docs/methods/network.md.
"""

import numpy as np

from leitweg.engine.arrays import Int64
from leitweg.engine.network_graph import Floats


def adjusted_rand(one: Int64, other: Int64) -> float:
    """Return the adjusted Rand index of two label columns: 1 alike, 0 as by chance.

    Two divisions that put all nodes together, or all apart, agree fully: 1. NaN below two nodes.

    Examples
    --------
    >>> round(adjusted_rand(np.array([0, 0, 1, 1]), np.array([5, 5, 5, 7])), 4)
    0.0
    >>> adjusted_rand(np.array([0, 0, 1]), np.array([1, 1, 0]))
    1.0
    """
    n = one.size
    if n < 2:
        return float("nan")
    together, of_one, of_other = _pairs(one, other)
    expected = of_one * of_other / (n * (n - 1) / 2)
    most = (of_one + of_other) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)


def pair_agreement(one: Int64, other: Int64) -> float:
    """Share of pairs that both put together, of those that either does; 1 where there is none."""
    together, of_one, of_other = _pairs(one, other)
    either = of_one + of_other - together
    return together / either if either else 1.0


def kept_companions(one: Int64, other: Int64) -> Floats:
    """Share of each node's companions in ``one`` that are with it in ``other``, too.

    NaN for a node alone.
    """
    cell, of_cell = _table(one, other)
    _, code, size = np.unique(one, return_inverse=True, return_counts=True)
    companions = size[code.reshape(-1)] - 1.0
    with np.errstate(invalid="ignore"):
        return np.asarray((of_cell[cell] - 1) / companions)


def _pairs(one: Int64, other: Int64) -> tuple[float, float, float]:
    """Pairs of nodes together in both, in the first, in the second."""
    sizes = (_table(one, other)[1], *(np.unique(x, return_counts=True)[1] for x in (one, other)))
    both, of_one, of_other = (float((n * (n - 1.0) / 2).sum()) for n in sizes)
    return both, of_one, of_other


def _table(one: Int64, other: Int64) -> tuple[Int64, Int64]:
    """Cell of each node in the table of the two labels, and the size of the cells."""
    if one.size == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    code_one = np.unique(one, return_inverse=True)[1].reshape(-1)
    values, code_other = np.unique(other, return_inverse=True)
    key = code_one * values.size + code_other.reshape(-1)
    _, cell, size = np.unique(key, return_inverse=True, return_counts=True)
    return cell.reshape(-1), size
