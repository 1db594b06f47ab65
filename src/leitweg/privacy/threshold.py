"""How many people must stand behind a value before it may leave? Five; of ties ten.

For what is about two sides the number holds on each of them. Method: docs/methods/privacy.md.
"""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from leitweg.domain.findings import Finding
from leitweg.domain.situation import NOTHING_REFUSED, Refused

K = 5
K_OF_TIES = 10
# with fewer people, a value at the end of its scale tells of each of them, and so does a tail
FEW = 20
# one code for everything that is held back for its numbers: the reason must not tell which
BELOW_K = "below-k"
PEOPLE_UNKNOWN = "people-unknown"
PERSON_LEVEL = "person-level"


class _MayBeHeld(Protocol):
    @property
    def held_back(self) -> str | None: ...


Row = TypeVar("Row", bound=_MayBeHeld)


def held_back(n_people: int | None, k: int, level: str = "unit") -> str | None:
    """Return the reason why a value stays inside, or None where it may leave.

    >>> held_back(4, 5), held_back(5, 5), held_back(None, 5)
    ('below-k', None, 'people-unknown')
    """
    if level == "person":
        return PERSON_LEVEL
    if n_people is None:
        return PEOPLE_UNKNOWN
    return BELOW_K if n_people < k else None


def sides_held_back(
    n_from: int | None, n_to: int | None, k: int, level: str = "unit"
) -> str | None:
    """Return why something about two sides stays inside, or None; both must be known."""
    sides = [n for n in (n_from, n_to) if n is not None]
    return held_back(min(sides) if len(sides) == 2 else None, k, level)


def finding_leaves(
    finding: Finding, profile: str, *, k: int = K, refused: Refused = NOTHING_REFUSED
) -> bool:
    """Whether a finding may leave: enough people on the smaller side of a place not refused."""
    if profile == "open":
        return True
    few = held_back(finding.n_people_smallest_side, k, finding.level) is not None
    return not (few or refused.everything or _is_refused(finding, refused))


def _is_refused(finding: Finding, refused: Refused) -> bool:
    places = {finding.unit, finding.from_unit, finding.to_unit}
    link = (finding.from_unit or "", finding.to_unit or "")
    return bool(places & refused.units) or link in refused.links


def edge_leaves(
    n_from: int | None,
    n_to: int | None,
    *,
    profile: str,
    from_ties: bool = False,
    times: int = 1,
) -> bool:
    """Whether an edge of the network may leave: enough people on each side, of ties ten.

    ``times`` says how often one person may have been counted.

    >>> edge_leaves(5, 4, profile="protected"), edge_leaves(5, 9, profile="protected")
    (False, True)
    """
    reason = sides_held_back(n_from, n_to, times * (K_OF_TIES if from_ties else K))
    return profile == "open" or reason is None


def held_last(rows: Iterable[Row], key: Callable[[Row], tuple[str, ...]]) -> tuple[Row, ...]:
    """Put what is held back last, by name: its place must not tell what it was."""
    told = list(rows)
    free = [row for row in told if row.held_back is None]
    return (*free, *sorted((row for row in told if row.held_back is not None), key=key))
