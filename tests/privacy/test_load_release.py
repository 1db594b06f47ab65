"""Loads that leave a protected workspace: no sum of them tells of fewer than five people."""

from hypothesis import given
from hypothesis import strategies as st

from leitweg.domain.findings import Estimate
from leitweg.domain.situation import Coverage, LoadRow, Period, Situation
from leitweg.privacy.release import release
from leitweg.privacy.threshold import K


def released(loads, profile="protected", level="unit"):
    period, coverage = Period(0, 1, 1.0, ""), Coverage(9, 9, 0, 99, 9, 0.0, 0.0, True, ())
    situation = Situation(profile, level, period, coverage, (), (), (), (), loads=tuple(loads))
    return release(situation).loads


def row(unit, position, people):
    worked = Estimate(people * 1.0, 0.0, 99.0)
    return LoadRow(unit, position, people, 50, worked, None, 0.1, None, None)


@st.composite
def units(draw):
    """Units with positions, and some people without one."""
    rows = []
    for unit in ("A", "B"):
        sizes = draw(st.lists(st.integers(1, 9), max_size=5))
        rows.append(row(unit, None, sum(sizes) + draw(st.integers(0, 7))))
        rows += [row(unit, f"P{i}", n) for i, n in enumerate(sizes)]
    return draw(st.permutations(rows))


@given(units())
def test_a_unit_less_its_positions_is_about_nobody_or_about_enough(rows):
    found = released(rows)
    assert {(x.unit, x.position) for x in found} == {(x.unit, x.position) for x in rows}
    for unit in [x for x in found if x.position is None and x.held_back is None]:
        beside = [x for x in found if x.unit == unit.unit and x.position and not x.held_back]
        rest = unit.people - sum(x.people for x in beside)
        assert rest == 0 or rest >= K
    for x in found:
        assert x.held_back or x.people >= K
        assert x.held_back is None or x == LoadRow(
            x.unit, x.position, *(None,) * 7, held_back="below-k"
        )


@given(units())
def test_no_more_is_held_back_than_that_takes(rows):
    """Where no position is about few and nobody is without one, all of them leave."""
    enough = [x for x in rows if x.position is None or x.people >= K]
    sums = {u: sum(x.people for x in enough if x.unit == u and x.position) for u in "AB"}
    whole = [row(u, None, n) for u, n in sums.items() if n] + [x for x in enough if x.position]
    assert not any(x.held_back for x in released(whole))


def test_a_smaller_position_goes_first():
    found = released([row("A", None, 24), row("A", "P", 8), row("A", "Q", 13), row("A", "R", 3)])
    assert {x.position: x.held_back for x in found} == {
        **{None: None, "Q": None, "P": "below-k", "R": "below-k"}
    }


def test_an_open_workspace_shows_all_loads():
    rows = [row("A", None, 3), row("A", "P", 1)]
    assert released(rows, "open") == tuple(rows)
