"""What was told stays told, and who was erased stays erased, across an exchange of the key."""

from planted_breakdown import FULL, events_of, imported, named, staff, write

from leitweg.domain.imports import ImportOptions
from leitweg.privacy.pseudonyms import pseudonym
from leitweg.store import open_workspace
from leitweg.studies.breaking_down import break_down
from leitweg.studies.importing import import_files
from leitweg.studies.person_rights import erase_person
from leitweg.studies.rekeying import rekey


def test_two_attributes_that_differ_by_one_person_are_not_both_told_across_keys(tmp_path):
    people = staff(
        (12, "Sales", "Kiel", "Seller", FULL),
        (1, "Sales", "Kiel", "Head", FULL),
        (19, "Claims", "Kiel", "Clerk", FULL),
        (6, "Claims", "Bonn", "Head", FULL),
    )
    place = imported(tmp_path, people, events_of(people))
    ids = set(open_workspace(place).read("people")["person"].to_pylist())
    units = named(break_down(place, by=["unit"]))
    assert units["Sales",] is not None
    rekey(place)
    assert not ids & set(open_workspace(place).read("people")["person"].to_pylist())
    assert named(break_down(place, by=["position"]))["Seller",] is None
    assert named(break_down(place, by=["unit"])) == units


def test_who_was_erased_stays_erased_across_keys(tmp_path):
    people = staff((8, "Sales", "Kiel", "Seller", FULL))
    place = imported(tmp_path, people, events_of(people))
    erase_person(place, ["person003"])
    before = open_workspace(place).rows("events")
    rekey(place)
    later = [row | {"case_id": f"later {row['case_id']}"} for row in events_of(people)]
    import_files(place, [write(tmp_path / "later.csv", later)], ImportOptions())
    after = open_workspace(place)
    assert after.rows("events") == 2 * before
    key = after.key()
    assert pseudonym("person", "person003", key) not in after.distinct("events", "person")
    assert pseudonym("person", "person004", key) in after.distinct("events", "person")
