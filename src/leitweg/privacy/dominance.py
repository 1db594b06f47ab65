"""Does a sum tell of one person, because that one makes most of it?

A sum is held back where one person makes more than half of it, or where the second could bound the
share of the first too closely: less than p = 15 % of the largest part is left beside the two (p %
rule, Willenborg & de Waal 2001). Method: docs/methods/privacy.md.
"""

from collections.abc import Iterable

from leitweg.domain.situation import Bearers

MOST = 0.5
P = 0.15


def dominated(sums: Iterable[Bearers]) -> bool:
    """Whether one person stands out in any of the sums.

    >>> dominated([Bearers(100.0, 40.0, 30.0)]), dominated([Bearers(100.0, 51.0, 9.0)])
    (False, True)
    >>> dominated([Bearers(100.0, 49.0, 48.0)])
    True
    """
    return any(_dominated(x) for x in sums)


def _dominated(x: Bearers) -> bool:
    rest = x.total - x.largest - x.second
    return x.total > 0 and (x.largest > MOST * x.total or rest < P * x.largest)
