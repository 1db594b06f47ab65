"""A backlog assigned: who gets what, what stays with a human, how the ways compare."""

import numpy as np
import pytest

from leitweg.domain.assignments import Waiting
from leitweg.domain.rosters import Contact, Need, Roster
from leitweg.domain.routing import Candidate, Ranking, Request
from leitweg.routing.assignment import assign_backlog, gini

NOW = 1_000_000


class PlannedRouter:
    """Answers by the attribute ``row``, with the shares given."""

    def __init__(self, shares, threshold=0.0):
        self.shares, self.threshold, self.asked = shares, threshold, 0

    def rank(self, request, *, top=3, allowed=None, explain=True):
        self.asked += 1
        own = self.shares[int(request.attributes["row"])]
        found = [
            Candidate(name, share)
            for name, share in sorted(own.items(), key=lambda pair: -pair[1])
            if allowed is None or name in allowed
        ][:top]
        abstain = not found or found[0].probability < self.threshold
        return Ranking("person", tuple(found), 0.0, self.threshold, abstain, None)


def waiting(count, **need):
    return [
        Waiting(f"V{i}", Request(attributes={"row": str(i)}), Need(NOW, **need))
        for i in range(count)
    ]


def people(**capacities):
    return Roster(tuple(Contact(name, capacity=n) for name, n in capacities.items()))


def test_the_best_of_all_is_taken_and_compared():
    router = PlannedRouter([{"a": 0.6, "b": 0.55}, {"a": 0.9}])
    found = assign_backlog(waiting(2), router, people(a=1, b=1), price=0)
    assert [(r.case_id, r.contact, r.probability, r.why) for r in found.rows] == [
        ("V0", "b", 0.55, "not-the-likeliest"),
        ("V1", "a", 0.9, None),
    ]
    compared = found.compared
    assert compared["optimal"].expected_right == pytest.approx(1.45)
    assert compared["greedy"].expected_right == pytest.approx(0.6)
    assert compared["likeliest"].expected_right == pytest.approx(1.5)
    assert [compared[w].max_new for w in ("optimal", "greedy", "likeliest")] == [1, 1, 2]
    assert [compared[w].assigned for w in ("optimal", "greedy", "likeliest")] == [2, 1, 2]
    assert compared["likeliest"].max_load_share == 2.0
    assert compared["likeliest"].gini == pytest.approx(0.5)
    assert compared["optimal"].gini == 0.0


def test_what_the_router_is_not_sure_of_stays_with_a_human():
    router = PlannedRouter([{"a": 0.4, "b": 0.3}, {"a": 0.8}], threshold=0.5)
    found = assign_backlog(waiting(2), router, people(a=5, b=5))
    unsure, sure = found.rows
    assert (unsure.contact, unsure.why, unsure.first) == (None, "abstained", ("a", "b"))
    assert unsure.probability == 0.4
    assert sure.contact == "a"
    assert found.compared["optimal"].assigned == 1


def test_too_little_room_says_so_and_helps_the_surest():
    router = PlannedRouter([{"a": 0.5}, {"a": 0.9}])
    found = assign_backlog(waiting(2), router, people(a=1))
    assert [(r.contact, r.why) for r in found.rows] == [(None, "no-room"), ("a", None)]


def test_only_who_is_available_gets_something():
    router = PlannedRouter([{"a": 0.9, "b": 0.4}, {"a": 0.9}])
    roster = Roster((Contact("a", absences=((0, NOW + 1),)), Contact("b")))
    found = assign_backlog(waiting(2), router, roster)
    assert [(r.contact, r.available, r.why) for r in found.rows] == [
        ("b", True, None),
        (None, False, "nobody-available"),
    ]


def test_a_request_whose_contact_is_away_is_not_pushed_to_somebody_else():
    router = PlannedRouter([{"a": 0.9, "b": 0.06}], threshold=0.5)
    roster = Roster((Contact("a", absences=((0, NOW + 1),)), Contact("b")))
    (row,) = assign_backlog(waiting(1), router, roster).rows
    assert (row.contact, row.why, row.first, row.probability) == (None, "abstained", ("b",), 0.06)


def test_each_request_asks_for_its_own_language():
    router = PlannedRouter([{"a": 0.9, "b": 0.4}])
    roster = Roster((Contact("a", languages=frozenset({"de"})), Contact("b")))
    (row,) = assign_backlog(waiting(1, language="en"), router, roster).rows
    assert row.contact == "b"


def test_nobody_gets_what_is_hardly_theirs():
    # b is less than a tenth as likely as a, who is full: better to wait
    router = PlannedRouter([{"a": 0.8, "b": 0.07}, {"a": 0.8, "b": 0.05}])
    found = assign_backlog(waiting(2), router, people(a=1, b=9), price=0)
    assert sorted((r.contact or "", r.why or "") for r in found.rows) == [
        ("", "no-room"),
        ("a", ""),
    ]


def test_without_a_roster_everything_goes_to_the_likeliest():
    router = PlannedRouter([{"a": 0.9, "b": 0.1}] * 4)
    found = assign_backlog(waiting(4), router)
    assert [r.contact for r in found.rows] == ["a"] * 4
    assert found.compared["optimal"].max_load_share is None
    assert found.compared["optimal"] == found.compared["likeliest"]


def test_units_stand_for_their_people():
    members = tuple(Contact(name, unit="X", capacity=1) for name in ("p", "q"))
    router = PlannedRouter([{"X": 0.9}] * 3)
    found = assign_backlog(waiting(3), router, Roster(members))
    assert [r.contact for r in found.rows].count("X") == 2


def test_an_empty_backlog_is_an_empty_answer():
    found = assign_backlog([], PlannedRouter([]), people(a=1))
    assert found.rows == ()
    assert found.compared["optimal"].expected_right == 0


def test_each_request_is_ranked_once_and_the_order_is_kept():
    shares = [{"a": 0.1 + i / 100, "b": 0.2} for i in range(30)]
    router = PlannedRouter(shares)
    found = assign_backlog(waiting(30), router, people(a=10, b=10))
    assert router.asked == 30
    assert [r.case_id for r in found.rows] == [f"V{i}" for i in range(30)]
    assert sum(r.contact is None for r in found.rows) == 10
    assert found.compared["optimal"].max_new == 10


def test_price_and_cap_stand_in_the_answer_and_spread_the_load():
    router = PlannedRouter([{"a": 0.5, "b": 0.45}] * 4)
    dear = assign_backlog(waiting(4), router, people(a=4, b=4), price=1.0, cap=0.9)
    cheap = assign_backlog(waiting(4), router, people(a=4, b=4), price=0.0)
    assert (dear.price, dear.cap) == (1.0, 0.9)
    assert dear.compared["optimal"].max_new == 2
    assert dear.compared["optimal"].gini == 0.0
    assert cheap.compared["optimal"].max_new == 4
    assert cheap.compared["optimal"].gini == 0.5


def test_gini_of_known_loads():
    assert gini(np.array([0.0, 0.0, 0.0])) == 0.0
    assert gini(np.array([1.0, 3.0])) == pytest.approx(0.25)
