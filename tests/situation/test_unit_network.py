"""The network of hand-written cases, mails and ties: every weight, role and reason known."""

from functools import partial

import numpy as np
import pyarrow.parquet as pq
import pytest

from canonical_rows import rows_of
from leitweg.engine.message_traffic import Traffic
from leitweg.engine.network_tables import Members, load_members, load_ties
from leitweg.privacy.threshold import edge_leaves
from leitweg.situation.basis import basis_of
from leitweg.situation.network import network_of
from leitweg.situation.network_figures import FIGURES
from leitweg.situation.transactions import (
    transactions_of_cases,
    transactions_of_mail,
    transactions_of_ties,
)

NOBODY_KNOWN = Members({}, {})
everything = partial(edge_leaves, profile="open")
enough = partial(edge_leaves, profile="protected")


def cases(*ways: list[tuple[str, str]]):
    return {f"c{i}": [(i + h / 10, u, p) for h, (u, p) in enumerate(way)]
            for i, way in enumerate(ways)}  # fmt: skip


def network(log, *, members=NOBODY_KNOWN, leaves=everything, persons=True, seed=0, level="unit"):
    basis = basis_of(log, level=level, seed=seed)
    found = transactions_of_cases(basis, members)
    return network_of(found, persons=persons, leaves=leaves, seed=seed)


def figure(network, name):
    return next(f for f in network.figures if f.name == name)


def unit(network, name):
    return next(u for u in network.units if u.unit == name)


TEAMS = [
    # twice from the front to the back office, once back; once inside the front
    *[[("Front", "f1"), ("Back", "b1")], [("Front", "f2"), ("Back", "b1")]],
    *[[("Back", "b1"), ("Front", "f2")], [("Front", "f1"), ("Front", "f2")]],
    [("Front", "f1"), ("Lab", "l1"), ("Back", "b2")],
]


def test_edges_count_the_handovers_of_links_and_the_people_on_both_sides(load_cases):
    found = network(load_cases(cases(*TEAMS * 8)))
    edges = {(e.from_unit, e.to_unit): (e.weight, e.n_people_from, e.n_people_to)
             for e in found.edges}  # fmt: skip
    assert edges == {
        ("Front", "Back"): (16, 2, 1),
        ("Back", "Front"): (8, 1, 1),
        ("Front", "Lab"): (8, 1, 1),
        ("Lab", "Back"): (8, 1, 1),
    }
    assert (found.nodes, found.weight, found.why) == ("unit", "handovers", None)
    assert [u.unit for u in found.units] == ["Back", "Front", "Lab"]
    front = unit(found, "Front")
    assert (front.strength_out, front.strength_in, front.people) == (24, 8, 2)
    assert front.reciprocity.value == pytest.approx(2 * 1 / 4)
    assert {f.name for f in found.figures} == set(FIGURES)


def test_company_figures_stand_on_people_and_their_units(load_cases):
    found = network(load_cases(cases(*TEAMS * 8)))
    # six kinds of transactions between people, one of them inside the front
    e_i = figure(found, "e_i_index")
    assert e_i.value.value == pytest.approx((5 - 1) / 6)
    # two people in the front, two in the back office, one in the lab: 2 of 10 pairs inside
    assert e_i.expected == pytest.approx(1 - 2 * 2 / 10)
    assert e_i.n_people == 5
    assert figure(found, "reciprocity").value.value == pytest.approx(2 / 6)
    assert figure(found, "density").value.value == pytest.approx(6 / 20)
    assert figure(found, "isolates").value.value == 0


def test_a_unit_index_counts_ties_of_its_people_once(load_cases):
    found = network(load_cases(cases(*TEAMS * 8)))
    # four of its five different ties cross the border: 40 transactions, 8 of them inside
    assert unit(found, "Front").e_i_index.value == pytest.approx((32 - 8) / 40)
    assert unit(found, "Lab").e_i_index.value == 1
    assert unit(found, "Back").e_i_index.value == 1


