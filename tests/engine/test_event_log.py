"""The event log: what it holds, and that ids, rows and imports have no say in it."""

import dataclasses
import itertools
import random
from collections import defaultdict

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from log_rows import SECOND, event, numbered

from leitweg.domain.errors import QuestionError
from leitweg.engine.arrays import MISSING
from leitweg.engine.event_log import load_event_log


def numbers(log):
    """Every number of a log, no label."""
    return {
        field.name: getattr(log, field.name)
        for field in dataclasses.fields(log)
        if not isinstance(getattr(log, field.name), (tuple, pa.Array))
    }


def assert_same_numbers(one, other):
    for name, value in numbers(one).items():
        np.testing.assert_array_equal(value, getattr(other, name), err_msg=name)


def test_cases_stand_by_first_time_and_codes_by_first_appearance(load):
    log = load(
        [
            event("late", 50, "Sales", "Ada", "working", activity="call"),
            event("early", 20, "Claims", "Bo", "resolved", started=15, activity="decide"),
            event("early", 10, "Sales", "Bo", "queued", activity="call"),
        ]
    )
    assert log.case_ids.to_pylist() == ["early", "late"]
    assert log.offsets.tolist() == [0, 2, 3]
    assert log.at_us.tolist() == [10 * SECOND, 20 * SECOND, 50 * SECOND]
    assert log.started_us.tolist() == [MISSING, 15 * SECOND, MISSING]
    assert log.units == ("Sales", "Claims")
    assert log.unit.tolist() == [0, 1, 0]
    assert log.persons == ("Bo", "Ada")
    assert log.person.tolist() == [0, 0, 1]
    assert log.activities == ("call", "decide")
    assert log.activity.tolist() == [0, 1, 0]
    assert log.state.tolist() == [1, 5, 2]
    assert (log.has_clock, log.has_states, log.has_queue, log.has_started) == (True,) * 4
    assert log.n_tied_events == 0


def test_cases_of_several_imports_are_merged_column_by_column(write_table):
    events = write_table("events", numbered([event("c", 10, "Sales"), event("d", 20, "Sales")]))
    first = write_table("cases", [{"case_id": "c", "topic": "loan", "opened_us": 7}])
    second = write_table(
        "cases",
        [
            {"case_id": "c", "topic": "card", "closed_us": 99, "priority": "high"},
            {"case_id": "never seen", "topic": "gift"},
        ],
    )
    log = load_event_log({"events": [events], "cases": [first, second], "people": []})
    assert log.topics == ("loan",)
    assert log.topic.tolist() == [0, -1]
    assert log.priorities == ("high",)
    assert log.opened_us.tolist() == [7, MISSING]
    assert log.closed_us.tolist() == [99, MISSING]
    assert log.customers == ()
    assert log.customer.tolist() == [-1, -1]


def test_missing_unit_is_the_one_the_person_belonged_to_at_the_time(load):
    people = [
        {"person": "Ada", "unit": "Claims", "valid_from_us": 20 * SECOND},
        {"person": "Ada", "unit": "Sales", "valid_to_us": 20 * SECOND},
        {"person": "Bo", "unit": "Legal"},
    ]
    log = load(
        [
            event("c", 19, person="Ada"),
            event("c", 20, person="Ada"),
            event("c", 21, "Front", "Ada"),
            event("c", 22, person="Bo"),
            event("c", 23, person="Nobody knows"),
            event("c", 24),
        ],
        people=people,
    )
    assert [log.units[u] if u >= 0 else None for u in log.unit] == [
        "Sales",
        "Claims",
        "Front",
        "Legal",
        None,
        None,
    ]
    assert [log.units[u] if u >= 0 else None for u in log.person_unit] == ["Claims", "Legal", None]


def test_machines_are_what_the_latest_row_calls_them(write_table):
    events = write_table(
        "events", numbered([event("c", at, person=p) for at, p in enumerate("abc")])
    )
    old = write_table(
        "people",
        [
            {"person": "a", "kind": "person", "unit": "Sales"},
            {"person": "b", "kind": "system"},
            {"person": "unseen", "kind": "system"},
        ],
    )
    new = write_table("people", [{"person": "a", "kind": "system"}, {"person": "b", "unit": "IT"}])
    log = load_event_log({"events": [events], "people": [old, new]})
    assert log.machine.tolist() == [True, True, False]
    assert [log.units[u] if u >= 0 else None for u in log.person_unit] == ["Sales", "IT", None]


