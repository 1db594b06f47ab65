"""The right contact of planted requests: names, reasons, notes, refusals."""

import json
import re

import pytest
from planted_routing import UNIT_OF, WORDS, imported, person_of, roster

from leitweg.domain.access import Asker
from leitweg.domain.errors import AccessError, LeitwegError, QuestionError
from leitweg.domain.imports import ImportOptions
from leitweg.store import open_workspace
from leitweg.studies.auditing import audit_entries
from leitweg.studies.importing import import_files
from leitweg.studies.json_forms import json_text
from leitweg.studies.purposes import switch_purpose
from leitweg.studies.routing import route, route_backlog
from leitweg.studies.routing_document import backlog_document, route_document

PSEUDONYM = re.compile(r"[pcvm]-[0-9a-f]{32}")
DEEP = {"topic": "Bill"}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    return imported(tmp_path_factory.mktemp("protected"))


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    return imported(tmp_path_factory.mktemp("open"), "open")


@pytest.mark.parametrize("profile", ["guarded", "planted"])
@pytest.mark.parametrize("topic", ["Bill", "Meter", "Legal"])
def test_the_planted_unit_is_the_right_contact(profile, topic, request):
    workspace = request.getfixturevalue(profile)
    found = route(workspace, attributes={"topic": topic})
    assert found.contacts[0].contact == UNIT_OF[topic]
    assert found.contacts[0].probability > 0.6
    assert not found.notes


@pytest.fixture(scope="module", params=["protected", "open"])
def written(request, tmp_path_factory):
    return imported(tmp_path_factory.mktemp("written"), request.param, texts=True)


@pytest.mark.parametrize("topic", ["Bill", "Meter"])
def test_the_text_alone_finds_the_unit(written, topic):
    found = route(written, text=WORDS[topic])
    assert found.contacts[0].contact == UNIT_OF[topic]
    assert not found.notes


def test_a_megabyte_of_text_is_answered(written):
    found = route(written, text=f"{WORDS['Meter']} " * 25_000)
    assert found.contacts[0].contact == "Claims"


def test_a_workspace_without_texts_says_so(planted):
    assert route(planted, text=WORDS["Bill"]).notes == ("no-text-learnt",)


def counts_of(found, unit, kind="attributes"):
    (contact,) = [c for c in found.contacts if c.contact == unit]
    return [(e.resolved, e.cases) for e in contact.reasons if e.kind == kind]


def test_the_reason_tells_the_planted_counts(planted):
    """30 bills in 13 × 30 cases are four in thirteen; of those one in ten went to Claims."""
    found = route(planted, attributes=DEEP)
    bills = [case for case in range(390) if ["Bill", "Meter", "Legal"][case % 13 % 3] == "Bill"]
    bills = [case for case in bills if case % 13 != 12]
    of_sales = [case for case in bills if case % 10]
    assert counts_of(found, "Sales") == [(len(of_sales), len(bills))]
    reasons = route_document(found, "en")["contacts"][0]["reasons"]
    assert f"Topic Bill: resolved {len(of_sales)} of {len(bills)}" in reasons[0]["text"]


def test_counts_of_enough_people_leave_a_protected_workspace(guarded, planted):
    told = counts_of(route(guarded, attributes=DEEP), "Sales")
    assert told == counts_of(route(planted, attributes=DEEP), "Sales")


def test_what_two_people_or_one_alone_resolve_is_not_counted(guarded):
    legal = route(guarded, attributes={"topic": "Legal"})
    assert counts_of(legal, "Board") == [(None, None)]
    assert legal.contacts[0].counts_held_back == "below-k"
    odd = route(guarded, attributes={"topic": "Odd"})
    assert odd.contacts[0].contact == "Sales"
    assert counts_of(odd, "Sales") == [(None, None)]


def test_no_name_case_or_pseudonym_leaves_with_a_unit(guarded):
    asked = {"attributes": {"topic": "Bill", "customer": "C7"}}
    text = json_text(route_document(route(guarded, **asked, tried=["Desk"]), "en"))
    assert not PSEUDONYM.search(text)
    assert "@x.example" not in text
    assert "V-" not in text


