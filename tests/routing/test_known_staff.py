"""Rosters and backlogs as the workspace names their ids, with what it knows beside."""

from canonical_rows import rows_of
from leitweg.domain.assignments import BacklogRow
from leitweg.domain.rosters import Contact, Need, Roster
from leitweg.routing.known_staff import roster_of, stored_roster, with_known_staff
from leitweg.routing.waiting import waiting_of


def shown(kind, id_):
    """Units stay as they are, all other ids carry their kind."""
    return id_ if kind == "unit" else f"{kind}:{id_}"


ROSTER = Roster(
    (
        Contact("anna", unit="X", customers=frozenset({"C"})),
        Contact("X"),
        Contact("lone"),
    )
)


def test_ids_of_a_roster_are_those_of_the_workspace():
    found = stored_roster(ROSTER, "person", shown).contacts
    assert [c.contact for c in found] == ["person:anna", "X", "person:lone"]
    assert found[0].unit == "X"
    assert found[0].customers == {"customer:C"}


def test_a_row_without_a_unit_is_one_where_units_are_asked_for():
    found = stored_roster(ROSTER, "unit", shown).contacts
    assert [c.contact for c in found] == ["person:anna", "X", "lone"]


def test_tables_fill_in_what_the_roster_leaves_open():
    tables = {
        "absences": rows_of("absences", person=["a", "b"], from_us=[5, 6], to_us=[7, 8]),
        "people": rows_of(
            "people",
            person=["a", "a", "b"],
            unit=["Old", "New", "Y"],
            language=["English", "Deutsch", None],
            valid_from_us=[1, 2, None],
            valid_to_us=[2, None, 99],
        ),
    }
    roster = Roster((Contact("a", absences=((1, 2),)), Contact("b", unit="Z", valid_to_us=50)))
    a, b = with_known_staff(roster, tables).contacts
    assert a.absences == ((1, 2), (5, 7))
    assert (a.unit, a.languages, a.valid_to_us) == ("New", {"de"}, None)
    assert (b.unit, b.languages, b.valid_to_us) == ("Z", frozenset(), 50)
    assert with_known_staff(roster, {}) == roster
    assert [c.contact for c in with_known_staff(roster_of(("q",)), tables).contacts] == ["q"]


def test_a_backlog_becomes_requests():
    row = BacklogRow("V1", "ab", {"topic": "T"}, 7, "anna", ("bert",), "de", frozenset({"r"}), "C")
    features = {"ab": "numbers"}.get
    (found,) = waiting_of((row,), at_us=9, features=features, stored=shown, contact_kind="person")
    assert found.case_id == "V1"
    assert found.request.attributes == {"topic": "T", "customer": "customer:C"}
    assert found.request.text == "numbers"
    assert (found.request.first_contact, found.request.tried) == ("person:anna", ("person:bert",))
    assert found.request.at_us == 7
    assert found.need == Need(9, "de", frozenset({"r"}), "customer:C")


def test_an_empty_text_is_none():
    (found,) = waiting_of((BacklogRow("V1", ""),), at_us=9, features=lambda text: [])
    assert found.request.text is None
    assert found.request.first_contact is None
