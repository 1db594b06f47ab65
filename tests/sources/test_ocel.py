"""Object-centric logs: the five forms give the same rows; cases, persons, values over time."""

from pathlib import Path

import pytest
from ocel_fixture import SECOND_VERSION, WRITERS, Event, Log, Thing, read_bytes, read_log

from leitweg.domain.errors import SourceError
from leitweg.domain.states import State
from leitweg.domain.tables import CASES, EVENTS

NOON_US = 1_709_294_400_000_000  # 2024-03-01T12:00:00Z
HOUR_US = 3_600_000_000


def at(hours: int) -> str:
    return f"2024-03-0{1 + (12 + hours) // 24}T{(12 + hours) % 24:02d}:00:00Z"


def orders() -> Log:
    """Two orders, one event that belongs to both, one that belongs to none."""
    events = [
        Event("e1", "place", at(0), ("o1", "i1", "i2"), {"resource": "Ann", "team": "Sales"}),
        Event("e2", "place", at(1), ("o2", "i3"), {"resource": "Bob", "team": "Sales"}),
        Event("e3", "ship", at(3), ("o2", "o1"), {"resource": "Cem", "team": "Store"}),
        Event("e4", "clean", at(4), ("i1",), {"resource": "Dora", "team": "Store"}),
        Event("e5", "close", at(5), ("o1",), {"resource": "Ann", "team": "Sales"}),
    ]
    things = [
        Thing("o1", "order", {"region": "north", "priority": "high"}),
        Thing("o2", "order", {"region": "south"}),
        Thing("o3", "order", {"region": "west"}),
        *(Thing(f"i{i}", "item") for i in (1, 2, 3)),
    ]
    return events, things


@pytest.mark.parametrize("packing", ["", ".gz"])
@pytest.mark.parametrize("name", WRITERS)
def test_every_form_gives_the_same_rows(tmp_path: Path, name: str, packing: str):
    reading = read_log(tmp_path, name + packing, orders(), case_object="order")
    assert (reading.kind, reading.rows_read, reading.rejects) == ("ocel", 5, ())
    events, cases = reading.tables["events"], reading.tables["cases"]
    assert (events.schema, cases.schema) == (EVENTS.schema, CASES.schema)
    assert events.select(["case_id", "person", "unit", "activity", "seq"]).to_pylist() == [
        {"case_id": c, "person": p, "unit": u, "activity": a, "seq": s}
        for c, p, u, a, s in (
            ("o1", "Ann", "Sales", "place", 0),
            ("o2", "Bob", "Sales", "place", 1),
            ("o1", "Cem", "Store", "ship", 2),
            ("o2", "Cem", "Store", "ship", 2),
            ("o1", "Ann", "Sales", "close", 4),
        )
    ]
    hours = [(moment - NOON_US) / HOUR_US for moment in events["at_us"].to_pylist()]
    assert hours == [0, 1, 3, 3, 5]
    assert cases["case_id"].to_pylist() == ["o1", "o2"]
    assert cases["priority"].to_pylist() == ["high", None]
    assert [dict(pairs) for pairs in cases["attributes"].to_pylist()] == [
        {"case:region": "north"},
        {"case:region": "south"},
    ]
    assert reading.mapping == {
        "case_id": "order",
        "activity": "ocel:activity",
        "at": "ocel:timestamp",
        "person": "resource",
        "unit": "team",
        "priority": "case:priority",
    }
    file = name
    assert reading.warnings == (
        f"{file}: 1 events belong to several objects of type 'order' and stand in each of their "
        "cases.",
        f"{file}: 1 events have no object of type 'order' and were left out.",
        f"{file}: 1 objects of type 'order' have no event and were left out.",
    )


@pytest.mark.parametrize("name", WRITERS)
def test_the_form_is_told_by_the_content(tmp_path: Path, name: str):
    known = read_log(tmp_path, name, orders(), case_object="order")
    content = WRITERS[name](orders())
    for kind in ("auto", "events", "ocel"):
        reading = read_bytes(tmp_path, "export.dat", content, case_object="order", kind=kind)
        assert reading.tables["events"].equals(known.tables["events"])


def test_the_only_type_that_fits_is_taken_with_a_warning(tmp_path: Path):
    events, things = orders()
    alone = [Event(e.id, e.activity, e.at, e.objects[:1], e.values) for e in events]
    reading = read_log(tmp_path, "log.json", (alone, things))
    assert reading.mapping["case_id"] == "order"
    assert reading.warnings[0] == (
        "log.json: the objects of type 'order' were taken as cases, the only type that fits. "
        "Choose with --case-object TYPE."
    )


