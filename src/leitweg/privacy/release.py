"""The exit: what may leave a workspace. Nothing else builds a released value.

In a protected workspace nothing about fewer than k = 5 distinct contributing people leaves; for a
link that holds on each side. Suppression is the last act: nothing is joined to its result.
Method: docs/methods/privacy.md.
"""

import sys
from typing import overload

from leitweg.domain.comparison import Comparison, ReleasedComparison
from leitweg.domain.situation import NOTHING_REFUSED, Refused, ReleasedSituation, Situation
from leitweg.privacy.person_order import comparison_by_id, situation_by_id
from leitweg.privacy.release_comparison import protected_comparison
from leitweg.privacy.release_situation import protected_situation
from leitweg.privacy.threshold import K

# more people than any company has stand behind nothing
NEVER = sys.maxsize
NEITHER_REFUSED = (NOTHING_REFUSED, NOTHING_REFUSED)


@overload
def release(answer: Situation, *, k: int = ..., refused: Refused = ...) -> ReleasedSituation: ...


@overload
def release(
    answer: Comparison, *, k: int = ..., refused: tuple[Refused, Refused] = ...
) -> ReleasedComparison: ...


def release(
    answer: Situation | Comparison,
    *,
    k: int = K,
    refused: Refused | tuple[Refused, Refused] = NOTHING_REFUSED,
) -> ReleasedSituation | ReleasedComparison:
    """Return what may leave: in profile ``open`` everything, in ``protected`` what many bear.

    Parameters
    ----------
    answer
        What was computed, still with every number in it.
    k
        People who must stand behind a value, on each side of a link.
    refused
        Places that what was released before forbids; for a comparison one for each side. They are
        held back like those of too few people, with everything that would tell of them.
    """
    if isinstance(answer, Situation):
        return _situation(answer, k, _joined(refused))
    return _comparison(answer, k, _joined(refused))


def _joined(refused: Refused | tuple[Refused, Refused]) -> Refused:
    """Return what is refused on either side: what is hidden on one is hidden on both."""
    if isinstance(refused, Refused):
        return refused
    first, second = refused
    return Refused(
        first.everything or second.everything,
        first.units | second.units,
        first.links | second.links,
    )


def _situation(answer: Situation, k: int, refused: Refused) -> ReleasedSituation:
    protected = answer.profile == "protected"
    least = NEVER if refused.everything else k
    inner = protected_situation(answer, least, refused) if protected else situation_by_id(answer)
    return ReleasedSituation(
        profile=inner.profile,
        k=k if protected else 1,
        level=inner.level,
        period=inner.period,
        coverage=inner.coverage,
        figures=inner.figures,
        units=inner.units,
        links=inner.links,
        findings=inner.findings,
        notes=inner.notes,
        seed=inner.seed,
        network=inner.network,
        loads=inner.loads,
    )


def _comparison(answer: Comparison, k: int, refused: Refused) -> ReleasedComparison:
    protected = answer.profile == "protected"
    least = NEVER if refused.everything else k
    inner = protected_comparison(answer, least, refused) if protected else comparison_by_id(answer)
    return ReleasedComparison(
        profile=inner.profile,
        k=k if protected else 1,
        level=inner.level,
        kind=inner.kind,
        first=inner.first,
        second=inner.second,
        figures=inner.figures,
        units=inner.units,
        links=inner.links,
        findings=inner.findings,
        mix=inner.mix,
        units_only_first=inner.units_only_first,
        units_only_second=inner.units_only_second,
        tested=inner.tested,
        notes=inner.notes,
        seed=inner.seed,
    )
