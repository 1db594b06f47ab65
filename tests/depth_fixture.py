"""The hand-made company of `faces_fixture` in depth: causes, network, loads, and all kinds."""

from dataclasses import replace

import faces_fixture
from faces_fixture import LINKS, LONG, UNITS
from leitweg.domain.findings import Estimate, Finding
from leitweg.domain.network import AbsentLink, Network, NetworkEdge, NetworkFigure, NetworkUnit
from leitweg.domain.situation import CAUSES, Figure, LoadRow, ReleasedSituation

SHARES = (0.12, 0.33, 0.08, 0.4, 0.07)
"""Of the company's waiting, in the order of CAUSES."""

_UNIT_SHARES = {
    "Schadenprüfung": (0.05, 0.52, 0.1, 0.28, 0.05),
    "Tarife": (0.38, 0.2, 0.05, 0.32, 0.05),
    "IT-Service": (0.02, 0.2, 0.28, 0.4, 0.1),
    "Recht": (0.01, 0.1, 0.02, 0.77, 0.1),
}
_COMMUNITY = {
    "Vertrieb Süd": 2,
    "Vertrieb Nord": 2,
    "Tarife": 2,
    "Schadenprüfung": 3,
    "Recht": 3,
    LONG: 3,
}


def _causes(hours: float, shares: tuple[float, ...]) -> dict[str, float]:
    return {cause: hours * share for cause, share in zip(CAUSES, shares, strict=True)}


def _figures(*, estimated: bool) -> tuple[Figure, ...]:
    kept = tuple(f for f in faces_fixture.FIGURES if "batching" not in f.name)
    hours = _causes(5883.2, SHARES)
    told = "hours_per_month"
    names = {cause: f"waiting_hours_per_month_{cause}" for cause in CAUSES}
    guessed = {cause: f"waiting_hours_per_month_estimated_{cause}" for cause in CAUSES}
    known = guessed if estimated else names
    causes = tuple(
        Figure(known[c], hours[c], hours[c] * 0.93, hours[c] * 1.07, told, 7811) for c in CAUSES
    )
    missing = tuple(Figure(names[c], None, None, None, told, 0, why="no-started") for c in CAUSES)
    told = Figure("socio_technical_congruence_share", 0.62, 0.55, 0.68, "share", 8122, 205)
    return (*kept, told, *(missing if estimated else ()), *causes)


def _units():
    return tuple(
        replace(
            u,
            causes=_causes(u.waiting_hours_per_month.value, _UNIT_SHARES.get(u.unit, SHARES)),
        )
        if u.waiting_hours_per_month
        else u
        for u in UNITS
    )


def _links():
    return tuple(
        replace(x, causes=_causes(x.waiting_hours_per_month, SHARES))
        if x.waiting_hours_per_month
        else x
        for x in LINKS
    )


def _strength(unit: str, side: str) -> float:
    return float(sum(x.handovers or 0 for x in LINKS if getattr(x, side) == unit))


def _around(value: float) -> Estimate:
    return Estimate(value, value * 0.9, value * 1.1)


def _network_units() -> tuple[NetworkUnit, ...]:
    found = []
    for rank, row in enumerate(u for u in UNITS if not u.held_back):
        found.append(
            NetworkUnit(
                row.unit,
                row.people,
                _strength(row.unit, "from_unit"),
                _strength(row.unit, "to_unit"),
                _around(0.1 + 0.07 * rank),
                _around(0.5 + 0.03 * rank),
                _around(0.25 + 0.04 * rank),
                _around(5.0 - 0.3 * rank),
                _around(0.42 / (rank + 1)),
                {"coordinator": 2.0, "gatekeeper": 5.0, "liaison": 7.0 - rank},
                3 if rank < 6 else 2,
                row.unit == "Rechnungswesen",
                _COMMUNITY.get(row.unit, 1),
                0.94,
            )
        )
    return (*found, NetworkUnit("Vorstandsbüro", None, held_back="below-k"))


def _network_figures() -> tuple[NetworkFigure, ...]:
    return (
        NetworkFigure("e_i_index", Estimate(0.22, 0.19, 0.25), 0.41, -5.3, 205),
        NetworkFigure("reciprocity", Estimate(0.68, 0.61, 0.74), 0.55, 2.4, 205),
        NetworkFigure("communities", Estimate(3.0, 3.0, 4.0), None, None, 205),
        NetworkFigure("adjusted_rand", Estimate(0.31, 0.22, 0.4), 0.0, None, 205),
        NetworkFigure("communities_stability", Estimate(0.94, 0.9, 0.97), None, None, 205),
        NetworkFigure("density", Estimate(0.35, 0.31, 0.4), None, None, 205),
        NetworkFigure("isolates", None, why="too-few"),
    )


