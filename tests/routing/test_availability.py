"""Hard filters: who can take a request now, who not, why, and when next."""

import datetime as dt
from dataclasses import replace

import pytest

from leitweg.domain.rosters import Contact, Need, Roster, Standing, WorkingHours
from leitweg.domain.routing import Candidate, Ranking
from leitweg.routing.availability import NEVER_US, among, availability
from leitweg.routing.known_staff import roster_of


def us(*when):
    return int(dt.datetime(*when, tzinfo=dt.UTC).timestamp()) * 1_000_000


# Tuesday
NOW = us(2026, 11, 24, 9)
NEED = Need(NOW)
OFFICE = WorkingHours((((480, 1020),),) * 5 + ((), ()), "Europe/Berlin")


def stands(contact, need=NEED):
    return availability(Roster((contact,)), need).standings[contact.contact]


def test_who_says_nothing_can_take_everything():
    need = Need(NOW, "de", frozenset(), "C-1")
    assert stands(Contact("a"), need) == Standing("a", True)


@pytest.mark.parametrize(
    ("span", "available", "next_us"),
    [
        ((us(2026, 11, 24), us(2026, 11, 25)), False, us(2026, 11, 25)),
        ((NOW, NOW + 1), False, NOW + 1),
        ((NOW - 1, NOW), True, None),
        ((NOW + 1, NOW + 2), True, None),
        ((0, NEVER_US), False, None),
    ],
)
def test_an_absence_ends_when_it_ends(span, available, next_us):
    found = stands(Contact("a", absences=(span,)))
    assert found.available is available
    assert found.next_us == next_us
    assert found.why == (None if available else "absent")


def test_absences_that_follow_one_another_are_one():
    spans = ((NOW - 5, NOW + 5), (NOW + 5, NOW + 9), (NOW + 8, NOW + 20))
    assert stands(Contact("a", absences=spans)).next_us == NOW + 20


@pytest.mark.parametrize(
    ("at", "available", "next_us"),
    [
        (us(2026, 11, 24, 6, 59), False, us(2026, 11, 24, 7)),
        (us(2026, 11, 24, 7), True, None),
        (us(2026, 11, 24, 15, 59), True, None),
        (us(2026, 11, 24, 16), False, us(2026, 11, 25, 7)),
        # from Friday evening over the weekend
        (us(2026, 11, 27, 16), False, us(2026, 11, 30, 7)),
        # Berlin is at UTC+2 in summer, and the clock is put forward on the Sunday
        (us(2026, 3, 27, 16), False, us(2026, 3, 30, 6)),
    ],
)
def test_hours_follow_the_clock_of_their_zone(at, available, next_us):
    found = stands(Contact("a", hours=OFFICE), Need(at))
    assert found.available is available
    assert found.next_us == next_us
    assert found.why == (None if available else "outside-hours")


def test_back_from_leave_means_at_the_next_opening():
    leave = (us(2026, 11, 20), us(2026, 11, 28, 12))
    found = stands(Contact("a", hours=OFFICE, absences=(leave,)))
    assert (found.why, found.next_us) == ("absent", us(2026, 11, 30, 7))


def test_hours_that_hold_nothing_have_no_next():
    never = WorkingHours(((),) * 7, "UTC")
    assert stands(Contact("a", hours=never)) == Standing("a", False, "outside-hours")


@pytest.mark.parametrize(
    ("contact", "need", "why"),
    [
        (Contact("a", languages=frozenset({"de"})), Need(NOW, "en"), "language"),
        (Contact("a", languages=frozenset({"de"})), Need(NOW, "de"), None),
        (Contact("a", languages=frozenset({"de"})), Need(NOW, "Deutsch"), None),
        (Contact("a", languages=frozenset({"de"})), Need(NOW, "Klingonish"), "language"),
        (Contact("a", languages=frozenset({"de"})), Need(NOW), None),
        (Contact("a"), Need(NOW, permissions=frozenset({"refund"})), "permission"),
        (
            Contact("a", permissions=frozenset({"refund", "x"})),
            Need(NOW, permissions=frozenset({"refund"})),
            None,
        ),
        (
            Contact("a", permissions=frozenset({"refund"})),
            Need(NOW, permissions=frozenset({"refund", "x"})),
            "permission",
        ),
        (Contact("a", valid_to_us=NOW), NEED, "left"),
        (Contact("a", valid_to_us=NOW + 1), NEED, None),
    ],
)
def test_language_permission_and_leaving(contact, need, why):
    found = stands(contact, need)
    assert (found.available, found.why) == (why is None, why)
    assert found.next_us is None


