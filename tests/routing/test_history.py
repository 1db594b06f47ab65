"""What a router learns from: when the right contact of a case was known, and nothing before it."""

import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from leitweg.domain.states import state_of
from leitweg.domain.tables import TABLES
from leitweg.engine.event_log import load_event_log
from leitweg.engine.request_rows import load_requests
from leitweg.routing.history import history_of

HOUR = 3_600_000_000
OPEN = "open"


@pytest.fixture
def histories(tmp_path):
    """Build histories from events: case, hour, unit, person, state."""

    def build(events, cases=()):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        rows = [
            {
                "case_id": case,
                "at_us": hour * HOUR,
                "unit": unit,
                "person": person,
                "state": state and int(state_of(state)),
                "seq": seq,
            }
            for seq, (case, hour, unit, person, state) in enumerate(events)
        ]
        files = {"events": rows, "cases": list(cases)}
        paths = {}
        for table, content in files.items():
            paths[table] = []
            if content:
                paths[table] = [folder / f"{table}.parquet"]
                schema = TABLES[table].schema
                pq.write_table(pa.Table.from_pylist(content, schema=schema), *paths[table])
        log = load_event_log(paths)
        return history_of(log, load_requests(paths, log.case_ids, with_text=False))

    return build


def told(history):
    """Return case -> what was known, and when."""
    found = {}
    for i, case in enumerate(history.case_ids):
        if history.unit.codes[i] < 0:
            found[case] = OPEN
            continue
        names = [history.unit.labels[c] for c in history.unit_path.row(i)]
        people = [history.person.labels[c] for c in history.person_path.row(i)]
        found[case] = (history.closed[i] // HOUR, names, people)
    return found


def test_the_right_contact_is_known_when_it_resolves_not_when_the_case_is_filed_away(histories):
    events = [
        ("A", 0, "Desk", "d", "working"),
        ("A", 2, "Billing", "b", "resolved"),
        ("A", 200, "Archive", "x", "closed"),
    ]
    assert told(histories(events)) == {"A": (2, ["Desk", "Billing"], ["d", "b"])}


def test_what_comes_after_the_resolution_teaches_nothing(histories):
    events = [
        ("A", 0, "Desk", "d", "working"),
        ("A", 2, "Billing", "b", "resolved"),
        ("A", 9, "Technik", "t", "working"),
        ("A", 12, "Billing", "b", "resolved"),
        ("B", 1, "Desk", "d", "working"),
        ("B", 2, "Billing", "b", "resolved"),
        ("B", 3, "Technik", "t", "working"),
    ]
    assert told(histories(events)) == {"A": (2, ["Desk", "Billing"], ["d", "b"]), "B": OPEN}


def test_without_a_resolution_it_is_known_at_the_closing(histories):
    closed = [("A", 0, "Desk", "d", "working"), ("A", 5, "Billing", "b", "closed")]
    assert told(histories(closed)) == {"A": (5, ["Desk", "Billing"], ["d", "b"])}
    stateless = [("A", 0, "Desk", "d", None), ("A", 5, "Billing", "b", None)]
    assert told(histories(stateless)) == {"A": (5, ["Desk", "Billing"], ["d", "b"])}


def test_the_later_level_counts_where_the_log_names_one_of_them_later(histories):
    events = [
        ("A", 0, "Desk", "d", "working"),
        ("A", 2, "Billing", None, "resolved"),
        ("A", 7, "Billing", "b", "resolved"),
        ("A", 90, None, None, "closed"),
    ]
    assert told(histories(events)) == {"A": (7, ["Desk", "Billing"], ["d", "b"])}


STATES = ["queued", "working", "working", "waiting_customer", "resolved", "resolved", "closed"]


@pytest.mark.parametrize("seed", range(12))
def test_a_log_cut_at_any_time_tells_the_same_of_what_was_known_then(histories, seed):
    chance = random.Random(seed)
    events = []
    for case in range(40):
        hour = chance.randrange(200)
        for _ in range(chance.randint(1, 8)):
            holder = chance.choice("ABCD")
            events.append((f"K{case}", hour, holder, holder.lower(), chance.choice(STATES)))
            hour += chance.randint(1, 40)
    events.sort(key=lambda e: e[1])
    whole = told(histories(events))
    for cut in (100, 200, 300):
        then = told(histories([e for e in events if e[1] < cut]))
        for case, known in whole.items():
            # a case that is open again at the cut is left out there
            if known != OPEN and known[0] < cut and then[case] != OPEN:
                assert then[case] == known
        for case, known in then.items():
            assert known == OPEN or whole[case] in (known, OPEN) or whole[case][0] >= cut
