from itertools import permutations

import pyarrow as pa
import pytest

from canonical_rows import as_set, events, fixed_clock, rows_of
from leitweg.store import create_workspace
from leitweg.store.merging import Part, merged


def case(case_id, **columns):
    return rows_of("cases", case_id=[case_id], **{n: [v] for n, v in columns.items()})


FIRST_HALF = {
    "events": events(("v", 10, "al", "A"), ("v", 20, "bo", "B")),
    "cases": case(
        "v",
        topic="invoice",
        attributes=[("product", "P1")],
        outcome="open",
        text="Wheel is flat",
        text_features=[7, 7, 9],
    ),
}
SECOND_HALF = {
    "events": events(("v", 30, "cy", "C"), ("w", 35, "cy", "C")),
    "cases": pa.concat_tables(
        [
            case(
                "v",
                topic="refund",
                channel="mail",
                attributes=[("product", "P9"), ("x", "1")],
                text="An answer",
                text_features=[1],
            ),
            case("w", topic="other"),
        ]
    ),
}
CASE_TABLE = {
    "cases": case("v", opened_us=5, closed_us=40, priority="high", topic="of the last day")
}


@pytest.mark.parametrize("order", list(permutations([FIRST_HALF, SECOND_HALF, CASE_TABLE])))
def test_a_case_cut_in_several_imports_is_one_case_whatever_their_order(tmp_path, order):
    place = create_workspace(tmp_path / "w", profile="open", clock=fixed_clock)
    for tables in order:
        with place.writing() as change:
            change.add(tables)
    assert place.rows("cases") == 2
    v, w = place.read("cases").to_pylist()
    assert v == {
        "case_id": "v",
        "kind": None,
        "customer": None,
        "topic": "invoice",
        "priority": "high",
        "channel": "mail",
        "opened_us": 5,
        "closed_us": 40,
        "outcome": "open",
        "attributes": [("product", "P1"), ("x", "1")],
        "text": "Wheel is flat",
        "text_features": [7, 7, 9],
    }
    assert (w["case_id"], w["topic"]) == ("w", "other")
    assert place.rows("events") == 4


def test_a_log_without_clock_is_merged_by_its_order():
    late = rows_of("events", case_id=["v"], seq=[7])
    early = rows_of("events", case_id=["v"], seq=[2])
    parts = [
        Part(case("v", topic="second"), pa.table({"case_id": late["case_id"], "first": [7]})),
        Part(case("v", topic="first"), pa.table({"case_id": early["case_id"], "first": [2]})),
    ]
    assert merged("cases", parts)["topic"].to_pylist() == ["first"]


def test_the_newer_import_corrects_a_unit_and_keeps_what_it_leaves_empty():
    old = Part(
        rows_of(
            "units",
            unit=["A", "B"],
            name=["Old", "Bee"],
            parent=["Z", None],
            purpose=["Bills", None],
        )
    )
    new = Part(rows_of("units", unit=["A"], name=["New"]))
    assert merged("units", [old, new]).to_pylist() == [
        {"unit": "A", "name": "New", "parent": "Z", "purpose": "Bills"},
        {"unit": "B", "name": "Bee", "parent": None, "purpose": None},
    ]


def test_a_person_keeps_one_row_per_stretch_of_time():
    first = rows_of("people", person=["al", "al"], unit=["A", "B"], valid_from_us=[1, 9])
    again = rows_of("people", person=["al"], unit=["C"], valid_from_us=[9])
    found = merged("people", [Part(first), Part(again)])
    assert as_set(found, "person", "unit", "valid_from_us") == {("al", "A", 1), ("al", "C", 9)}


@pytest.mark.parametrize("machine_first", [True, False])
def test_a_named_machine_is_one_in_all_its_rows(machine_first):
    people = Part(
        rows_of(
            "people", person=["sap", "sap", "al"], unit=["A", "B", "A"], valid_from_us=[1, 9, 1]
        )
    )
    machine = Part(rows_of("people", person=["sap", "bot"], kind=["system", "system"]))
    parts = [machine, people] if machine_first else [people, machine]
    found = merged("people", parts)
    assert as_set(found, "person", "kind", "unit") == {
        ("sap", "system", "A"),
        ("sap", "system", "B"),
        ("bot", "system", None),
        ("al", None, "A"),
    }
