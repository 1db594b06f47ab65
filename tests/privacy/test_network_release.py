"""What leaves of a network in a protected workspace: nothing about few, and nothing derived."""

from dataclasses import replace
from functools import partial

import pytest
from hand_logs import loader
from hypothesis import given, settings
from hypothesis import strategies as st

from leitweg.domain.findings import Estimate
from leitweg.domain.network import AbsentLink, Network, NetworkEdge, NetworkFigure, NetworkUnit
from leitweg.domain.situation import Coverage, Period, Situation
from leitweg.engine.network_tables import Members
from leitweg.privacy.release import release
from leitweg.privacy.threshold import K_OF_TIES, K, edge_leaves
from leitweg.situation.basis import basis_of
from leitweg.situation.network import network_of
from leitweg.situation.transactions import transactions_of_cases

NAMES = ("A", "B", "C", "D", "E")
PEOPLE = st.none() | st.integers(0, 14)
COVERAGE = Coverage(9, 9, 0, 99, 5, 0.0, 0.0, True, ())
VALUE = Estimate(0.5, 0.25, 0.75)


def released(network, profile="protected"):
    period = Period(None, None, None, "")
    situation = Situation(profile, "unit", period, COVERAGE, (), (), (), (), network=network)
    return release(situation).network


@st.composite
def networks(draw):
    units = tuple(
        NetworkUnit(name, draw(PEOPLE), 7.0, 8.0, VALUE, VALUE, VALUE, VALUE, VALUE, {"liaison": 3})
        for name in draw(st.permutations(NAMES))
    )
    pairs = draw(st.permutations([(a, b) for a in NAMES for b in NAMES if a != b]))[:8]
    edges = tuple(NetworkEdge(a, b, 5.0, draw(PEOPLE), draw(PEOPLE)) for a, b in pairs)
    absent = tuple(AbsentLink(a, b, 9.0, 1.0, 0.01, draw(PEOPLE), draw(PEOPLE)) for a, b in pairs)
    figures = tuple(
        NetworkFigure(name, VALUE, 0.1, -3.0, draw(PEOPLE)) for name in ("e_i_index", "isolates")
    )
    nodes = draw(st.sampled_from(["unit", "unit", "person"]))
    return Network(
        *(nodes, "handovers", figures, units, edges, absent), from_ties=draw(st.booleans())
    )


@settings(max_examples=300, deadline=None)
@given(networks())
def test_nothing_about_fewer_than_k_people_leaves(network):
    found = released(network)
    k = K_OF_TIES if network.from_ties else K
    if network.nodes == "person":
        assert (found.units, found.edges, found.absent_links) == ((), (), ())
        assert found.why == "person-level"
    for row in found.units:
        if row.held_back is None:
            assert row.people >= k
        else:
            assert row == NetworkUnit(row.unit, None, held_back=row.held_back)
    for row in found.edges:
        if row.held_back is None:
            assert min(row.n_people_from, row.n_people_to) >= k
        else:
            assert replace(row, held_back=None) == NetworkEdge(row.from_unit, row.to_unit, None)
    if network.nodes == "unit":
        # to be named among the absent links says that too little passes: no row, not even an empty
        sides = [(x.n_people_from, x.n_people_to) for x in network.absent_links]
        enough = [None not in pair and min(pair) >= k for pair in sides]
        free = [x for x, leaves in zip(network.absent_links, enough, strict=True) if leaves]
        assert found.absent_links == tuple(free)
    for figure in found.figures:
        few = figure.name == "isolates"
        assert figure.value is None or (figure.n_people >= k and not few)
        assert figure.value is not None or (figure.expected, figure.z) == (None, None)


@settings(max_examples=100, deadline=None)
@given(networks())
def test_what_is_held_back_stands_last_by_name(network):
    found = released(network)
    for rows in (found.units, found.edges):
        held = [row.held_back is not None for row in rows]
        assert held == sorted(held)
        names = [
            (r.unit,) if hasattr(r, "unit") else (r.from_unit, r.to_unit)
            for r in rows
            if r.held_back is not None
        ]
        assert names == sorted(names)


@given(networks())
def test_absent_links_that_stay_inside_are_counted(network):
    period = Period(None, None, None, "")
    situation = Situation("protected", "unit", period, COVERAGE, (), (), (), (), network=network)
    outside = release(situation)
    n_held = len(network.absent_links) - len(outside.network.absent_links)
    counted = n_held > 0 and network.nodes == "unit"
    assert outside.notes == (("absent-links-held-back",) if counted else ())


@given(networks())
def test_an_open_workspace_shows_all(network):
    found = released(network, "open")
    # persons stand in the order of their names, whatever was measured of them
    for rows in ("units", "edges", "absent_links"):
        assert set(map(repr, getattr(found, rows))) == set(map(repr, getattr(network, rows)))
    assert found.figures == network.figures


def wide(hidden, inside=()):
    """Return handovers between two units of six people each, and some that few people made."""
    ways = [[("A", f"a{i}"), ("B", f"b{(i + j) % 6}")] for i in range(6) for j in range(3)]
    ways += [[("B", f"b{i}"), ("A", f"a{i}")] for i in range(6)]
    ways += [[("B", f"b{i}"), ("B", f"b{(i + 1) % 6}")] for i in range(6)]
    ways += [[("A", a), ("A", b)] for a, b in inside]
    return ways + [[("A", "a0"), ("C", "c0")], [("C", "c0"), ("B", "b0")]] * hidden


def protected(folder, ways):
    # the same cases but for the hidden ones: one bootstrap weight each, whatever comes after
    log = loader(folder)({f"c{i:03}": [(100 * i + h, u, p) for h, (u, p) in enumerate(way)]
                          for i, way in enumerate(ways)})  # fmt: skip
    found = transactions_of_cases(basis_of(log, level="unit"), Members({}, {}))
    leaves = partial(edge_leaves, profile="protected")
    return released(network_of(found, persons=False, leaves=leaves, seed=0))


@pytest.mark.parametrize("other", [2, 5])
def test_rows_do_not_change_with_what_is_hidden(tmp_path, other):
    """How often a few people handed over shows in no row: no difference can tell it."""
    folders = [tmp_path / str(n) for n in (1, other)]
    for folder in folders:
        folder.mkdir()
    one, more = (protected(f, wide(n)) for f, n in zip(folders, (1, other), strict=True))
    assert one.units == more.units
    assert one.edges == more.edges
    assert {u.unit for u in one.units if u.held_back} == {"C"}
    assert next(u for u in one.units if u.unit == "B").e_i_index.value == pytest.approx(18 / 30)


def test_few_people_inside_a_unit_hold_its_index_back(tmp_path):
    found = protected(tmp_path, wide(1, inside=[("a0", "a1")]))
    a = next(u for u in found.units if u.unit == "A")
    assert (a.e_i_index, a.brokerage, a.strength_out) == (None, {}, 18)
    b = next(u for u in found.units if u.unit == "B")
    assert b.e_i_index is not None
