"""The exit for backtests: sums over many cases of enough people, and nothing about a contact.

Method: docs/methods/routing-answers.md.
"""

from collections.abc import Iterable
from dataclasses import fields, replace

from leitweg.domain.routing import Level
from leitweg.domain.routing_answers import BacktestSums, DriftMonth, ReleasedBacktest
from leitweg.privacy.eras import least_people
from leitweg.privacy.threshold import BELOW_K, K


def release_backtest(
    found: BacktestSums, *, resolvers: Iterable[str], k: int = K
) -> ReleasedBacktest:
    """Return what may leave of a backtest: in profile ``open`` everything.

    Parameters
    ----------
    resolvers
        Stored ids of the people who resolved the cases. Of fewer than ``k`` nothing is told.
    k
        Also the least number of cases of a month and of a bin.
    """
    if found.profile == "open":
        return _released(found)
    if least_people(resolvers) < k or found.n_test < k:
        return _released(_without_figures(found))
    return _released(
        replace(
            found,
            bins=tuple(b for b in found.bins if b.n >= k),
            drift=tuple(_month(month, found.level, k) for month in found.drift),
        )
    )


def _released(found: BacktestSums) -> ReleasedBacktest:
    return ReleasedBacktest(**{field.name: getattr(found, field.name) for field in fields(found)})


def _without_figures(found: BacktestSums) -> BacktestSums:
    return replace(
        found,
        figures=dict.fromkeys(found.figures),
        baselines={},
        curve=(),
        bins=(),
        drift=(),
        notes=(BELOW_K,),
    )


def _month(month: DriftMonth, level: Level, k: int) -> DriftMonth:
    if month.n < k:
        return DriftMonth(month.month, month.n, *(None,) * 7)
    return replace(month, load_gini=None) if level == "person" else month
