"""Situations drawn at random, many of their groups smaller than the threshold."""

from hypothesis import strategies as st

from leitweg.domain.findings import KINDS, Estimate, Finding
from leitweg.domain.situation import Coverage, Figure, LinkRow, Period, Situation, UnitRow

NAMES = ("Abrechnung", "Einkauf", "Lager", "Recht", "Service", "Vertrieb")
PEOPLE = st.none() | st.integers(0, 9)
# every number that a released value may carry is recognisable: no two of them are alike
HOURS = st.floats(0.1, 9e5, allow_nan=False).map(lambda x: x + 1e6)


@st.composite
def estimates(draw):
    value = draw(HOURS)
    return Estimate(value, value - 10, value + 10)


@st.composite
def figures(draw):
    value = draw(HOURS)
    n_people = draw(PEOPLE)
    return Figure("cases", value, value - 1, value + 1, "count", 77, n_people)


@st.composite
def units(draw, name):
    return UnitRow(
        *(name, draw(PEOPLE), draw(st.integers(1, 99)), "front"),
        *(draw(HOURS) for _ in range(4)),
        draw(estimates()),
    )


@st.composite
def links(draw, pair):
    one, other = draw(PEOPLE), draw(PEOPLE)
    both = None if one is None or other is None else one + other
    return LinkRow(
        *pair,
        *(draw(st.integers(1, 99)), draw(st.integers(1, 99)), both),
        *(draw(HOURS) for _ in range(4)),
        n_people_from=one,
        n_people_to=other,
        causes={"batching": draw(HOURS)},
    )


@st.composite
def findings(draw, number, level):
    smallest = draw(PEOPLE)
    cases = [f"case-{number}-{i}" for i in range(3)]
    return Finding(
        id=f"f{number}",
        kind=draw(st.sampled_from(KINDS)),
        level=level,
        unit=draw(st.sampled_from(NAMES)),
        from_unit=None,
        to_unit=None,
        where={},
        price=draw(estimates()),
        n_cases=len(cases),
        n_people=None if smallest is None else smallest + draw(st.integers(0, 5)),
        n_people_smallest_side=smallest,
        certainty=0.9,
        evidence={"factor": draw(HOURS), "case_ids": cases},
    )


@st.composite
def situations(draw, profile):
    level = draw(st.sampled_from(["unit", "unit", "unit", "person"]))
    names = draw(st.permutations(NAMES))
    pairs = draw(st.permutations([(a, b) for a in NAMES[:3] for b in NAMES if a != b]))
    count = draw(st.integers(0, 5))
    people = draw(PEOPLE)
    return Situation(
        profile=profile,
        level=level,
        period=Period(0, 10, 1.0, "rule"),
        coverage=Coverage(5, 9, 0, people, 6, 0.0, 0.0, True, ()),
        figures=tuple(draw(figures()) for _ in range(2)),
        units=tuple(draw(units(name)) for name in names),
        links=tuple(draw(links(pair)) for pair in pairs[:5]),
        findings=tuple(draw(findings(number, level)) for number in range(count)),
        seed=3,
    )