def test_two_types_that_fit_are_listed(tmp_path: Path):
    events, things = orders()
    both = [Event(e.id, e.activity, e.at, ("o1", "x1"), e.values) for e in events]
    with pytest.raises(SourceError) as caught:
        read_log(tmp_path, "log.json", (both, [*things, Thing("x1", "parcel")]))
    assert caught.value.code == "case-object-needed"
    assert caught.value.detail == (
        "log.json: several types of objects, or none, could be the cases. Choose one with "
        "--case-object TYPE; types (objects/events): 'order' (3/5), 'parcel' (1/5), 'item' (3/0)."
    )
    assert caught.value.fields["types"][1] == {"type": "order", "objects": 3, "events": 5}


def test_persons_units_and_customers_are_never_proposed_as_cases(tmp_path: Path):
    events = [Event(f"e{i}", "do", at(i), ("Ann", f"t{i % 3}")) for i in range(6)]
    things = [Thing("Ann", "employees"), *(Thing(f"t{i}", "tickets") for i in range(3))]
    reading = read_log(tmp_path, "log.json", (events, things))
    assert reading.mapping["case_id"] == "tickets"
    assert reading.mapping["person"] == "employees"
    assert set(reading.tables["events"]["person"].to_pylist()) == {"Ann"}


def test_a_type_is_named_with_any_case_and_an_unknown_one_is_refused(tmp_path: Path):
    assert (
        read_log(tmp_path, "log.xml", orders(), case_object="ORDER").mapping["case_id"] == "order"
    )
    with pytest.raises(SourceError) as caught:
        read_log(tmp_path, "log.xml", orders(), case_object="invoice")
    assert caught.value.code == "unknown-case-object"
    assert "'order' (3/4)" in caught.value.detail


def with_people() -> Log:
    events = [
        Event("e1", "ask", at(0), ("c1", ("Zoe", "packer"), ("Ann", "clerk"))),
        Event("e2", "answer", at(1), ("c1", ("Bob", "clerk"), ("T2", "queue"))),
        Event("e3", "ask", at(2), ("c2", ("Ann", "packer"))),
        Event("e4", "answer", at(3), ("c2",), {"helper": "Cem"}),
    ]
    things = [
        Thing("c1", "claim", linked=("K1",)),
        Thing("c2", "claim"),
        Thing("Ann", "employees", {"branch": "Ulm"}, (("branch", "Kiel", at(2)),)),
        Thing("Bob", "employees", {"branch": "Bonn"}),
        Thing("Zoe", "employees", {"branch": "Jena"}),
        Thing("T2", "teams"),
        Thing("K1", "customers"),
    ]
    return events, things


@pytest.mark.parametrize("name", SECOND_VERSION)
def test_persons_units_and_customers_from_related_objects(tmp_path: Path, name: str):
    reading = read_log(tmp_path, name, with_people(), case_object="claim")
    events = reading.tables["events"]
    assert events["person"].to_pylist() == ["Ann", "Bob", "Ann", None]
    assert events["unit"].to_pylist() == [None, "T2", None, None]
    assert reading.tables["cases"]["customer"].to_pylist() == ["K1", None]
    told = "\n".join(reading.warnings)
    assert "person was taken from related objects ('employees')" in told
    assert "1 events have several objects of 'employees'; the first by its id" in told


@pytest.mark.parametrize("name", SECOND_VERSION)
def test_a_role_an_attribute_of_a_related_object_and_several_columns(tmp_path: Path, name: str):
    mapping = {"person": "employees/packer, helper", "unit": "employees.branch"}
    reading = read_log(tmp_path, name, with_people(), case_object="claim", mapping=mapping)
    events = reading.tables["events"]
    assert events["person"].to_pylist() == ["Zoe", None, "Ann", "Cem"]
    # where Ann works when the event happens
    assert events["unit"].to_pylist() == ["Ulm", "Bonn", "Kiel", None]
    assert "helper" not in (*reading.attributes, *reading.left_over)


def test_a_name_that_is_none_is_refused_with_what_there_is(tmp_path: Path):
    with pytest.raises(SourceError) as caught:
        read_log(
            tmp_path, "log.json", with_people(), case_object="claim", mapping={"person": "clerks"}
        )
    assert caught.value.code == "unknown-column"
    assert "'employees'" in caught.value.detail
    assert "employees/clerk" in caught.value.fields["columns"]


