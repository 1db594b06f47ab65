"""Closings of the journal beside the cases of the tables: each case is learnt once."""

import dataclasses

import numpy as np
import pytest

from leitweg.domain.routing import Coded, History, Ragged, Request
from leitweg.domain.routing_journal import JournalEntry
from leitweg.routing.closings import no_history, with_closings


def ragged(*rows):
    offsets = np.cumsum([0, *(len(row) for row in rows)])
    return Ragged(offsets, np.array([v for row in rows for v in row], np.int32))


@pytest.fixture
def history():
    """Case a resolved by Claims, b open at Front, c resolved by Front and anna."""
    return History(
        case_ids=("a", "b", "c"),
        opened=np.array([10, 20, 30]),
        closed=np.array([15, -(2**63), 35]),
        attributes={"topic": Coded(np.array([0, 1, -1], np.int32), ("bill", "meter"))},
        text=ragged((5, 6), (7,), ()),
        unit=Coded(np.array([1, -1, 0], np.int32), ("Front", "Claims")),
        person=Coded(np.array([-1, -1, 0], np.int32), ("anna",)),
        unit_path=ragged((0, 1), (), (0,)),
        person_path=ragged((), (), (0,)),
        person_unit=np.array([0], np.int32),
        has_clock=True,
    )


def closing(case_id, at_us, unit, *, opened=None, person=None, path=(), text=None, **attributes):
    numbers = None if text is None else np.array(text)
    request = Request(opened, attributes, numbers)
    return JournalEntry(at_us, "closed", request, case_id, unit=unit, person=person, unit_path=path)


def told(history, name="unit"):
    column = getattr(history, name)
    return {
        case: None if code < 0 else column.labels[code]
        for case, code in zip(history.case_ids, column.codes, strict=True)
    }


def path_of(history, case_id):
    row = history.unit_path.row(history.case_ids.index(case_id))
    return [history.unit.labels[code] for code in row]


def test_a_case_of_the_tables_wins_over_the_journal(history):
    joined, used = with_closings(history, [closing("a", 99, "Legal"), closing("c", 99, "Legal")])
    assert used == 0
    assert joined is history


def test_a_new_case_is_learnt_at_its_place_in_time(history):
    new = closing(
        "n",
        28,
        "Legal",
        opened=25,
        person="bert",
        path=("Front", "Legal"),
        text=(3, 9),
        topic="law",
    )
    joined, used = with_closings(history, [new])
    assert used == 1
    assert joined.case_ids == ("a", "b", "n", "c")
    assert joined.opened.tolist() == [10, 20, 25, 30]
    assert told(joined) == {"a": "Claims", "b": None, "n": "Legal", "c": "Front"}
    assert told(joined, "person")["n"] == "bert"
    assert path_of(joined, "n") == ["Front", "Legal"]
    assert path_of(joined, "a") == ["Front", "Claims"]
    assert joined.text.row(2).tolist() == [3, 9]
    assert joined.text.row(0).tolist() == [5, 6]
    topic = joined.attributes["topic"]
    assert [topic.labels[c] if c >= 0 else None for c in topic.codes] == [
        "bill",
        "meter",
        "law",
        None,
    ]
    assert joined.unit.labels[joined.person_unit[joined.person.labels.index("bert")]] == "Legal"
    assert joined.unit.labels[joined.person_unit[joined.person.labels.index("anna")]] == "Front"


def test_an_open_case_of_the_tables_gets_its_contact_and_keeps_what_they_knew(history):
    joined, used = with_closings(history, [closing("b", 40, "Claims", topic="other", text=(1,))])
    assert used == 1
    assert joined.case_ids == ("a", "b", "c")
    row = joined.case_ids.index("b")
    assert told(joined)["b"] == "Claims"
    assert joined.closed[row] == 40
    assert joined.opened[row] == 20
    assert joined.attributes["topic"].labels[joined.attributes["topic"].codes[row]] == "meter"
    assert joined.text.row(row).tolist() == [7]


def test_of_several_closings_of_a_case_the_last_counts(history):
    entries = [closing("n", 40, "Legal"), closing("m", 41, "Front"), closing("n", 50, "Claims")]
    joined, used = with_closings(history, entries)
    assert used == 2
    assert told(joined)["n"] == "Claims"
    assert joined.closed[joined.case_ids.index("n")] == 50


def test_the_right_contact_ends_the_path_and_repeats_collapse(history):
    entries = [
        closing("n", 40, "Legal"),
        closing("m", 41, "Legal", path=("Front", "Front", "Legal", "Front")),
    ]
    joined, _ = with_closings(history, entries)
    assert path_of(joined, "n") == ["Legal"]
    assert path_of(joined, "m") == ["Front", "Legal", "Front", "Legal"]


def test_where_a_closing_tells_no_way_the_handovers_before_it_do(history):
    handed = [("Front", "Legal"), ("Legal", "Claims")]
    moves = [
        JournalEntry(30 + i, "handover", Request(), "n", "unit", from_contact=a, to_contact=b)
        for i, (a, b) in enumerate(handed)
    ]
    joined, _ = with_closings(
        history, [*moves, closing("n", 40, "Claims"), closing("m", 41, "Legal")]
    )
    assert path_of(joined, "n") == ["Front", "Legal", "Claims"]
    assert path_of(joined, "m") == ["Legal"]


def test_closings_alone_are_a_history():
    entries = [
        closing(None, 40, "Legal", opened=30),
        closing(None, 41, "Front", opened=20, kind="x"),
    ]
    joined, used = with_closings(no_history(), entries)
    assert used == 2
    assert joined.opened.tolist() == [20, 30]
    assert [joined.unit.labels[code] for code in joined.unit.codes] == ["Front", "Legal"]
    assert joined.text is None
    assert [int(c) for c in joined.attributes["kind"].codes] == [0, -1]


def test_behind_a_log_without_a_clock_closings_stand_in_their_order(history):
    ordered = dataclasses.replace(history, has_clock=False, closed=history.opened)
    joined, _ = with_closings(ordered, [closing("m", 10**15, "Legal"), closing("n", 5, "Front")])
    assert joined.case_ids == ("a", "b", "c", "m", "n")
    assert joined.opened.tolist() == [10, 20, 30, 31, 32]
