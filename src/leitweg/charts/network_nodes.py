"""What the picture of a network shows: units, or their communities where there are too many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leitweg.domain.network import Network, NetworkUnit

MOST_NODES = 40
MOST_PERSONS = 80
MOST_LINES = 130
MOST_LINES_OF_PERSONS = 320
STRONGEST_EACH = 2


@dataclass(frozen=True)
class Node:
    """One circle.

    ``members`` is how many units it stands for, ``key`` sorts it, ``unit`` is its name or that of
    its largest member. ``held_back`` marks the circle of all units that the door holds back.
    """

    key: str
    unit: str
    members: int
    strength: float
    community: int | None
    articulation_point: bool = False
    held_back: bool = False


@dataclass(frozen=True)
class Line:
    """What passes between two circles, both ways together; None where it is held back."""

    a: str
    b: str
    weight: float | None


@dataclass(frozen=True)
class Drawing:
    """The circles and lines of a picture, and how much of the network they leave out.

    ``by_community`` where a circle is a community; ``units_left_out`` and ``lines_left_out``
    count what is not drawn.
    """

    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    by_community: bool
    units_left_out: int
    lines_left_out: int


HELD_BACK = "\x00held back"


def drawing_of(network: Network) -> Drawing:
    """Choose what to draw: all units up to 40, else the 40 strongest, else their communities.

    Of more units the 40 strongest are drawn where at least half of everything passes through
    them: names tell more than groups. Otherwise a circle is a community.
    """
    free = sorted(
        (u for u in network.units if u.held_back is None), key=lambda u: (-_strength(u), u.unit)
    )
    held = {u.unit for u in network.units} - {u.unit for u in free}
    of_persons = network.nodes == "person"
    most = MOST_PERSONS if of_persons else MOST_NODES
    by_community = _rather_communities(free, most)
    if by_community:
        shown = [u for u in free if u.community is not None]
        key_of = {u.unit: f"community {u.community:06d}" for u in shown}
        nodes = _communities(shown)
    else:
        shown = free[:most]
        key_of = {u.unit: u.unit for u in shown}
        nodes = [_node(u) for u in shown]
    if held:
        key_of |= dict.fromkeys(held, HELD_BACK)
        nodes.append(Node(HELD_BACK, "", len(held), 0.0, None, held_back=True))
    lines = _lines(network, key_of)
    kept = _kept(lines, MOST_LINES_OF_PERSONS if of_persons else MOST_LINES)
    left = len(free) - len(shown)
    return Drawing(
        tuple(sorted(nodes, key=lambda n: n.key)),
        tuple(kept),
        by_community,
        left,
        len(lines) - len(kept),
    )


def _rather_communities(units: Sequence[NetworkUnit], most: int) -> bool:
    """Say whether communities show more than the strongest units, which come first."""
    total = sum(_strength(u) for u in units)
    told = sum(_strength(u) for u in units[:most])
    groups = {u.community for u in units} - {None}
    return len(units) > most and told < total / 2 and 3 <= len(groups) <= MOST_NODES


def _strength(unit: NetworkUnit) -> float:
    return (unit.strength_in or 0.0) + (unit.strength_out or 0.0)


def _node(unit: NetworkUnit) -> Node:
    cut = bool(unit.articulation_point)
    return Node(unit.unit, unit.unit, 1, _strength(unit), unit.community, cut)


def _communities(units: Sequence[NetworkUnit]) -> list[Node]:
    members: dict[int, list[NetworkUnit]] = {}
    for unit in units:
        members.setdefault(unit.community or 0, []).append(unit)
    nodes = []
    for community, found in members.items():
        largest = min(found, key=lambda u: (-_strength(u), u.unit))
        strength = sum(_strength(u) for u in found)
        key = f"community {community:06d}"
        nodes.append(Node(key, largest.unit, len(found), strength, community))
    return nodes


def _lines(network: Network, key_of: Mapping[str, str]) -> list[Line]:
    """Return the lines between circles, both directions added, the strongest first."""
    weights: dict[tuple[str, str], float | None] = {}
    for edge in network.edges:
        a, b = key_of.get(edge.from_unit), key_of.get(edge.to_unit)
        if a is None or b is None or a == b:
            continue
        pair = (min(a, b), max(a, b))
        known = weights.get(pair)
        if edge.weight is None or edge.held_back:
            weights.setdefault(pair, None)
        else:
            weights[pair] = (known or 0.0) + edge.weight
    lines = [Line(a, b, weight) for (a, b), weight in weights.items()]
    return sorted(lines, key=lambda x: (-(x.weight or 0.0), x.a, x.b))


def _kept(lines: Sequence[Line], most: int) -> list[Line]:
    """Keep the strongest lines, and of every circle its strongest, so that none hangs loose."""
    if len(lines) <= most:
        return list(lines)
    seen: dict[str, int] = {}
    own = set()
    for line in lines:
        if min(seen.get(line.a, 0), seen.get(line.b, 0)) < STRONGEST_EACH:
            own.add((line.a, line.b))
        for end in (line.a, line.b):
            seen[end] = seen.get(end, 0) + 1
    room = most - len(own)
    kept = []
    for line in lines:
        if (line.a, line.b) in own:
            kept.append(line)
        elif room > 0:
            kept.append(line)
            room -= 1
    return kept