def test_without_a_holder_the_file_is_refused(tmp_path: Path):
    events = [Event("e1", "ask", at(0), ("c1",)), Event("e2", "end", at(1), ("c1",))]
    with pytest.raises(SourceError) as caught:
        read_log(tmp_path, "log.json", (events, [Thing("c1", "claim")]))
    assert caught.value.code == "missing-column"
    assert "--map person=NAME" in caught.value.detail
    # a place for every activity, where nothing else is known
    reading = read_log(
        tmp_path, "log.json", (events, [Thing("c1", "claim")]), mapping={"unit": "ocel:activity"}
    )
    assert reading.tables["events"]["unit"].to_pylist() == ["ask", "end"]


@pytest.mark.parametrize("name", SECOND_VERSION)
def test_values_stand_as_they_were_at_the_first_event(tmp_path: Path, name: str):
    things = [
        Thing(
            "c1",
            "claim",
            {"topic": "fire", "outcome": "none yet"},
            (
                ("topic", "flood", at(0)),
                ("topic", "storm", at(2)),
                ("size", "big", at(1)),
                ("outcome", "paid", at(40)),
            ),
        ),
        Thing("c2", "claim", {"topic": "theft"}),
    ]
    who = {"resource": "Ann"}
    # the first event of c1 by time is the second of the file
    events = [
        Event("e1", "work", at(3), ("c1",), who),
        Event("e2", "open", at(1), ("c1",), who),
        Event("e3", "open", at(2), ("c2",), who),
    ]
    cases = read_log(tmp_path, name, (events, things), case_object="claim").tables["cases"]
    rows = {row["case_id"]: row for row in cases.to_pylist()}
    assert (rows["c1"]["topic"], rows["c2"]["topic"]) == ("flood", "theft")
    assert rows["c1"]["outcome"] == "paid"
    assert rows["c1"]["attributes"] == [("case:size", "big")]


def test_starts_states_missing_marks_zones_and_machines_as_in_other_logs(tmp_path: Path):
    events = [
        Event(
            "e1",
            "work",
            "2024-03-01 13:00:00",
            ("c1",),
            {"start_timestamp": "2024-03-01 12:30:00", "user": "siebel", "group": "?"},
        ),
        Event("e2", "pause", "2024-03-01 14:00:00", ("c1",), {"user": "Bob", "group": "Sales"}),
    ]
    reading = read_log(
        tmp_path,
        "log.jsonocel",
        (events, [Thing("c1", "claim")]),
        time_zone="Europe/Berlin",
        states={"pause*": "waiting_third"},
        missing=("?",),
    )
    table = reading.tables["events"]
    assert table["started_us"].to_pylist() == [NOON_US - HOUR_US // 2, None]
    assert table["at_us"].to_pylist() == [NOON_US, NOON_US + HOUR_US]
    assert table["unit"].to_pylist() == [None, "Sales"]
    assert reading.states["pause/*"] == "waiting_third"
    assert table["state"].to_pylist() == [State.UNKNOWN, State.WAITING_THIRD]
    assert reading.machine_proposals == ("siebel",)
    with pytest.raises(SourceError) as caught:
        read_log(tmp_path, "log.jsonocel", (events, [Thing("c1", "claim")]))
    assert caught.value.code == "naive-time"


@pytest.mark.parametrize("name", WRITERS)
def test_the_order_of_the_file_and_the_ids_change_no_row(tmp_path: Path, name: str):
    events, things = orders()
    straight = read_log(tmp_path, name, (events, things), case_object="order")
    turned = read_log(tmp_path, name, (events[::-1], things[::-1]), case_object="order")
    columns = ["case_id", "at_us", "person", "unit", "activity"]

    def rows(reading):
        return sorted(
            tuple(r.values()) for r in reading.tables["events"].select(columns).to_pylist()
        )

    assert rows(straight) == rows(turned)


def test_the_text_of_a_case_may_come_from_several_attributes(tmp_path):
    events = [
        Event("e1", "open", "2024-05-06T08:00:00Z", ("c1",), {"team": "A", "words": "help me"}),
        Event("e2", "answer", "2024-05-06T09:00:00Z", ("c1",), {"team": "B", "words": "done"}),
    ]
    things = [Thing("c1", "claim", {"title": "Wheel"})]
    mapping = {"unit": "team", "text": "case:title+words"}
    reading = read_log(tmp_path, "log.json", (events, things), mapping=mapping)
    assert reading.tables["cases"]["text"].to_pylist() == ["Wheel\nhelp me"]
    assert reading.mapping["text"] == "case:title+words"
    assert reading.attributes == ()
    assert reading.left_over == ()
