"""Profiles of a cold start: what the company has written down, and nothing of few people."""

import numpy as np

from canonical_rows import rows_of
from leitweg.domain.rosters import Contact, Roster
from leitweg.privacy.text_features import TextFeatures
from leitweg.routing.profiles import person_profiles, profiles_of, unit_profiles

FEATURES = TextFeatures(b"k").of
UNITS = rows_of(
    "units",
    unit=["S", "S1", "B"],
    name=["Service", "Claims", None],
    parent=[None, "S", None],
    purpose=[None, "Settles damage.", None],
)


def times(profiles, unit, word):
    """How often the features of a word stand in the profile of a unit."""
    (text,) = (p.text for p in profiles if p.contact == unit)
    return int((text == FEATURES(word)[0]).sum())


def test_a_unit_is_told_by_its_names_and_its_purpose():
    found = unit_profiles({"units": UNITS}, features=FEATURES)
    assert [p.contact for p in found] == ["B", "S", "S1"]
    assert [times(found, "S1", word) for word in ("claims", "service", "damage", "bill")] == [
        *(1, 1, 1, 0)
    ]
    assert times(found, "S", "damage") == 0
    assert times(found, "B", "b") == 1
    assert found[2].unit == "S1"


def test_units_above_each_other_in_a_circle_end():
    circle = rows_of("units", unit=["A", "B"], name=["Ah", "Beh"], parent=["B", "A"])
    found = unit_profiles({"units": circle}, features=FEATURES)
    assert [times(found, unit, "beh") for unit in "AB"] == [1, 1]


def qualified(holders, size=10):
    persons = [f"p{i}" for i in range(size)]
    return {
        "people": rows_of("people", person=persons, kind=["person"] * size, unit=["X"] * size),
        "qualifications": rows_of(
            "qualifications", person=persons[:holders], skill=["welding"] * holders
        ),
    }


def test_a_skill_weighs_by_the_share_of_those_who_have_it():
    weights = [
        times(unit_profiles(qualified(n), features=FEATURES), "X", "welding") for n in (1, 5, 10)
    ]
    assert weights == [1, 2, 3]


def test_skills_of_fewer_than_k_people_are_left_out():
    assert unit_profiles(qualified(4), features=FEATURES, least_people=5) == ()
    assert len(unit_profiles(qualified(5), features=FEATURES, least_people=5)) == 1


def test_a_person_counts_in_the_latest_unit_and_machines_in_none():
    tables = {
        "people": rows_of(
            "people",
            person=["p", "p", "m"],
            kind=["person", "person", "system"],
            unit=["New", "Old", "New"],
            valid_from_us=[9, 1, 1],
        ),
        "qualifications": rows_of("qualifications", person=["p", "m"], skill=["sql", "batch"]),
    }
    found = unit_profiles(tables, features=FEATURES)
    assert [p.contact for p in found] == ["New"]
    assert (times(found, "New", "sql"), times(found, "New", "batch")) == (3, 0)


def test_titles_of_positions_count_once():
    positions = rows_of("positions", position=["1", "2"], unit=["X", "X"], title=["Adjuster"] * 2)
    found = unit_profiles({"positions": positions}, features=FEATURES)
    assert times(found, "X", "adjuster") == 1


ROSTER = Roster(
    (
        Contact("X", purpose="Pays invoices."),
        Contact("anna", unit="X", permissions=frozenset({"refunds"})),
        Contact("bert", unit="X"),
    )
)


def test_a_roster_adds_what_it_says():
    units = profiles_of("unit", {"units": UNITS}, features=FEATURES, roster=ROSTER)
    assert times(units, "X", "invoices") == 1
    persons = profiles_of("person", {}, features=FEATURES, roster=ROSTER)
    assert [(p.contact, p.unit) for p in persons] == [("anna", "X")]
    assert np.array_equal(persons[0].text, FEATURES("refunds"))


def test_nothing_said_is_no_profile():
    assert unit_profiles({}, features=FEATURES) == ()
    assert person_profiles(None, features=FEATURES) == ()
