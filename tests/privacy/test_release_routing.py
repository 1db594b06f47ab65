"""What leaves of an answer about the right contact: names, counts, cases, values."""

import numpy as np
import pytest

from leitweg.domain.routing import Candidate, Coded, Evidence, History, Ragged, Ranking
from leitweg.privacy.denied_features import denied_group
from leitweg.privacy.release_routing import EVIDENCE_KINDS, looked_at, release_routing
from leitweg.privacy.tellable_counts import TellableCounts

ANNA, BERT = f"p-{'a' * 32}", f"p-{'b' * 32}"
BILL = Evidence("attributes", 1.5, {"topic": "Bill"}, 140, 310, 1_000_000)
OTHER_KINDS = (
    Evidence("words", 0.4),
    Evidence("similar", 0.9, {}, 12, 40),
    Evidence("handed", 0.7, {"from": BERT}, 30, 60, 2_000_000),
    Evidence("first", 0.2),
    Evidence("unit", 0.3, {"unit": "Sales"}),
    Evidence("profile", 0.1),
    Evidence("recent", 0.1, {}, 9, None, 3_000_000),
)


class Tells:
    """Enough people resolved what is named here."""

    def __init__(self, *places):
        self.places = places

    def tells(self, unit, values):
        return (unit, *values.values()) in self.places


def released(*reasons, contact="Sales", level="unit", profile="protected", **how):
    candidate = Candidate(contact, 0.7, reasons, ("v-1", "v-2"))
    how = {"named": {}, **how}
    found = Ranking(level, (candidate,), 0.3, 0.6, False, 0.4)
    return release_routing(found, profile=profile, now_us=0, **how).contacts


def counts(contact):
    return [(e.resolved, e.cases, e.last_us) for e in contact.reasons]


def test_open_shows_everything():
    (contact,) = released(BILL, *OTHER_KINDS, profile="open")
    assert contact.reasons == (BILL, *OTHER_KINDS)
    assert contact.similar == ("v-1", "v-2")
    assert (contact.counts_held_back, contact.similar_held_back) == (None, None)


def test_a_person_is_named_only_as_the_caller_named_it():
    assert released(BILL, contact=ANNA, level="person") == ()
    (contact,) = released(BILL, contact=ANNA, level="person", named={ANNA: "anna@x.example"})
    assert contact.contact == "anna@x.example"
    assert contact.probability == 0.7


@pytest.mark.parametrize("profile_of_reason", [BILL, *OTHER_KINDS], ids=lambda e: e.kind)
def test_no_reason_for_a_person_carries_a_count_or_a_date(profile_of_reason):
    tells = Tells(("Sales",), ("Sales", "Bill"), (ANNA, "Bill"), (ANNA,))
    (contact,) = released(
        profile_of_reason, contact=ANNA, level="person", named={ANNA: "anna"}, tells=tells
    )
    if profile_of_reason.kind == "recent":
        # it says nothing but how much somebody resolves
        assert contact.reasons == ()
        return
    assert counts(contact) == [(None, None, None)]
    assert contact.reasons[0].weight == profile_of_reason.weight
    assert (contact.counts_held_back, contact.similar) == ("person-level", ())


def test_who_handed_on_is_named_in_the_callers_words_or_not_at_all():
    handed = OTHER_KINDS[2]
    named = {ANNA: "anna", BERT: "bert"}
    (contact,) = released(handed, contact=ANNA, level="person", named=named)
    assert contact.reasons[0].values == {"from": "bert"}
    (contact,) = released(handed, contact=ANNA, level="person", named={ANNA: "anna"})
    assert contact.reasons[0].values == {"from": ""}


def test_counts_about_a_unit_leave_where_enough_people_resolved_those_cases():
    (told,) = released(BILL, tells=Tells(("Sales", "Bill")))
    assert counts(told) == [(140, 310, 1_000_000)]
    assert told.counts_held_back is None
    (held,) = released(BILL, tells=Tells(("Sales",), ("Sales", "Meter")))
    assert counts(held) == [(None, None, None)]
    assert held.counts_held_back == "below-k"
    (unknown,) = released(BILL)
    assert counts(unknown) == [(None, None, None)]


