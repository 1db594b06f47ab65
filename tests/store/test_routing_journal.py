"""The journal of the router: what was written is read again, in order, whatever was rewritten."""

import dataclasses
import threading

import numpy as np
import pytest

from leitweg.domain.routing import Request
from leitweg.domain.routing_journal import JournalEntry, Suggested
from leitweg.store.application.database import open_database
from leitweg.store.application.routing_journal import (
    append,
    entries_after,
    last_of_case,
    position,
    rewrite,
)

REQUEST = Request(
    at_us=10,
    attributes={"topic": "Zähler", "product": "X"},
    text=np.array([3, 3, 70_000, 524_287]),
    first_contact="Front",
    tried=("Front", "Back"),
)
ENTRIES = (
    JournalEntry(
        11,
        "routed",
        REQUEST,
        "v1",
        "unit",
        suggested=(Suggested("Claims", 0.7), Suggested("Legal", 0.1)),
        propensity=0.975,
        someone_new=0.05,
        abstained=True,
    ),
    JournalEntry(12, "handover", REQUEST, "v1", "unit", from_contact="Front", to_contact="Claims"),
    JournalEntry(13, "override", Request(), None, "person", from_contact="a", to_contact="b"),
    JournalEntry(
        14,
        "closed",
        REQUEST,
        "v1",
        unit="Claims",
        person="p-1",
        unit_path=("Front", "Claims"),
        person_path=("p-0", "p-1"),
    ),
)


@pytest.fixture
def database(tmp_path):
    return open_database(tmp_path, "aa11")


def plain(entry):
    text = entry.request.text
    request = dataclasses.replace(entry.request, text=None if text is None else text.tolist())
    return dataclasses.replace(entry, request=request, seq=0)


def test_entries_come_back_as_they_were_written(database):
    assert append(database, ENTRIES[:3]) == 3
    assert append(database, ENTRIES[3:]) == position(database) == 4
    read = entries_after(database)
    assert [entry.seq for entry in read.entries] == [1, 2, 3, 4]
    assert [plain(entry) for entry in read.entries] == [plain(entry) for entry in ENTRIES]
    assert (read.position, read.was_rewritten) == (4, False)


def test_a_reader_goes_on_where_it_stopped(database):
    append(database, ENTRIES)
    assert [e.kind for e in entries_after(database, 2).entries] == ["override", "closed"]
    read = entries_after(database, 1, kinds=("closed",))
    assert ([e.seq for e in read.entries], read.position) == ([4], 4)
    assert entries_after(database, 4).entries == ()


def test_what_a_router_learns_from_a_closing_depends_on_its_level(database):
    append(database, ENTRIES)
    closing = entries_after(database).entries[-1]
    unit, person = closing.closed("unit"), closing.closed("person")
    assert (unit.contact, unit.path, unit.closed_us) == ("Claims", ("Front", "Claims"), 14)
    assert (person.contact, person.unit) == ("p-1", "Claims")
    assert dataclasses.replace(closing, person=None).closed("person") is None
    assert ENTRIES[0].closed("unit") is None


def test_the_last_entry_of_a_case_is_found(database):
    append(database, [*ENTRIES, dataclasses.replace(ENTRIES[0], at_us=20)])
    assert last_of_case(database, "v1", kinds=("routed",)).at_us == 20
    assert last_of_case(database, "v1", kinds=("handover",)).at_us == 12
    assert last_of_case(database, "v2", kinds=("routed",)) is None


def test_a_batch_that_fails_leaves_nothing(database):
    broken = dataclasses.replace(ENTRIES[1], at_us=None)
    with pytest.raises(Exception, match=r"damaged|NOT NULL"):
        append(database, [ENTRIES[0], broken])
    assert position(database) == 0


def without_person(row):
    said = {name: value for name, value in row.said.items() if not name.startswith("person")}
    return dataclasses.replace(row, said=said) if row.kind != "override" else None


def test_rewriting_changes_rows_where_they_are_and_says_so(database):
    append(database, ENTRIES)
    with database.writing() as connection:
        assert rewrite(connection, without_person, 50) == (1, 1)
    read = entries_after(database)
    assert [entry.seq for entry in read.entries] == [1, 2, 4]
    assert read.entries[-1].person is None
    assert read.entries[-1].unit == "Claims"
    assert read.was_rewritten
    assert entries_after(database, 4).was_rewritten
    assert not entries_after(database, read.position).was_rewritten


def test_rewriting_that_changes_nothing_says_nothing(database):
    append(database, ENTRIES)
    with database.writing() as connection:
        assert rewrite(connection, lambda row: row, 50) == (0, 0)
    assert not entries_after(database).was_rewritten


def test_a_place_is_never_given_away_twice(database):
    append(database, ENTRIES)
    with database.writing() as connection:
        rewrite(connection, lambda row: None, 50)
    assert append(database, ENTRIES[:1]) == 6


def test_writers_side_by_side_lose_nothing(database):
    def write(number):
        for step in range(5):
            entry = dataclasses.replace(ENTRIES[0], at_us=step, case_id=f"c{number}")
            append(database, [entry, entry])

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    read = entries_after(database)
    assert [entry.seq for entry in read.entries] == list(range(1, 41))
    assert [e.at_us for e in read.entries if e.case_id == "c2"] == [
        s for s in range(5) for _ in "ab"
    ]