NETWORK = Network(
    "unit",
    "handovers",
    _network_figures(),
    _network_units(),
    (
        *(NetworkEdge(x.from_unit, x.to_unit, x.handovers, 9, 9) for x in LINKS if x.handovers),
        NetworkEdge("Vorstandsbüro", "Recht", None, held_back="below-k"),
    ),
    (
        AbsentLink("Vertrieb Nord", "Recht", 61.2, 0.0, 0.0004, 25, 9),
        AbsentLink("Tarife", "Schadenprüfung", 88.0, 12.0, 0.003, 14, 31),
        AbsentLink("Vorstandsbüro", "Tarife", None, None, None, held_back="below-k"),
    ),
)


def _load(unit: str, position: str | None, people: int, cases: int, hours: float, use: float):
    usage = Estimate(use, use - 0.05, use + 0.06)
    top = 0.22 if people >= 20 else None
    busy = max(0.0, round((use - 0.6) * 1.6, 2))
    return LoadRow(unit, position, people, cases, _around(hours), usage, busy, use * 40, top)


LOADS = (
    _load("Schadenprüfung", None, 31, 1208, 3900.0, 0.93),
    _load("Schadenprüfung", "Gutachten", 9, 402, 1210.0, 0.97),
    _load("Schadenprüfung", "Prüfung", 22, 806, 2690.0, 0.91),
    _load("Recht", None, 9, 322, 1010.0, 0.88),
    _load("Kundendienst", None, 34, 5210, 4010.0, 0.79),
    _load("Tarife", None, 14, 1322, 1420.0, 0.74),
    _load(LONG, None, 7, 301, 610.0, 0.66),
    _load("Einkauf", None, 12, 188, 700.0, 0.41),
    LoadRow("Vertrieb Süd", None, 28, 2105, None, None, None, 12.0, 0.17, why="no-calendar"),
    LoadRow("Vorstandsbüro", None, None, None, None, None, None, None, None, held_back="below-k"),
)

GAP = Finding(
    "gap-1",
    "gap",
    "unit",
    None,
    "Vertrieb Nord",
    "Recht",
    {"topic": "Vertrag"},
    Estimate(210.4, 150.2, 280.0),
    96,
    34,
    0.67,
    n_handovers=288,
    evidence={
        "cases": 96,
        "between_median": 2.0,
        "direct_share": 0.04,
        "usual_between": 0.0,
        "usual_way": ["Tarife", "Schadenprüfung"],
        "direct_waiting_hours": 21.0,
        "hours_against_usual": 160.0,
        "definitions": ["cases", "expected"],
        "definitions_asked": 3,
    },
)
EXPECTED_GAP = Finding(
    "gap-2",
    "gap",
    "unit",
    None,
    "Tarife",
    "Schadenprüfung",
    {},
    None,
    0,
    45,
    0.33,
    why="too-few",
    evidence={"definitions": ["expected"], "expected": 88.0, "observed": 12.0},
)
SILO = Finding(
    "silo-1",
    "silo",
    "unit",
    "Vertrieb Süd",
    None,
    None,
    {},
    Estimate(75.0, 31.0, 122.0),
    640,
    67,
    0.8,
    n_handovers=1300,
    evidence={
        "units": ["Tarife", "Vertrieb Nord", "Vertrieb Süd"],
        "cases_in_circles": 210,
        "cases_in_block": 640,
        "external_share": 0.28,
        "expected_external_share": 0.51,
        "z": -6.2,
        "handovers_inside_before_leaving": 2.4,
    },
)
OVERLOAD = Finding(
    "overload-1",
    "overload",
    "unit",
    "Recht",
    None,
    None,
    {},
    Estimate(140.0, 88.0, 201.0),
    322,
    9,
    0.85,
    n_handovers=350,
    evidence={
        "backlog_median": 31.0,
        "backlog_busy": 52.0,
        "slope_per_case": 0.021,
        "slope_low": 0.012,
        "slope_high": 0.03,
        "utilisation": 0.88,
        "busy_weeks_share": 0.45,
        "waiting_hours_calm": 24.0,
    },
)
KEY_POSITION = Finding(
    "key_position-1",
    "key_position",
    "unit",
    "Schadenprüfung",
    None,
    None,
    {"position": "Gutachten"},
    Estimate(64.0, 20.0, 130.0),
    402,
    9,
    0.7,
    evidence={
        "position": "Gutachten",
        "holders": 9,
        "customer_weight_share": 0.18,
        "reach_lost_share": 0.27,
        "scarce_skill": "Schadenbewertung",
        "scarce_skill_holders": 6,
        "broker_share": 0.31,
        "index": 4.2,
        "absence_share": 0.06,
        "hours_per_absent_day": 21.0,
    },
)
NO_ABSENCES = replace(
    KEY_POSITION,
    id="key_position-2",
    unit="Recht",
    where={"position": "Vertragsrecht"},
    price=None,
    why="no-absences",
    evidence={**KEY_POSITION.evidence, "position": "Vertragsrecht", "absence_share": None},
)
FOLLOWS_LOAD = replace(
    faces_fixture.FINDINGS[0],
    evidence={
        **faces_fixture.FINDINGS[0].evidence,
        "load_slope": 0.018,
        "utilisation": 0.93,
    },
)