@pytest.mark.parametrize(
    ("resolved", "cases", "told"),
    [(4, 310, (None, None)), (5, 310, (5, 310)), (306, 310, (306, None)), (310, 310, (310, 310))],
)
def test_no_count_of_fewer_than_five_cases_leaves(resolved, cases, told):
    reason = Evidence("attributes", 1.0, {"topic": "Bill"}, resolved, cases)
    (contact,) = released(reason, tells=Tells(("Sales", "Bill")))
    assert counts(contact)[0][:2] == told


def test_counts_of_a_handover_need_people_on_both_sides():
    handed = Evidence("handed", 0.7, {"from": "Desk"}, 30, 60)
    assert counts(released(handed, tells=Tells(("Sales",)))[0]) == [(None, None, None)]
    both = Tells(("Sales",), ("Desk",))
    assert counts(released(handed, tells=both)[0]) == [(30, 60, None)]


def test_no_pseudonym_and_nothing_counted_about_a_customer_leaves():
    customer = f"c-{'0' * 32}"
    reason = Evidence("attributes", 1.0, {"customer": customer}, 50, 90, 7)
    (contact,) = released(reason, tells=Tells(("Sales", customer)))
    assert contact.reasons[0].values == {"customer": ""}
    assert counts(contact) == [(None, None, None)]


def test_no_case_is_named_in_a_protected_workspace():
    for level, named in (("unit", {}), ("person", {"Sales": "Sales"})):
        (contact,) = released(BILL, level=level, named=named)
        assert (contact.similar, contact.similar_held_back) == ((), "no-case-ids")


def test_what_reasons_rest_on_is_not_denied_but_for_the_text_of_the_request():
    assert {kind: denied_group(kind) for kind in EVIDENCE_KINDS if denied_group(kind)} == {
        "words": "contents"
    }


def test_a_router_may_not_look_at_attributes_of_special_categories():
    kept, denied = looked_at({"topic": "Bill", "Konfession": "x", "sick_days": "3", "site": "Kiel"})
    assert kept == {"topic": "Bill", "site": "Kiel"}
    assert denied == ("Konfession", "sick_days")


def history(unit, person, topic, persons):
    nobody = Ragged(np.zeros(len(unit) + 1, np.int64), np.zeros(0, np.int64))
    place = np.arange(len(unit))
    return History(
        tuple(map(str, place)),
        place,
        place,
        {"topic": Coded(np.array(topic), ("Bill", "Meter"))},
        None,
        Coded(np.array(unit), ("Sales", "Desk")),
        Coded(np.array(person), persons),
        nobody,
        nobody,
        np.full(len(persons), -1),
        True,
    )


def test_people_are_counted_behind_the_very_cases():
    """Six people in Sales; topic Meter is one person's alone, Desk has two people."""
    unit = [0] * 18 + [0] * 9 + [1] * 10
    person = [*range(6)] * 3 + [0] * 9 + [6, 7] * 5
    topic = [0] * 18 + [1] * 9 + [0] * 10
    known = TellableCounts(history(unit, person, topic, tuple("abcdefgh")))
    assert known.tells("Sales", {"topic": "Bill"})
    assert not known.tells("Sales", {"topic": "Meter"})
    assert not known.tells("Desk", {})
    assert not known.tells("Nowhere", {})
    assert not known.tells("Sales", {"product": "X"})
    # person a made 12 of 27: below one half, so that the unit as a whole may be told
    assert known.tells("Sales", {})


def test_where_one_person_stands_out_nothing_is_told():
    person = [0] * 20 + [1, 2, 3, 4, 5]
    known = TellableCounts(history([0] * 25, person, [0] * 25, tuple("abcdef")))
    assert not known.tells("Sales", {})


def test_ids_of_several_quarters_may_be_one_person():
    quarters = [f"q-2026q{q}.0.1-{x}" for q in (1, 2) for x in "abc"]
    known = TellableCounts(history([0] * 12, [*range(6)] * 2, [0] * 12, tuple(quarters)))
    assert not known.tells("Sales", {})


def test_cases_of_nobody_known_are_not_told():
    known = TellableCounts(history([0] * 30, [-1] * 30, [0] * 30, ()))
    assert not known.tells("Sales", {})
