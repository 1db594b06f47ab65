"""The network of units: who hands over to whom, and what that makes of the company."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from leitweg.domain.findings import Estimate


@dataclass(frozen=True)
class NetworkFigure:
    """One figure of the whole network.

    ``expected`` is what chance alone would give and ``z`` how many standard deviations the value
    lies from it, where there is a null model; ``n_people`` counts the people behind it. What
    cannot be said has ``why``.
    """

    name: str
    value: Estimate | None
    expected: float | None = None
    z: float | None = None
    n_people: int | None = None
    why: str | None = None
    held_back: str | None = None


@dataclass(frozen=True)
class NetworkUnit:
    """One node: a unit, in an open log without units a person.

    Strengths are transactions to and from other nodes in the period. ``brokerage`` counts open
    two-paths through it per role (Gould & Fernandez 1989). ``community`` is numbered from 1 by
    size; ``community_stability`` is the share of the draws in which its companions stay with it.
    """

    unit: str
    people: int | None
    strength_out: float | None = None
    strength_in: float | None = None
    e_i_index: Estimate | None = None
    reciprocity: Estimate | None = None
    constraint: Estimate | None = None
    effective_size: Estimate | None = None
    betweenness: Estimate | None = None
    brokerage: Mapping[str, float] = field(default_factory=dict)
    core: int | None = None
    articulation_point: bool | None = None
    community: int | None = None
    community_stability: float | None = None
    why: str | None = None
    held_back: str | None = None


@dataclass(frozen=True)
class NetworkEdge:
    """One directed edge between two nodes; ``weight`` counts transactions (or sums ties)."""

    from_unit: str
    to_unit: str
    weight: float | None
    n_people_from: int | None = None
    n_people_to: int | None = None
    held_back: str | None = None


@dataclass(frozen=True)
class AbsentLink:
    """A pair of units with fewer transactions than the gravity model expects of them.

    ``expected`` per period, ``observed`` likewise; ``q_value`` after Benjamini-Hochberg over all
    pairs (lower tail).
    """

    from_unit: str
    to_unit: str
    expected: float | None
    observed: float | None
    q_value: float | None
    n_people_from: int | None = None
    n_people_to: int | None = None
    held_back: str | None = None


@dataclass(frozen=True)
class Network:
    """The network as measured.

    ``nodes`` says what a node of ``units`` is (``unit`` or ``person``), ``weight`` what is
    counted (``handovers``, ``messages`` or the relation of the ties). Isolates are kept.
    ``why`` says why there is none. ``from_ties``: the edges are ties from a survey or another
    system, about which more people must stand together before anything leaves.
    """

    nodes: str
    weight: str
    figures: tuple[NetworkFigure, ...] = ()
    units: tuple[NetworkUnit, ...] = ()
    edges: tuple[NetworkEdge, ...] = ()
    absent_links: tuple[AbsentLink, ...] = ()
    why: str | None = None
    from_ties: bool = False
