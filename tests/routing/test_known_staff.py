"""What a workspace knows of the contacts of a roster."""

from canonical_rows import rows_of
from leitweg.domain.rosters import Contact, Roster
from leitweg.routing.known_staff import roster_of, with_known_staff


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