def test_log_without_clock_is_ordered_by_seq(load):
    log = load([event("c", None, "A"), event("d", None, "B"), event("c", None, "C")])
    assert not log.has_clock
    of_c = log.case_ids.to_pylist().index("c")
    held = log.unit[log.offsets[of_c] : log.offsets[of_c + 1]]
    assert [log.units[u] for u in held] == ["A", "C"]


def test_mixed_clock_is_refused_in_one_sentence(load):
    with pytest.raises(QuestionError) as caught:
        load([event("c", 1, "A"), event("c", None, "B"), event("d", 2, "B")])
    assert caught.value.code == "mixed-clock"
    assert caught.value.fields["n_without_time"] == 1


def test_ties_are_counted_and_follow_the_order_of_the_file(load):
    log = load([event("c", 1, "A"), event("c", 5, "B"), event("c", 5, "C"), event("d", 5, "A")])
    assert log.n_tied_events == 2
    first, end = log.offsets[log.case_ids.to_pylist().index("c") :][:2]
    assert [log.units[u] for u in log.unit[first:end]] == ["A", "B", "C"]


def test_ties_across_imports_follow_the_order_of_the_imports(write_table):
    one = write_table("events", [event("c", 5, "A", seq=9)])
    two = write_table("events", [event("c", 5, "B", seq=0)])
    for files, expected in (([one, two], ["A", "B"]), ([two, one], ["B", "A"])):
        log = load_event_log({"events": files})
        assert [log.units[u] for u in log.unit] == expected


def test_empty_log_has_no_cases():
    log = load_event_log({"events": []})
    assert (log.n_cases, log.n_events, log.offsets.tolist()) == (0, 0, [0])
    assert log.units == ()


def rows_of_cases(shape):
    """Events of cases drawn by hypothesis: per case a list of (gap, unit, person, state)."""
    rows = []
    for case, (opening, events) in enumerate(shape):
        at = opening
        for gap, unit, person, state in events:
            at += gap
            rows.append(
                event(
                    f"case{case}",
                    at,
                    None if unit is None else f"unit{unit}",
                    None if person is None else f"person{person}",
                    ["queued", "working", "resolved"][state],
                )
            )
    return rows


DRAWN_EVENT = st.tuples(
    st.integers(1, 3),
    st.none() | st.integers(0, 3),
    st.none() | st.integers(0, 4),
    st.integers(0, 2),
)
DRAWN_CASES = st.lists(
    st.tuples(st.integers(0, 3), st.lists(DRAWN_EVENT, min_size=1, max_size=5)),
    min_size=1,
    max_size=8,
)


def renamed(rows, chance):
    """The same rows with other ids, whose order is another too."""
    names = {}

    def other(kind, name):
        key = (kind, name)
        return names.setdefault(key, f"{chance.random():.12f}") if name is not None else None

    for row in rows:
        yield {
            **row,
            "case_id": other("case", row["case_id"]),
            "unit": other("unit", row["unit"]),
            "person": other("person", row["person"]),
        }


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(shape=DRAWN_CASES, seed=st.integers(0, 2**32))
def test_other_ids_row_order_and_imports_give_the_same_log(write_table, shape, seed):
    rows = rows_of_cases(shape)
    topics = [
        {"case_id": f"case{c}", "topic": f"topic{c % 2}", "customer": f"customer{c % 3}"}
        for c in range(len(shape))
    ]
    chance = random.Random(seed)
    base = load_event_log(
        {
            "events": [write_table("events", numbered(rows))],
            "cases": [write_table("cases", topics)],
        }
    )
    shuffled = rows + [{**t, "is_case": True} for t in topics]
    chance.shuffle(shuffled)
    both = [row for row in shuffled if "is_case" not in row]
    cases = [
        {k: v for k, v in row.items() if k != "is_case"} for row in shuffled if "is_case" in row
    ]
    cut = chance.randrange(len(both) + 1)
    files = {
        "events": [write_table("events", numbered(part)) for part in (both[:cut], both[cut:])],
        "cases": [write_table("cases", cases)],
    }
    assert_same_numbers(base, load_event_log(files))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(shape=DRAWN_CASES, seed=st.integers(0, 2**32))