def test_brokerage_is_that_of_the_people_of_a_unit(load_cases):
    found = network(load_cases(cases([("A", "a1"), ("A", "a2"), ("B", "b1"), ("C", "c1")])))
    assert unit(found, "A").brokerage["representative"] == 1
    assert unit(found, "B").brokerage["liaison"] == 1
    assert sum(unit(found, "C").brokerage.values()) == 0


def test_machines_are_no_partners_but_their_handovers_count_between_units(load_cases):
    ways = cases([("A", "a1"), ("B", "batch"), ("C", "c1")], [("A", "a1"), ("C", "c1")])
    found = network(load_cases(ways, machines=["batch"]))
    assert figure(found, "e_i_index").n_people == 2
    assert figure(found, "density").value.value == pytest.approx(1 / 2)
    to_b = next(e for e in found.edges if e.to_unit == "B")
    assert (to_b.weight, to_b.n_people_from, to_b.n_people_to) == (1, 1, 0)
    assert unit(found, "B").people == 0


def test_units_and_people_without_a_transaction_stay_as_isolates(load_cases):
    members = Members({"A": None, "Archive": None}, {"a1": "A", "x1": "Archive", "x2": "Archive"})
    found = network(load_cases(cases(*[[("A", "a1"), ("B", "b1")]] * 5)), members=members)
    archive = unit(found, "Archive")
    assert (archive.people, archive.strength_in, archive.core) == (2, 0, 0)
    assert (archive.constraint, archive.effective_size, archive.community) == (None, None, None)
    assert archive.why == "no-transactions"
    assert figure(found, "isolates").value.value == 2
    assert figure(found, "communities").value.value == 1


def test_without_people_units_above_are_the_groups(load_cases):
    ways = cases(*[[("A", None), ("B", None), ("C", None)]] * 4)
    members = Members({"A": "North", "B": "North", "C": "South"}, {})
    found = network(load_cases(ways), members=members)
    e_i = figure(found, "e_i_index")
    assert e_i.value.value == 0
    assert e_i.n_people is None
    assert unit(found, "B").e_i_index.value == 0
    assert unit(found, "B").brokerage["representative"] == 1
    assert unit(found, "A").people is None
    assert figure(network(load_cases(ways)), "e_i_index").why == "no-groups"
    assert unit(network(load_cases(ways)), "B").brokerage == {}


def test_a_log_of_persons_has_persons_as_nodes_only_where_they_may_be_shown(load_cases):
    log = load_cases(cases(*[[(None, "p"), (None, "q")]] * 3))
    found = network(log, level="person")
    assert (found.nodes, [u.unit for u in found.units]) == ("person", ["p", "q"])
    assert unit(found, "p").people == 1
    hidden = network(log, level="person", persons=False)
    assert (hidden.why, hidden.units, hidden.edges) == ("person-level", (), ())
    assert figure(hidden, "density").value.value == 0.5


@pytest.mark.parametrize(
    "ways", [[[("A", "a")]], [[("A", "a"), ("A", "b")]], [[("A", "a")], [("B", "b")]]]
)
def test_a_company_without_handovers_between_units_says_why(load_cases, ways):
    found = network(load_cases(cases(*ways)))
    assert found.why == "no-transactions"
    assert found.edges == ()
    assert {u.why for u in found.units} == {"no-transactions"}
    for name in ("reciprocity", "communities", "adjusted_rand"):
        one = figure(found, name)
        assert (one.value is None) == (one.why is not None)


def test_what_hangs_on_one_case_has_no_interval_and_no_value(load_cases):
    ways = [[("A", "a"), ("B", "b")]] * 10 + [[("C", "c"), ("A", "a")]]
    found = network(load_cases(cases(*ways)))
    assert (unit(found, "C").constraint, unit(found, "C").why) == (None, "too-few")
    assert unit(found, "B").constraint.value == 1


def test_the_same_seed_repeats_the_network_to_the_digit(load_cases):
    log = load_cases(cases(*TEAMS))
    assert network(log, seed=3) == network(log, seed=3)