def test_who_was_tried_is_not_suggested_again(planted):
    found = route(planted, attributes=DEEP, tried=["sales"])
    assert [c.contact for c in found.contacts][:1] == ["Claims"]
    assert "Sales" not in [c.contact for c in found.contacts]


def test_persons_of_a_protected_workspace_come_from_the_roster_alone(guarded, tmp_path):
    ours = [person_of("Sales", 3 * i) for i in range(3)]
    lines = [f"{who},Sales,,,," for who in ours]
    found = route(guarded, attributes=DEEP, level="person", roster=roster(tmp_path, *lines))
    assert {c.contact for c in found.contacts} == set(ours)
    document = route_document(found, "en")
    for contact in document["contacts"]:
        assert contact["similar_cases"] is None
        assert contact["counts_held_back"] == "person-level"
        for reason in contact["reasons"]:
            assert (reason["resolved"], reason["cases"], reason["last_at"]) == (None, None, None)
            assert not re.search(r"\d", reason["text"])
    assert not PSEUDONYM.search(json_text(document))


def test_a_protected_workspace_asks_for_a_roster(guarded):
    with pytest.raises(QuestionError) as refused:
        route(guarded, attributes=DEEP, level="person")
    assert refused.value.code == "roster-needed"


def test_a_roster_of_pseudonyms_names_nobody(guarded, planted, tmp_path):
    """Whoever reads the tables cannot ask by what stands in them."""
    stored = sorted(open_workspace(guarded).distinct("events", "person"))[:3]
    lines = [f"{who},Sales,,,," for who in stored]
    found = route(guarded, attributes=DEEP, level="person", roster=roster(tmp_path, *lines))
    assert all(not contact.reasons for contact in found.contacts)


def test_who_is_away_is_not_suggested(planted, tmp_path):
    first = person_of("Sales", 0)
    away = roster(
        tmp_path,
        f"{first},Sales,,,2026-01-01T00:00Z,2100-01-01T00:00Z",
        f"{person_of('Sales', 3)},Sales,,,,",
    )
    found = route(planted, attributes=DEEP, level="person", roster=away, at="2026-06-01")
    assert [c.contact for c in found.contacts] == [person_of("Sales", 3)]
    assert found.contacts[0].available


def test_columns_of_a_roster_that_say_nothing_are_told(planted, tmp_path):
    file = tmp_path / "roster.csv"
    file.write_text("contact,unit,shoe size,capacity\n" + f"{person_of('Sales', 3)},Sales,41,\n")
    found = route(planted, attributes=DEEP, level="person", roster=file)
    assert "roster-columns-unused: shoe size" in found.notes


def test_a_day_may_be_written_as_in_german(planted):
    german, iso = (route(planted, attributes=DEEP, at=day) for day in ("1.6.2026", "2026-06-01"))
    assert german == iso


def test_where_everybody_is_away_it_is_said_who_would_be_right(planted, tmp_path):
    away = roster(tmp_path, f"{person_of('Sales', 0)},Sales,,,2026-01-01T00:00Z,2100-01-01T00:00Z")
    found = route(planted, attributes=DEEP, level="person", roster=away, at="2026-06-01")
    assert "nobody-available" in found.notes
    assert found.abstain
    (contact,) = route_document(found, "en")["contacts"]
    assert (contact["available"], contact["why_not"]) == (False, "absent")


def test_a_roster_of_people_answers_for_their_units(guarded, tmp_path):
    lines = [f"{person_of('Claims', 0)},Claims,,,,"]
    found = route(guarded, attributes=DEEP, roster=roster(tmp_path, *lines), at="2026-06-01")
    assert [c.contact for c in found.contacts] == ["Claims"]