def _findings() -> tuple[Finding, ...]:
    old = faces_fixture.FINDINGS
    costs = (*old[1:3], GAP, *old[3:4], OVERLOAD, SILO, *old[4:7], EXPECTED_GAP, old[7])
    return (FOLLOWS_LOAD, *costs, KEY_POSITION, NO_ABSENCES, old[8])


def in_depth() -> ReleasedSituation:
    """Everything of `faces_fixture.situation`, with causes, network, loads and all kinds."""
    return replace(
        faces_fixture.situation(),
        figures=_figures(estimated=False),
        units=_units(),
        links=_links(),
        findings=_findings(),
        network=NETWORK,
        loads=LOADS,
    )


def estimated() -> ReleasedSituation:
    """The same without a start of work: causes are estimates, of the company alone."""
    whole = replace(in_depth(), figures=_figures(estimated=True))
    units = tuple(replace(u, causes={}) for u in whole.units)
    return replace(whole, units=units, links=tuple(replace(x, causes={}) for x in whole.links))


def large_network(n: int, communities: int = 6) -> ReleasedSituation:
    """A network of many units, each linked to the next three of its community and to one other."""
    names = [f"Unit {i:03}" for i in range(n)]
    of = [i % communities + 1 if communities else None for i in range(n)]
    units = tuple(
        NetworkUnit(name, 9, 40.0 + i, 40.0 + i, community=of[i]) for i, name in enumerate(names)
    )
    step = communities or 1
    edges = [
        NetworkEdge(names[i], names[(i + step * j) % n], 30.0 - j, 9, 9)
        for i in range(n)
        for j in (1, 2, 3)
    ]
    edges += [NetworkEdge(names[i], names[(i + 1) % n], 5.0, 9, 9) for i in range(n)]
    return replace(in_depth(), network=Network("unit", "handovers", (), units, tuple(edges)))


def all_held_back() -> ReleasedSituation:
    """A protected log that names no people: neither causes nor network nor loads may leave."""
    reason = "people-unknown"
    loads = tuple(LoadRow(x.unit, x.position, *[None] * 7, held_back=reason) for x in LOADS)
    return replace(
        faces_fixture.all_held_back(),
        network=Network("unit", "handovers", why=reason),
        loads=loads,
    )


def hostile() -> ReleasedSituation:
    """Names that would run or draw if anything forgot to escape them."""
    bad, whole = "<script>alert(1)</script>", in_depth()
    net = whole.network

    def named(name):
        return bad if name == "Kundendienst" else name

    return replace(
        whole,
        profile="open",
        k=1,
        network=replace(
            net,
            units=tuple(replace(u, unit=named(u.unit)) for u in net.units),
            edges=tuple(
                replace(e, from_unit=named(e.from_unit), to_unit=named(e.to_unit))
                for e in net.edges
            ),
            absent_links=(AbsentLink(bad, "Recht", 61.2, 0.0, 0.0004, 25, 9),),
        ),
        units=tuple(replace(u, unit=named(u.unit)) for u in whole.units),
        loads=tuple(replace(x, unit=named(x.unit)) for x in whole.loads),
    )