def test_other_ids_give_the_same_log_up_to_cases_of_equal_shape(write_table, shape, seed):
    rows = rows_of_cases(shape)
    chance = random.Random(seed)
    base = load_event_log({"events": [write_table("events", numbered(rows))]})
    other_rows = list(renamed(rows, chance))
    chance.shuffle(other_rows)
    other = load_event_log({"events": [write_table("events", numbered(other_rows))]})
    assert told_without_labels(base) == told_without_labels(other)


def told_without_labels(log):
    """What a log says whatever the labels: its cases, and of each label the cases it stands in.

    Cases that differ by labels alone which stand in cases of the same kinds may change places.
    """
    cases = [
        (tuple(log.at_us[a:b].tolist()), tuple(log.state[a:b].tolist()))
        for a, b in itertools.pairwise(log.offsets.tolist())
    ]
    case = np.repeat(np.arange(log.n_cases), np.diff(log.offsets)).tolist()
    place = (np.arange(log.n_events) - np.repeat(log.offsets[:-1], np.diff(log.offsets))).tolist()
    labels = []
    for codes in (log.unit.tolist(), log.person.tolist()):
        stands = defaultdict(list)
        for code, c, p in zip(codes, case, place, strict=True):
            stands[code].append((cases[c], p))
        nobody = sorted(stands.pop(-1, []))
        labels.append((nobody, sorted(sorted(x) for x in stands.values())))
    return sorted(cases), labels, log.n_tied_events, log.has_clock, log.has_states


def test_units_that_nothing_tells_apart_may_change_places(write_table):
    """Four cases alike, two in each of two units: any order of the units says the same."""
    logs = []
    for units in ("aabb", "abba"):
        rows = [event(f"c{i}", 1, f"unit-{u}", None, "queued") for i, u in enumerate(units)]
        logs.append(load_event_log({"events": [write_table("events", numbered(rows))]}))
    assert told_without_labels(logs[0]) == told_without_labels(logs[1])


DAY = 86_400
# cases of one day each that differ in nothing but one word or time: what `told` says of case i
ONE_DIFFERENCE = {
    "opened": lambda i: ({}, {"opened_us": -i * 3600 * SECOND}),
    "closed": lambda i: ({}, {"closed_us": (DAY + i) * SECOND}),
    "started": lambda i: ({"started": -60 * i}, {}),
    "activity": lambda i: ({"activity": "call" if i % 3 else "visit"}, {}),
    "priority": lambda i: ({}, {"priority": "high" if i % 3 else "low"}),
    "channel": lambda i: ({}, {"channel": "mail" if i % 3 else "phone"}),
    "customer": lambda i: ({}, {"customer": "one" if i % 3 else "two"}),
}


@pytest.mark.parametrize("column", ONE_DIFFERENCE)
def test_ids_do_not_order_cases_of_one_day(load, column):
    def log_with(ids):
        events, cases = [], []
        for i, case in enumerate(ids):
            told, given = ONE_DIFFERENCE[column](i)
            events += [event(case, 0, "Desk", "Ada", **told), event(case, DAY, "Back", "Bo")]
            cases.append({"case_id": case, **given})
        return load(events, cases=cases)

    ids = [f"c{i}" for i in range(7)]
    base = log_with(ids)
    for seed in range(5):
        other = random.Random(seed).sample(ids, len(ids))
        assert_same_numbers(base, log_with(other))


def test_known_and_unknown_openings_are_told_apart(load):
    opened = [None, 0, None, 3600 * SECOND, None]

    def openings(ids):
        events = [event(case, 0, "Desk") for case in ids]
        cases = [{"case_id": c, "opened_us": o} for c, o in zip(ids, opened, strict=True)]
        return load(events, cases=cases).opened_us.tolist()

    base = openings("abcde")
    assert sorted(base) == [MISSING, MISSING, MISSING, 0, 3600 * SECOND]
    assert openings("edcba") == openings("cadeb") == base


def test_given_times_order_cases_of_a_log_without_clock_by_themselves(load):
    def openings(ids):
        events = [event(case, None, "Desk") for case in ids]
        cases = [{"case_id": c, "opened_us": i * SECOND} for i, c in enumerate(ids)]
        cases_of = load(events, cases=cases)
        return cases_of.opened_us.tolist()

    base = openings("abcd")
    assert sorted(base) == [0, SECOND, 2 * SECOND, 3 * SECOND]
    assert openings("dcba") == openings("cadb") == base