def test_who_leaves_before_coming_back_has_no_next():
    contact = Contact("a", absences=((0, NOW + 9),), valid_to_us=NOW + 9)
    assert stands(contact) == Standing("a", False, "absent")


OWNED = Roster(
    (
        Contact("anna", unit="X", customers=frozenset({"C-1", "C-2"})),
        Contact("bert", unit="X"),
        Contact("carl", unit="Y", customers=frozenset({"C-2"}), absences=((0, NOW + 9),)),
    )
)


def test_an_account_owner_goes_before_all_others():
    found = availability(OWNED, Need(NOW, customer="c-1"))
    assert found.owner == "anna"
    assert found.allowed == ("anna",)
    assert found.standings["bert"].why == "not-owner"
    assert found.standings["carl"].why == "absent"


def test_of_several_owners_those_who_are_there():
    assert availability(OWNED, Need(NOW, customer="C-2")).allowed == ("anna",)


def test_without_an_owner_there_the_request_goes_to_whom_it_fits():
    away = replace(OWNED.contacts[0], absences=((0, NOW + 5),))
    found = availability(Roster((away, *OWNED.contacts[1:])), Need(NOW, customer="C-1"))
    assert found.owner is None
    assert found.allowed == ("bert",)


def test_the_unit_of_an_owner_is_the_unit_to_ask():
    found = availability(OWNED, Need(NOW, customer="C-1"), contacts=("X", "Y", "Z"))
    assert found.allowed == ("X",)
    assert [found.standings[name].why for name in "YZ"] == ["absent", "not-on-roster"]


def test_a_unit_can_take_it_where_one_of_its_people_can():
    need = Need(NOW, "en")
    away = Contact("a", unit="X", absences=((0, NOW + 50),))
    german = Contact("b", unit="X", languages=frozenset({"de"}))
    assert availability(Roster((away, german)), NEED, contacts=("X",)).allowed == ("X",)
    found = availability(Roster((away, german)), need, contacts=("X",)).standings["X"]
    assert found == Standing("X", False, "absent", NOW + 50)


def test_the_row_of_a_unit_holds_for_its_people_too():
    closed = Contact("X", hours=OFFICE)
    member = Contact("a", unit="X", permissions=frozenset({"refund"}))
    roster = Roster((closed, member))
    night = Need(us(2026, 11, 24, 2))
    assert availability(roster, night, contacts=("X",)).standings["X"].why == "outside-hours"
    wanted = Need(NOW, permissions=frozenset({"refund"}))
    assert availability(roster, wanted, contacts=("X",)).allowed == ("X",)


def test_everybody_absent_says_who_is_next():
    roster = Roster(
        (
            Contact("late", absences=((0, NOW + 90),)),
            Contact("soon", absences=((0, NOW + 30),)),
            Contact("never", absences=((0, NEVER_US),)),
        )
    )
    found = availability(roster, NEED)
    assert found.allowed == ()
    assert found.next == Standing("soon", False, "absent", NOW + 30)
    assert availability(roster_of(("a",)), NEED).next is None


def test_whoever_is_asked_about_and_not_on_the_roster_cannot():
    found = availability(roster_of(("a",)), NEED, contacts=("b", "a", "b"))
    assert list(found.standings) == ["b", "a"]
    assert found.standings["b"].why == "not-on-roster"


def test_that_the_right_one_is_away_makes_nobody_else_righter():
    candidates = tuple(Candidate(name, share) for name, share in (("a", 0.9), ("b", 0.06)))
    ranking = Ranking("unit", candidates, 0.04, 0.5, False, 0.1)
    found = among(ranking, {"b", "z"})
    assert [(c.contact, c.probability) for c in found.candidates] == [("b", 0.06)]
    assert found.someone_new == pytest.approx(0.94)
    assert found.abstain
    assert found.expected_transfers is None
    assert among(ranking, {"a", "b"}) == ranking
    assert among(ranking, ()).abstain