def test_intervals_hold_the_value(load_cases):
    found = network(load_cases(cases(*TEAMS * 6)))
    estimates = [f.value for f in found.figures if f.value is not None]
    for row in found.units:
        estimates += [row.constraint, row.effective_size, row.betweenness, row.reciprocity]
    assert len(estimates) == 7 + 4 * 3
    assert all(e.low <= e.value <= e.high for e in estimates)
    assert figure(found, "reciprocity").value.low < figure(found, "reciprocity").value.high


def wide(n_front):
    """Return ways from n people of the front to six of the back, and one to a small lab."""
    ways = [[("Front", f"f{i}"), ("Back", f"b{i % 6}")] for i in range(n_front)] * 3
    return [*ways, [("Front", "f0"), ("Lab", "l0")]]


def test_rows_are_made_from_edges_that_leave_alone(load_cases):
    found = network(load_cases(cases(*wide(6))), leaves=enough)
    front, lab = unit(found, "Front"), unit(found, "Lab")
    # the handover to the lab stands in no figure of the front
    assert (front.strength_out, front.why) == (18, "edges-held-back")
    assert (lab.strength_in, lab.core, lab.why) == (None, None, "edges-held-back")
    assert len(found.edges) == 2
    lab_alone = Members({"Lab": None}, {})
    without = network(load_cases(cases(*wide(6)[:-1])), leaves=enough, members=lab_alone)
    other = unit(without, "Front")
    assert (front.constraint, front.betweenness) == (other.constraint, other.betweenness)
    # with four people in the front nothing leaves
    few = network(load_cases(cases(*wide(4))), leaves=enough)
    assert unit(few, "Front").strength_out is None


def traffic(rows, people="abcd", unit=("X", "X", "Y", None)):
    columns = np.array(rows, np.int64).reshape(-1, 4).T
    return Traffic(tuple(people), tuple(unit), *columns)


def test_mail_counts_messages_between_people_and_between_their_units():
    weeks = [[(0, 1, 7 * w, 2), (0, 2, 7 * w + 1, 3), (2, 0, 7 * w + 9, 1), (3, 0, 7 * w, 5)]
             for w in range(8)]  # fmt: skip
    days = traffic(weeks)
    found = transactions_of_mail(days, NOBODY_KNOWN, days=(None, None), derived_units=False)
    net = network_of(found, persons=True, leaves=everything, seed=0)
    assert net.weight == "messages"
    assert [(e.from_unit, e.to_unit, e.weight) for e in net.edges] == [
        ("X", "Y", 24),
        ("Y", "X", 8),
    ]
    # the person without a unit is in no group; 2 messages a week inside, 4 outside
    assert figure(net, "e_i_index").value.value == pytest.approx((4 - 2) / 6)
    assert figure(net, "density").value.value == pytest.approx(4 / 12)
    # 1 January 1970 was a Thursday: day 9 lies in the week after the next Monday
    assert np.bincount(found.person_rows.group).tolist() == [3, *[4] * 7, 1]


def test_only_the_days_asked_for_count():
    days = traffic([(0, 2, 0, 2), (0, 2, 5, 3), (0, 2, 9, 7)])
    found = transactions_of_mail(days, NOBODY_KNOWN, days=(5, 9), derived_units=False)
    net = network_of(found, persons=True, leaves=everything, seed=0)
    assert [e.weight for e in net.edges] == [3]


def test_units_made_from_the_messages_say_nothing_about_them():
    days = traffic([(0, 1, 0, 2), (0, 2, 8, 3), (2, 0, 15, 3), (0, 1, 22, 2)])
    found = transactions_of_mail(days, NOBODY_KNOWN, days=(None, None), derived_units=True)
    net = network_of(found, persons=True, leaves=everything, seed=0)
    assert figure(net, "e_i_index").why == figure(net, "adjusted_rand").why == "derived-units"
    assert unit(net, "X").e_i_index is None


def test_no_mail_at_all():
    found = transactions_of_mail(
        traffic([], "", ()), NOBODY_KNOWN, days=(None, None), derived_units=False
    )
    net = network_of(found, persons=True, leaves=everything, seed=0)
    assert net.why == "no-transactions"
    assert {f.why for f in net.figures} == {"no-transactions"}