@pytest.mark.parametrize(
    ("asked", "note"),
    [
        ({}, "nothing-known"),
        ({"text": "  "}, "empty-text"),
        ({"attributes": {"topic": "Moon"}}, "unknown-value: topic=Moon"),
        ({"attributes": {"size": "9"}}, "unknown-attribute: size"),
        ({"attributes": {"religion": "none"}}, "denied-attribute: religion"),
        ({"attributes": DEEP, "tried": ["Nobody"]}, "unknown-contact: Nobody"),
        ({"attributes": DEEP, "first": "Left"}, "unknown-contact: Left"),
    ],
    ids=lambda case: str(case)[:40],
)
@pytest.mark.parametrize("profile", ["guarded", "planted"])
def test_what_is_unknown_is_noted_and_answered(profile, asked, note, request):
    found = route(request.getfixturevalue(profile), **asked)
    assert note in found.notes
    assert len(found.contacts) == 3


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"level": "galaxy"}, "unknown-level"),
        ({"top": 0}, "bad-top"),
        ({"at": "tomorrow"}, "not-a-date"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(planted, asked, code):
    with pytest.raises(QuestionError) as refused:
        route(planted, **asked)
    assert refused.value.code == code


def test_one_contact_is_said_to_be_the_only_one(tmp_path):
    lines = ["case_id,at,person,unit,topic"]
    lines += [f"V{i},2026-01-{1 + i % 28:02d}T08:00:00Z,a{i % 6},Desk,Bill" for i in range(60)]
    (tmp_path / "one.csv").write_text("\n".join(lines))
    workspace = _imported(tmp_path / "one.csv")
    found = route(workspace, attributes=DEEP)
    assert [c.contact for c in found.contacts] == ["Desk"]
    assert "one-contact" in found.notes


def _imported(path):
    workspace = path.parent / "w"
    import_files(workspace, [path], ImportOptions(), profile="open")
    return workspace


@pytest.mark.parametrize(
    ("how", "level"), [({"units": False}, "unit"), ({"persons": False}, "person")]
)
def test_a_log_that_names_nobody_at_a_level_says_so(tmp_path, how, level):
    workspace = imported(tmp_path, "open", **how)
    with pytest.raises(LeitwegError) as refused:
        route(workspace, attributes=DEEP, level=level)
    assert refused.value.code == "nothing-to-learn"


def test_the_question_is_noted_without_what_it_was_about(guarded):
    route(guarded, text="secret words", attributes=DEEP, tried=["Desk"], asker=Asker("Kim"))
    entry = audit_entries(guarded)[-1]
    assert (entry.action, entry.who) == ("route", "Kim")
    assert entry.question["tried"] == 1
    assert entry.question["text"] is True
    noted = json.dumps(dict(entry.question))
    assert not [word for word in ("secret", "Bill", "Desk") if word in noted]


def test_who_answers_requests_may_ask_and_a_works_council_may_not(guarded):
    assert route(guarded, attributes=DEEP, asker=Asker("Kim", "service-agent")).contacts
    with pytest.raises(AccessError):
        route(guarded, attributes=DEEP, asker=Asker("Kim", "works-council"))


def test_nothing_is_answered_while_the_purpose_is_off(guarded):
    switch_purpose(guarded, "routing", on=False, by="Test")
    try:
        with pytest.raises(AccessError) as refused:
            route(guarded, attributes=DEEP)
        assert refused.value.code == "purpose-off"
    finally:
        switch_purpose(guarded, "routing", on=True, by="Test", basis="planted")


def backlog(home):
    path = home / "backlog.csv"
    rows = ["case_id,topic,customer", "N1,Bill,C1", "N2,Meter,C2", "N3,Bill,C900", "N4,Moon,C1"]
    path.write_text("\n".join(rows))
    return path


@pytest.mark.parametrize("profile", ["guarded", "planted"])
def test_a_backlog_is_assigned_where_it_belongs(profile, request, tmp_path):
    found = route_backlog(request.getfixturevalue(profile), backlog(tmp_path))
    told = {row.case_id: row.first[0] for row in found.assignment.rows}
    assert (told["N1"], told["N2"], told["N3"]) == ("Sales", "Claims", "Sales")
    assert found.notes == ("unknown-value: topic=Moon",)
    document = backlog_document(found, "de")
    assert set(document["compared"]) == {"optimal", "greedy", "likeliest"}
    assert not PSEUDONYM.search(json_text(document))


def test_a_protected_backlog_names_the_people_of_the_roster(guarded, tmp_path):
    ours = {person_of("Sales", 3 * i) for i in range(2)}
    who = roster(tmp_path, *(f"{one},Sales,5,0,," for one in sorted(ours)))
    found = route_backlog(guarded, backlog(tmp_path), level="person", roster=who)
    named = {name for row in found.assignment.rows for name in (row.contact, *row.first) if name}
    assert named <= ours
    assert named
