"""Findings and the estimates they carry."""

from collections.abc import Mapping
from dataclasses import dataclass, field

KINDS = (
    "slow_link",
    "ping_pong",
    "misrouting",
    "bottleneck",
    "gap",
    "dead_end",
    "silo",
    "overload",
    "key_position",
    "smooth_link",
)

# facts that name units beside those of the place, and those of them that stand in an order
UNITS_NAMED = ("reached_units", "units", "usual_way")
UNITS_IN_ORDER = ("usual_way",)


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval, unrounded."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Finding:
    """A statement about the as-is situation with place, price, evidence and certainty.

    ``price`` is in customer waiting hours per month; it is None, with ``why``, where the log has
    no clock. ``where`` holds what narrows the place (``topic``). ``evidence`` holds plain JSON
    values; ``evidence["case_ids"]`` leads to the cases. ``n_people`` counts distinct people (no
    machines) who contributed, ``n_people_smallest_side`` those on the smaller side of a link; None
    where the log names no person. ``level`` says whether the places are units or persons.
    ``evidence_people`` counts the people behind facts that others than the place's stand behind:
    one number for each unit of a list, one for a number. It never leaves a protected workspace,
    where a unit that may not be named is None in such a list.
    """

    id: str
    kind: str
    level: str
    unit: str | None
    from_unit: str | None
    to_unit: str | None
    where: Mapping[str, str]
    price: Estimate | None
    n_cases: int
    n_people: int | None
    certainty: float
    n_people_smallest_side: int | None = None
    n_handovers: int = 0
    title: str = ""
    why: str | None = None
    held_back: str | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)
    evidence_people: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