def stored(folder, **tables):
    files = {}
    for name, columns in tables.items():
        path = folder / f"{name}.parquet"
        pq.write_table(rows_of(name, **columns), path)
        files[name] = [path]
    return files


def ties(folder, rows, **columns):
    one, other, value = (list(column) for column in zip(*rows, strict=True))
    named = {"from": one, "to": other, "value": value, "survey": ["s"] * len(rows)}
    return load_ties(stored(folder, ties=named | columns))


def test_the_network_of_ties_is_that_of_one_relation(tmp_path):
    rows = [("a", "b", 2.0), ("a", "b", 1.5), ("b", "c", 0.0), ("a", "c", 9.0), ("c", "a", -1.0)]
    relation = ["advice", "advice", "advice", "work", "advice"]
    found = ties(tmp_path, rows, relation=relation, wave=["1"] * 5)
    assert (found.name, found.others, found.n_dropped) == ("advice (1)", (("work (1)", 1),), 2)
    net = network_of(
        transactions_of_ties(found, NOBODY_KNOWN), persons=True, leaves=everything, seed=0
    )
    assert (net.nodes, net.weight, net.from_ties) == ("person", "advice (1)", True)
    assert [(e.from_unit, e.to_unit, e.weight) for e in net.edges] == [("a", "b", 3.5)]
    assert figure(net, "reciprocity").why == "listed-once"
    assert {u.unit: u.why for u in net.units}["c"] == "no-transactions"


def test_ties_of_people_make_a_network_of_their_units_where_persons_may_not_be_shown(tmp_path):
    rows = [(f"a{i}", f"b{j}", 1.0) for i in range(10) for j in range(10) if (i + j) % 3]
    members = Members(
        {"A": None, "B": None}, {f"{u}{i}": u.upper() for u in "ab" for i in range(10)}
    )
    found = transactions_of_ties(ties(tmp_path, rows), members)
    leaves = partial(edge_leaves, profile="protected", from_ties=True)
    net = network_of(found, persons=False, leaves=leaves, seed=0)
    assert (net.nodes, [(e.from_unit, e.to_unit) for e in net.edges]) == ("unit", [("A", "B")])
    assert (net.edges[0].n_people_from, net.edges[0].n_people_to) == (10, 10)
    assert unit(net, "A").strength_out == len(rows)


def test_ties_between_whole_units(tmp_path):
    people = {"E": None, "N": 12, "S": 30, "W": 4}
    rows = [(a, b, 40.0 if a < b else 10.0) for a in people for b in people if a != b]
    one, other = [r[0] for r in rows], [r[1] for r in rows]
    told = {"from_people": [people[a] for a in one], "to_people": [people[b] for b in other]}
    found = ties(tmp_path, rows, from_unit=one, to_unit=other, level=["unit"] * len(rows), **told)
    assert (found.of_units, found.ends, found.people) == (True, tuple("ENSW"), (None, 12, 30, 4))
    leaves = partial(edge_leaves, profile="protected", from_ties=True)
    net = network_of(
        transactions_of_ties(found, NOBODY_KNOWN), persons=False, leaves=leaves, seed=0
    )
    assert (net.nodes, unit(net, "N").people, unit(net, "N").strength_out) == ("unit", 12, 40)
    assert figure(net, "reciprocity").value.value == pytest.approx(20 / 50)
    assert figure(net, "density").n_people == 46
    assert {
        (e.from_unit, e.to_unit) for e in net.edges if leaves(e.n_people_from, e.n_people_to)
    } == {
        ("N", "S"),
        ("S", "N"),
    }


def test_members_hold_the_latest_unit_and_no_machines(tmp_path):
    files = stored(
        tmp_path,
        units={"unit": ["A", "B"], "parent": ["Top", None]},
        people={
            "person": ["p", "p", "bot", "q"],
            "kind": [None, "person", "system", None],
            "unit": ["A", "C", "A", None],
            "valid_from_us": [1, 2, None, None],
        },
    )
    found = load_members(files)
    assert found.units == {"A": "Top", "B": None, "C": None}
    assert found.people == {"p": "C", "q": None}
