"""The exit of a protected workspace: what is about fewer than five people stays inside."""

import dataclasses
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_situations import situations

from leitweg.domain.situation import (
    OTHERS,
    Coverage,
    Figure,
    LinkRow,
    Period,
    Situation,
    UnitRow,
)
from leitweg.privacy.release import release
from leitweg.privacy.release_figures import _figure
from leitweg.privacy.threshold import K, held_back


def numbers(value: object) -> Iterator[float]:
    """Every number in a value, however deep."""
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from numbers(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from numbers(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from numbers(inner)


def test_the_search_for_numbers_sees_them():
    row = LinkRow("a", "b", 1, 2, 3, 4.5, None, None, None, causes={"x": 6.5})
    assert list(numbers((row, {"case": [7]}))) == [1, 2, 3, 4.5, 6.5, 7]


@settings(max_examples=50, deadline=None)
@given(situations("protected"))
def test_nothing_about_fewer_than_five_people_keeps_a_number(situation: Situation):
    released = release(situation)
    assert (released.profile, released.k) == ("protected", K)
    for before, after in zip(situation.figures, released.figures, strict=True):
        if before.n_people is None or before.n_people < K:
            assert set(numbers(after)) <= {0}
            assert after.held_back
        else:
            assert after == before
    people = {row.unit: row.people for row in situation.units}
    for row in released.units:
        few = people[row.unit] is None or people[row.unit] < K
        assert (row.held_back is not None) == (few or situation.level == "person")
        assert row.held_back is None or (row.stage, list(numbers(row))) == (None, [])
    # a link stands with its name where both units may, and enough people on each side; that there
    # are others is said in one row, but not between whom
    named = {
        (x.from_unit, x.to_unit)
        for x in situation.links
        if min(x.n_people_from or 0, x.n_people_to or 0, *(people[u] or 0 for u in ends(x))) >= K
        and situation.level == "unit"
    }
    assert {ends(x) for x in released.links if x.held_back is None} == named
    held = [x for x in released.links if x.held_back is not None]
    hidden = situation.level == "unit" and len(named) < len(situation.links)
    assert [ends(x) for x in held] == [(OTHERS, OTHERS)] * hidden
    assert list(numbers(held)) == []
    assert released.coverage.people is None or released.coverage.people >= K


@settings(max_examples=50, deadline=None)
@given(situations("protected"))
def test_findings_about_few_people_are_counted_and_nothing_more(situation: Situation):
    released = release(situation)
    free = [
        f
        for f in situation.findings
        if situation.level == "unit" and (f.n_people_smallest_side or 0) >= K
    ]
    assert [f.id for f in released.findings] == [f.id for f in free]
    held = len(situation.findings) - len(free)
    assert released.notes == (("findings-held-back",) if held else ())
    for before, after in zip(free, released.findings, strict=True):
        assert after.evidence == {"factor": before.evidence["factor"]}
        assert (after.price, after.n_cases) == (before.price, before.n_cases)
    assert "case-" not in repr(released)


@settings(max_examples=30, deadline=None)
@given(situations("protected"), st.randoms())
def test_the_order_of_held_back_rows_tells_nothing(situation: Situation, chance):
    """Whatever place a row had by its hidden numbers, it stands last, by its name."""
    units, links = list(situation.units), list(situation.links)
    chance.shuffle(units)
    chance.shuffle(links)
    shuffled = dataclasses.replace(situation, units=tuple(units), links=tuple(links))
    one, other = release(situation), release(shuffled)
    for rows in ("units", "links"):
        held, again = (
            [row for row in getattr(r, rows) if row.held_back is not None] for r in (one, other)
        )
        assert held == again
        assert [row.held_back is not None for row in getattr(one, rows)] == sorted(
            row.held_back is not None for row in getattr(one, rows)
        )
    free = [row.unit for row in situation.units if row.unit in _free(one.units)]
    assert [row.unit for row in one.units if row.held_back is None] == free


def ends(link: LinkRow) -> tuple[str, str]:
    return link.from_unit, link.to_unit


def _free(rows: tuple[UnitRow, ...]) -> set[str]:
    return {row.unit for row in rows if row.held_back is None}


@settings(max_examples=20, deadline=None)
@given(situations("open"))
def test_an_open_workspace_shows_everything(situation: Situation):
    released = release(situation)
    assert released.k == 1
    for field in dataclasses.fields(released):
        # rows about persons stand in the order of their names
        if field.name != "k" and situation.level == "unit":
            assert getattr(released, field.name) == getattr(situation, field.name)


@settings(max_examples=20, deadline=None)
@given(situations("protected"), st.integers(2, 12))
def test_the_threshold_can_be_raised(situation: Situation, k: int):
    released = release(situation, k=k)
    assert released.k == k
    for row in released.units:
        assert row.held_back is not None or row.people >= k


@pytest.mark.parametrize(
    ("n_people", "level", "reason"),
    [
        (0, "unit", "below-k"),
        (4, "unit", "below-k"),
        (5, "unit", None),
        (None, "unit", "people-unknown"),
        (99, "person", "person-level"),
    ],
)
def test_why_a_value_stays_inside(n_people, level, reason):
    assert held_back(n_people, 5, level) == reason


def test_a_link_is_as_small_as_its_smaller_side():
    link = LinkRow("a", "b", 9, 9, 13, 1.0, 1.0, 1.0, 1.0, n_people_from=9, n_people_to=4)
    situation = Situation(
        *("protected", "unit", Period(0, 1, 1.0, "rule")),
        Coverage(1, 1, 0, 13, 2, 0.0, 0.0, True, ()),
        *((), (), (link,), ()),
    )
    (held,) = release(situation).links
    assert held == LinkRow(OTHERS, OTHERS, *[None] * 7, held_back="below-k")


@pytest.mark.parametrize(
    ("unit_of_measure", "value", "low", "leaves"),
    [
        ("count", 4.0, None, False),
        ("count", 5.0, None, True),
        ("count", 0.0, None, True),
        ("share", 0.04, 0.01, False),
        ("share", 0.05, 0.01, True),
        ("hours", 1.5, 1.0, True),
    ],
)
def test_a_figure_of_fewer_than_five_cases_is_about_its_people(unit_of_measure, value, low, leaves):
    figure = Figure("open_cases", value, low, low, unit_of_measure, 100, n_people=50)
    released = _figure(figure, 5)
    assert (released.value is not None) is leaves
    assert (released.held_back is None) is leaves
