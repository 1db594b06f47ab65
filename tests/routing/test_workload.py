"""The load as a price: who is busier stands further down."""

import math

import pytest

from leitweg.domain.rosters import Contact, Roster
from leitweg.domain.routing import Candidate, Ranking
from leitweg.routing.workload import full_contacts, priced, room_of


def ranking(threshold=0.0, **shares):
    candidates = tuple(Candidate(name, share) for name, share in shares.items())
    return Ranking("person", candidates, 0.0, threshold, False, None)


def names(found):
    return "".join(c.contact for c in found.candidates)


def loaded(**loads):
    return Roster(tuple(Contact(n, capacity=10, load=load) for n, load in loads.items()))


def test_a_load_weighs_as_documented():
    # half the capacity more costs 0.25 in log odds: a factor of 1.284
    just_more, just_less = 0.3 * math.exp(0.25) + 1e-6, 0.3 * math.exp(0.25) - 1e-6
    roster = loaded(a=5, b=0)
    assert names(priced(ranking(a=just_more, b=0.3), roster, price=0.5)) == "ab"
    assert names(priced(ranking(a=just_less, b=0.3), roster, price=0.5)) == "ba"


def test_without_a_price_the_order_stays():
    assert names(priced(ranking(a=0.31, b=0.3), loaded(a=9, b=0), price=0)) == "ab"


def test_who_is_full_stands_behind_all_who_have_room():
    roster = loaded(a=10, b=9, c=11)
    found = priced(ranking(a=0.9, c=0.08, b=0.02), roster)
    assert names(found) == "bac"
    assert [c.probability for c in found.candidates] == [0.02, 0.9, 0.08]
    assert full_contacts(roster, ("a", "b", "c")) == {"a", "c"}


def test_a_cap_below_the_capacity_leaves_a_reserve():
    assert full_contacts(loaded(a=8, b=7), ("a", "b"), cap=0.8) == {"a"}


def test_who_says_nothing_costs_nothing():
    roster = Roster((Contact("a", load=100),))
    assert names(priced(ranking(a=0.5, b=0.4), roster, price=5)) == "ab"


@pytest.mark.parametrize(("threshold", "abstain"), [(0.02, False), (0.03, True)])
def test_it_abstains_where_the_first_is_now_less_likely(threshold, abstain):
    found = priced(ranking(threshold, a=0.9, b=0.02), loaded(a=10, b=0))
    assert names(found) == "ba"
    assert found.abstain is abstain


def test_a_unit_holds_what_its_people_hold():
    people = (
        Contact("p", unit="X", capacity=5, load=4),
        Contact("q", unit="X", capacity=5, load=1, absences=((0, 100),)),
        Contact("r", unit="X", capacity=5, load=2, valid_to_us=10),
    )
    room = room_of(Roster(people), ("X",))
    assert (room.load[0], room.capacity[0]) == (7, 15)
    # while one is away and one has left
    room = room_of(Roster(people), ("X",), at_us=50)
    assert (room.load[0], room.capacity[0]) == (4, 5)
    own = Roster((Contact("X", capacity=3, load=1), *people))
    assert room_of(own, ("X",)).capacity[0] == 3


def test_a_capacity_of_nothing_is_full():
    roster = Roster((Contact("a", capacity=0),))
    assert full_contacts(roster, ("a",)) == {"a"}
    assert names(priced(ranking(a=0.9, b=0.1), roster)) == "ba"
