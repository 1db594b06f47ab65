"""The case kernel: exact numbers of hand-made cases, a slow twin, and public facts."""

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from log_rows import SECOND, event, numbered
from slow_walk import slow_account, slow_walk

from leitweg.domain.states import State
from leitweg.engine.arrays import MISSING
from leitweg.engine.case_kernel import account_cases, walk_cases
from leitweg.engine.event_log import load_event_log


def seconds(times):
    return [None if t == MISSING else t // SECOND for t in times.tolist()]


def names(codes, labels):
    return [labels[c] if c >= 0 else None for c in codes.tolist()]


QUEUED_CASE = [
    event("c", 0, "Front", "Ada", "queued"),
    event("c", 10, "Front", "Ada", "working"),
    event("c", 30, "Back", "Ada", "queued"),
    event("c", 35, None, "Ada", "queued"),
    event("c", 90, "Back", "Bo", "working"),
    event("c", 100, "Front", "Bo", "queued"),
    event("c", 140, "Back", "Bo", "working"),
    event("c", 150, "Back", "Bo", "resolved"),
    event("c", 200, "Front", "Cy", "closed"),
]


def test_stays_of_a_case_with_queues(load):
    log = load(QUEUED_CASE)
    walk = walk_cases(log, "unit")
    assert walk.stay_offsets.tolist() == [0, 5]
    assert names(walk.stay_holder, log.units) == ["Front", "Back", "Front", "Back", "Front"]
    assert walk.first_event.tolist() == [0, 2, 5, 6, 8]
    assert walk.last_event.tolist() == [1, 4, 5, 7, 8]
    assert seconds(walk.entered_us) == [0, 30, 100, 140, 200]
    assert seconds(walk.work_us) == [10, 90, None, 140, 200]
    assert seconds(walk.left_us) == [10, 90, 100, 150, 200]
    assert walk.queued_first.tolist() == [True, True, True, False, False]
    assert names(walk.first_worker, log.persons) == ["Ada", "Bo", None, "Bo", "Cy"]
    assert names(walk.last_worker, log.persons) == ["Ada", "Bo", None, "Bo", "Cy"]
    assert walk.same_person.tolist() == [False] * 5


def test_waiting_and_holding_of_a_case_with_queues(load):
    walk = walk_cases(load(QUEUED_CASE), "unit")
    # into Back: queued at 30, worked on at 90; into Front: never worked on, on at 140;
    # into Back: worked on at once, after a stay that only waited; into Front: left Back at 150
    assert seconds(walk.wait_us) == [None, 60, 40, 0, 50]
    # Front until the queue of Back; Back until the queue of Front; Front never worked
    assert seconds(walk.hold_us) == [20, 10, None, 10, 0]
    assert walk.after_resolution.tolist() == [False, False, False, False, True]


HOUR = 3600


def test_a_stay_of_queue_events_only_waits_there_and_not_once_more_in_the_next(load):
    log = load(
        [
            event("c", 0, "Desk", "Ada", "working"),
            event("c", 1 * HOUR, "X", None, "queued"),
            event("c", 9 * HOUR, "X", None, "queued"),
            event("c", 49 * HOUR, "Desk", "Ada", "working"),
            event("c", 50 * HOUR, "Desk", "Ada", "resolved"),
        ]
    )
    walk = walk_cases(log)
    assert seconds(walk.wait_us) == [None, 48 * HOUR, 0]
    assert seconds(walk.hold_us) == [HOUR, None, HOUR]
    # the whole waiting of the handovers is the waiting of the customer
    assert seconds(account_cases(log).waiting_us) == [48 * HOUR]


def test_what_follows_a_stay_of_queue_events_waits_from_its_own_entering(load):
    walk = walk_cases(
        load(
            [
                event("queue first", 0, "A", None, "queued"),
                event("queue first", 10, "B", None, "working"),
                event("two queues", 20, "A", None, "working"),
                event("two queues", 30, "B", None, "queued"),
                event("two queues", 70, "C", None, "queued"),
                event("two queues", 75, "C", None, "working"),
                event("starts before", 100, "A", None, "working"),
                event("starts before", 110, "B", None, "queued"),
                event("starts before", 150, "A", None, "working", started=140),
                event("starts after", 200, "A", None, "working"),
                event("starts after", 210, "B", None, "queued"),
                event("starts after", 250, "A", None, "working", started=258),
                event("worked between", 300, "A", None, "working"),
                event("worked between", 310, "B", None, "queued"),
                event("worked between", 330, "B", None, "working"),
                event("worked between", 350, "A", None, "working"),
            ]
        )
    )
    assert walk.stay_offsets.tolist() == [0, 2, 5, 8, 11, 14]
    assert seconds(walk.wait_us) == [
        *(None, 0),
        *(None, 40, 5),
        *(None, 40, 0),
        *(None, 40, 8),
        *(None, 20, 20),
    ]


def test_figures_of_a_case_with_queues(load):
    log = load(QUEUED_CASE)
    walk = walk_cases(log, "unit")
    assert walk.n_handovers.tolist() == [4]
    assert walk.n_bounces.tolist() == [3]
    assert walk.strict.tolist() == [True]
    assert walk.n_distinct.tolist() == [2]
    assert names(walk.first_holder, log.units) == ["Front"]
    assert names(walk.last_holder, log.units) == ["Front"]
    assert names(walk.right_holder, log.units) == ["Back"]
    assert seconds(walk.right_since_us) == [30]
    assert walk.right_first.tolist() == [False]


def test_account_of_a_case_with_queues(load):
    account = account_cases(load(QUEUED_CASE))
    assert seconds(account.opened_us) == [0]
    assert seconds(account.resolved_us) == [150]
    assert seconds(account.closed_us) == [200]
    assert seconds(account.last_us) == [200]
    # working 10-30, 90-100 and 140-150
    assert seconds(account.working_us) == [40]
    assert seconds(account.waiting_us) == [110]
    assert seconds(account.waiting_customer_us) == [0]
    assert account.is_open.tolist() == [False]
    assert account.reopened.tolist() == [0]


def test_change_of_label_is_one_person_on_both_sides(load):
    log = load(
        [
            event("c", 0, "A", "Ada"),
            event("c", 10, "B", "Ada"),
            event("c", 20, "C", None),
            event("c", 30, "D", "Bo"),
        ]
    )
    walk = walk_cases(log, "unit")
    assert walk.same_person.tolist() == [False, True, False, False]
    assert names(walk_cases(log, "person").stay_holder, log.persons) == ["Ada", "Bo"]


def test_first_worker_of_a_case_is_not_compared_with_the_case_before(load):
    log = load([event("c", 0, "A", "Ada"), event("d", 1, "B", "Ada"), event("d", 2, "A", "Bo")])
    assert walk_cases(log).same_person.tolist() == [False, False, False]


def test_started_is_the_start_of_work(load):
    log = load(
        [
            event("c", 10, "A", started=4),
            event("c", 50, "B", started=30),
            event("c", 60, "C", started=40),
        ]
    )
    walk = walk_cases(log)
    assert seconds(walk.work_us) == [4, 30, 40]
    # C began before B ended: no waiting
    assert seconds(walk.wait_us) == [None, 20, 0]
    assert seconds(walk.hold_us) == [6, 20, 20]
    account = account_cases(log)
    assert seconds(account.opened_us) == [4]
    assert seconds(account.resolved_us) == [60]
    # work 4-10 and 30-60, the overlap 40-50 once
    assert seconds(account.working_us) == [36]
    assert seconds(account.waiting_us) == [20]
    assert account.reopened.tolist() == [-1]


def test_opening_given_cuts_the_work_before_it(load):
    log = load(
        [event("c", 10, "A", started=4), event("c", 50, "B", started=30)],
        cases=[{"case_id": "c", "opened_us": 8 * SECOND, "closed_us": 70 * SECOND}],
    )
    account = account_cases(log)
    assert seconds(account.opened_us) == [8]
    assert seconds(account.closed_us) == [70]
    assert seconds(account.working_us) == [22]
    assert seconds(account.waiting_us) == [20]


def test_work_done_while_the_customer_has_to_answer_is_work(load):
    log = load(
        [
            event("c", 10, "A", state="waiting_customer", started=0),
            event("c", 50, "A", state="working", started=40),
            event("c", 60, "A", state="resolved"),
        ]
    )
    account = account_cases(log)
    assert seconds(account.working_us) == [20]
    assert seconds(account.waiting_customer_us) == [30]
    assert seconds(account.waiting_us) == [10]


def test_open_and_reopened(load):
    log = load(
        [
            event("never resolved", 0, "A", state="working"),
            event("goes on", 1, "A", state="resolved"),
            event("goes on", 2, "A", state="waiting_third"),
            event("worked on again", 3, "A", state="resolved"),
            event("worked on again", 4, "A", state="working"),
            event("worked on again", 5, "A", state="resolved"),
            event("closed by hand", 6, "A", state="working"),
            event("only closed", 7, "A", state="working"),
            event("only closed", 8, "A", state="closed"),
        ],
        cases=[{"case_id": "closed by hand", "closed_us": 9 * SECOND}],
    )
    account = account_cases(log)
    assert log.case_ids.to_pylist() == [
        "never resolved",
        "goes on",
        "worked on again",
        "closed by hand",
        "only closed",
    ]
    assert account.is_open.tolist() == [True, True, False, False, False]
    assert account.reopened.tolist() == [0, 0, 1, 0, 0]
    assert seconds(account.resolved_us) == [None, 1, 5, None, 8]
    assert seconds(account.closed_us) == [None, 1, 5, 9, 8]
    assert seconds(account.waiting_us) == [None, 0, 2, None, 1]


def test_case_without_any_unit_has_no_stay(load):
    walk = walk_cases(load([event("c", 1, None, "Ada"), event("c", 2, None, "Bo")]))
    assert walk.stay_offsets.tolist() == [0, 0]
    assert walk.n_handovers.tolist() == [0]
    assert walk.right_holder.tolist() == [-1]
    assert seconds(walk.right_since_us) == [None]
    assert walk.right_first.tolist() == [False]


def test_case_of_one_event_is_right_at_once(load):
    log = load([event("c", 7, "A", "Ada")])
    walk = walk_cases(log)
    assert walk.right_first.tolist() == [True]
    assert seconds(walk.right_since_us) == seconds(account_cases(log).opened_us) == [7]


def test_log_without_clock_has_holders_and_no_times(load):
    log = load([event("c", None, "A"), event("c", None, "B"), event("c", None, "A")])
    walk, account = walk_cases(log), account_cases(log)
    assert walk.n_bounces.tolist() == [1]
    assert seconds(walk.wait_us) == [None] * 3
    assert seconds(walk.right_since_us) == [None]
    assert seconds(account.waiting_us) == seconds(account.resolved_us) == [None]


def test_events_out_of_order_are_refused_with_their_place(load):
    log = load([event("c", 1, "A"), event("d", 5, "A"), event("d", 6, "B"), event("d", 7, "C")])
    at_us = log.at_us.copy()
    at_us[2], at_us[3] = at_us[3], at_us[2]
    wrong = dataclasses.replace(log, at_us=at_us)
    for question in (walk_cases, account_cases):
        with pytest.raises(ValueError, match=r"event 3 \(case 1, place 2\) is earlier"):
            question(wrong)
    crossed = dataclasses.replace(log, offsets=np.array([0, 2, 1, 4]))
    with pytest.raises(ValueError, match="offsets"):
        walk_cases(crossed)


def test_empty_log_walks_to_nothing():
    log = load_event_log({})
    assert walk_cases(log).stay_offsets.tolist() == [0]
    assert account_cases(log).waiting_us.tolist() == []


STATES = [state.label for state in State]
DRAWN_EVENT = st.tuples(
    st.integers(0, 4),
    st.none() | st.integers(0, 6),
    st.none() | st.integers(0, 2),
    st.none() | st.integers(0, 2),
    st.sampled_from(STATES),
)
DRAWN_CASE = st.tuples(
    st.none() | st.integers(0, 9),
    st.none() | st.integers(0, 30),
    st.lists(DRAWN_EVENT, min_size=1, max_size=9),
)
DRAWN_LOG = st.tuples(
    st.lists(DRAWN_CASE, min_size=1, max_size=5), st.sampled_from(["queues", "states", "none"])
)


def drawn_events(drawn, kind):
    """Per case (opened, closed, events as the slow walk reads them)."""
    at, cases = 10, []
    for opened, closed, events in drawn:
        rows = []
        for gap, worked, unit, person, state in events:
            at += gap
            seen = "working" if kind == "states" and state == "queued" else state
            rows.append(
                (
                    at,
                    None if worked is None else at - worked,
                    None if unit is None else f"u{unit}",
                    None if person is None else f"p{person}",
                    "unknown" if kind == "none" else seen,
                )
            )
        cases.append((opened, closed, rows))
    return cases


def as_rows(cases):
    return [
        event(f"case{c}", at, unit, person, state, started)
        for c, (_, _, events) in enumerate(cases)
        for at, started, unit, person, state in events
    ]


def case_rows(cases):
    return [
        {
            "case_id": f"case{c}",
            "opened_us": None if opened is None else opened * SECOND,
            "closed_us": None if closed is None else closed * SECOND,
        }
        for c, (opened, closed, _) in enumerate(cases)
    ]


def compare_stays(log, walk, case, stays, labels):
    first, end = walk.stay_offsets[case], walk.stay_offsets[case + 1]
    assert end - first == len(stays)
    columns = {
        "holder": names(walk.stay_holder, labels),
        "entered": seconds(walk.entered_us),
        "left": seconds(walk.left_us),
        "work": seconds(walk.work_us),
        "queued_first": walk.queued_first.tolist(),
        "first_worker": names(walk.first_worker, log.persons),
        "last_worker": names(walk.last_worker, log.persons),
        "same_person": walk.same_person.tolist(),
        "wait": seconds(walk.wait_us),
        "hold": seconds(walk.hold_us),
        "after_resolution": walk.after_resolution.tolist(),
    }
    for stay, place in zip(stays, range(first, end), strict=True):
        assert {name: column[place] for name, column in columns.items()} == stay
        assert walk.stay_case[place] == case


def figures_of(walk, case, labels):
    return {
        "handovers": walk.n_handovers[case],
        "bounces": walk.n_bounces[case],
        "strict": walk.strict[case],
        "distinct": walk.n_distinct[case],
        "first": names(walk.first_holder, labels)[case],
        "last": names(walk.last_holder, labels)[case],
        "right": names(walk.right_holder, labels)[case],
        "right_since": seconds(walk.right_since_us)[case],
        "right_first": walk.right_first[case],
    }


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(drawn=DRAWN_LOG, level=st.sampled_from(["unit", "person"]))
def test_kernel_equals_its_slow_twin(load, drawn, level):
    cases = drawn_events(*drawn)
    log = load(as_rows(cases), cases=case_rows(cases))
    walk, account = walk_cases(log, level), account_cases(log)
    labels = log.units if level == "unit" else log.persons
    for case, name in enumerate(log.case_ids.to_pylist()):
        opened, closed, events = cases[int(name.removeprefix("case"))]
        held = [(a, s, u if level == "unit" else p, p, x) for a, s, u, p, x in events]
        stays, figures = slow_walk(held, log.has_states)
        compare_stays(log, walk, case, stays, labels)
        assert figures_of(walk, case, labels) == figures
        assert {
            "opened": seconds(account.opened_us)[case],
            "last": seconds(account.last_us)[case],
            "resolved": seconds(account.resolved_us)[case],
            "closed": seconds(account.closed_us)[case],
            "is_open": account.is_open[case],
            "reopened": account.reopened[case],
            "working": seconds(account.working_us)[case],
            "waiting_customer": seconds(account.waiting_customer_us)[case],
            "waiting": seconds(account.waiting_us)[case],
        } == slow_account(events, log.has_states, log.has_queue, opened, closed)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(drawn=DRAWN_LOG, cut=st.integers(1, 4))
def test_counts_of_two_disjoint_logs_add_up(write_table, drawn, cut):
    rows = as_rows(drawn_events(*drawn))
    one = [row for row in rows if int(row["case_id"].removeprefix("case")) < cut]
    two = [row for row in rows if row not in one]
    paths = [write_table("events", numbered(part)) for part in (one, two)]

    def counts(files):
        log = load_event_log({"events": files})
        walks = [walk_cases(log, level) for level in ("unit", "person")]
        return np.array(
            [log.n_cases, log.n_events]
            + [w.n_handovers.sum() for w in walks]
            + [w.n_bounces.sum() for w in walks]
            + [w.strict.sum() for w in walks]
            + [(w.n_distinct == 1).sum() for w in walks]
        )

    np.testing.assert_array_equal(counts(paths), counts(paths[:1]) + counts(paths[1:]))
