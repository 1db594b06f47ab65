"""The kernel over (person, time) against its slow twin, on public and on awkward random logs."""

import csv
import gzip
import random
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from log_rows import event
from slow_causes import slow_causes

from leitweg.domain.situation import CAUSES
from leitweg.engine.arrays import MISSING
from leitweg.engine.calendars import discover_calendars
from leitweg.engine.case_accounts import account_cases
from leitweg.engine.person_kernel import causes_of_windows, customer_windows, transition_windows
from leitweg.engine.work_rules import RULES
from leitweg.engine.work_times import StartsFrom, work_times

SPLITS = (Path(__file__).parents[2] / "../shared/data/simulation-splits").resolve()
HOUR = 3600
US = 1_000_000
MONDAY = 1_704_067_200  # 2024-01-01T00:00Z


def kernel(log):
    """(causes per case, causes per event, times of work, accounts)."""
    accounts = account_cases(log)
    work = work_times(log, accounts)
    windows = [customer_windows(work, log.offsets), transition_windows(work)]
    found = causes_of_windows(work, log.activity, discover_calendars(log), windows)
    return *found, work, accounts


def check(log):
    """Sums are exact, and the slow twin says the same to the microsecond."""
    per_case, per_event, work, accounts = kernel(log)
    known = accounts.resolved_us != MISSING
    assert np.array_equal(per_case.sum(axis=1)[known], accounts.waiting_us[known])
    assert not per_case[~known].any()
    assert np.array_equal(per_event.sum(axis=1), work.start_us - work.enabled_us)
    assert min(per_case.min(), per_event.min()) >= 0
    slow_case, slow_event = slow_causes(log, accounts, RULES)
    assert per_event.tolist() == slow_event
    assert per_case.tolist() == slow_case
    return per_case.sum(axis=0)


def split_rows(path):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            times = [datetime.fromisoformat(row[c]).timestamp() for c in ("start_time", "end_time")]
            start, end = (round(t * 1e6) for t in times)
            yield {
                **{"case_id": row["case_id"], "activity": row["activity"]},
                **{"person": row["resource"] or None, "started_us": start, "at_us": end},
            }


# LoanApp and P2P are simulated; the other is a real log without persons on some events
@pytest.mark.parametrize(
    "name",
    [
        *("LoanApp_test", "LoanApp_train", "P2P_test"),
        *(pytest.param(n, marks=pytest.mark.verify) for n in ("P2P_train", "BPI12W_test")),
    ],
)
def test_public_logs_against_the_slow_twin(load, name):
    path = SPLITS / f"{name}.csv.gz"
    if not path.exists():
        pytest.skip("the public logs are not beside the repository (../shared/data)")
    log = load(list(split_rows(path)))
    assert check(log).sum() > 0


@pytest.mark.parametrize("seed", range(40))
def test_awkward_logs_against_the_slow_twin(load, seed):
    chance = random.Random(seed)
    rows = [
        row for case in range(chance.randint(1, 30)) for row in awkward_case(chance, case, seed)
    ]
    chance.shuffle(rows)
    cases = [
        {"case_id": f"c{case}", "opened_us": (MONDAY + chance.randint(-5, 40) * HOUR) * US}
        for case in range(0, 30, 2)
    ]
    people = [{"person": "robot", "kind": "system"}]
    check(load(rows, cases if seed % 3 else (), people if seed % 2 else ()))


def awkward_case(chance, case, seed):
    """Ties, zero lengths, overlaps, missing people, starts before the opening, all states."""
    states = [None]
    if seed % 4 == 1:
        states = ["queued", "working", "waiting_customer", "waiting_third", "resolved", "closed"]
    if seed % 4 == 2:
        states = ["working", "working", "waiting_customer", "waiting_third", "resolved", "unknown"]
    at = MONDAY + chance.randint(0, 60 * 24) * HOUR // (1 + seed % 3)
    for _ in range(chance.randint(1, 9)):
        at += chance.choice((0, 0, 1, 2, 5, 17, 40)) * chance.choice((1, 60, HOUR))
        started = at - chance.choice((0, 60, HOUR, HOUR, 3 * HOUR, 30 * HOUR))
        yield event(
            f"c{case}",
            at,
            chance.choice(("A", "B", None)),
            chance.choice(("p", "p", "q", "r", "robot", None)),
            chance.choice(states),
            started=None if chance.random() < 0.2 or seed % 8 == 1 else started,
            activity=chance.choice(("a", "a", "b", "c", None)),
        )


def at(hours):
    return MONDAY + round(hours * HOUR)


def piece(case, started, ended, person="p", *, activity="a", state=None, unit=None):
    return event(
        *(case, at(ended), unit, person, state),
        started=None if started is None else at(started),
        activity=activity,
    )


def opened(**hours):
    return [{"case_id": case, "opened_us": at(h) * US} for case, h in hours.items()]


def hours_of(log):
    """Hours of each cause per case, by name, zeros left out."""
    per_case, _, _, _ = kernel(log)
    names = log.case_ids.to_pylist()
    return {
        name: {c: us / US / HOUR for c, us in zip(CAUSES, row, strict=True) if us}
        for name, row in zip(names, per_case.tolist(), strict=True)
    }


def test_first_come_first_served_is_contention(load):
    log = load(
        [piece("one", 0, 2), piece("two", 2, 5), piece("three", 5, 6)],
        opened(one=0, two=1, three=1.5),
    )
    assert hours_of(log) == {"one": {}, "two": {"contention": 1.0}, "three": {"contention": 3.5}}


def test_what_came_later_and_was_taken_first_is_prioritisation(load):
    log = load(
        [piece("one", 0, 2), piece("late", 2, 5), piece("early", 5, 6)],
        opened(one=0, early=1, late=1.5),
    )
    assert hours_of(log) == {
        "one": {},
        "early": {"contention": 1.0, "prioritisation": 3.0},
        "late": {"contention": 0.5},
    }


def test_nobody_is_blamed_for_a_machine_or_for_nobody(load):
    rows = [piece("one", 3, 4, "robot"), piece("two", 2, 4, None), piece("three", 1, 9, None)]
    log = load(rows, opened(one=0, two=0, three=0), [{"person": "robot", "kind": "system"}])
    assert hours_of(log) == {
        n: {"extraneous": h} for n, h in (("one", 3), ("two", 2), ("three", 1))
    }


def test_a_unit_stands_in_for_its_people_at_its_usual_concurrency(load):
    """Two desks without names: the third case waits until one of them is free."""
    rows, cases = [], {}
    for day in range(20):
        for name, came, start, end in (("x", 0, 0, 3), ("y", 1, 1, 3), ("z", 1.5, 3, 4)):
            case = f"{name}{day}"
            rows.append(piece(case, 24 * day + start, 24 * day + end, None, unit="desk"))
            cases[case] = 24 * day + came
    log = load(rows, opened(**cases))
    found = hours_of(log)
    assert {found[f"z{day}"]["contention"] for day in range(20)} == {1.5}
    assert all(found[f"{name}{day}"] == {} for name in "xy" for day in range(20))


def test_a_parallel_piece_enables_nothing(load):
    """Two checks overlap in either order; the decision waits for the later of them."""
    rows = []
    for case in range(4):
        first, second = ("b", "c") if case % 2 else ("c", "b")
        rows += [
            piece(f"c{case}", 0, 1, "p", activity="a"),
            piece(f"c{case}", 1, 3, "q", activity=first),
            piece(f"c{case}", 2, 4, "r", activity=second),
            piece(f"c{case}", 6, 7, "s", activity="d"),
        ]
    log = load(rows)
    work = kernel(log)[2]
    since = (work.enabled_us // US - MONDAY) / HOUR
    assert sorted(
        set(zip(since.tolist(), ((work.start_us // US - MONDAY) / HOUR).tolist(), strict=True))
    ) == [
        (0.0, 0.0),
        (1.0, 1.0),
        (1.0, 2.0),
        (4.0, 6.0),
    ]


def test_a_batch_waits_for_its_last_member(load):
    """Four times three cases are collected, and begun when the third has come."""
    rows, cases = [], {}
    for day in range(8):
        for place, came in enumerate((1, 4, 6)):
            case = f"b{day}x{place}"
            rows.append(piece(case, 24 * day + 6 + place, 24 * day + 7 + place))
            cases[case] = 24 * day + came
    found = hours_of(load(rows, opened(**cases)))
    for day in range(8):
        assert found[f"b{day}x0"] == {"batching": 5.0}
        assert found[f"b{day}x1"] == {"batching": 2.0, "contention": 1.0}
        assert found[f"b{day}x2"] == {"contention": 2.0}


def test_a_queue_worked_off_is_no_batch(load):
    """The same gapless runs, but the person was busy while the cases came."""
    rows, cases = [], {}
    for day in range(8):
        rows.append(piece(f"busy{day}", 24 * day, 24 * day + 6))
        cases[f"busy{day}"] = 24 * day
        for place, came in enumerate((1, 4, 5)):
            case = f"b{day}x{place}"
            rows.append(piece(case, 24 * day + 6 + place, 24 * day + 7 + place))
            cases[case] = 24 * day + came
    found = hours_of(load(rows, opened(**cases)))
    assert {tuple(split) for case, split in found.items() if "x" in case} == {("contention",)}


def test_queues_tell_the_start_of_work(load):
    rows = [
        event("c", at(0), "A", "p", "working"),
        event("c", at(2), "B", "p", "queued"),
        event("c", at(5), "B", "q", "working"),
        event("c", at(6), "B", "q", "waiting_third"),
        event("c", at(10), "B", "q", "working"),
        event("c", at(11), "B", "q", "resolved"),
        event("other", at(1), "B", "q", "queued"),
        event("other", at(1), "B", "q", "working"),
        event("other", at(4), "B", "q", "resolved"),
    ]
    log = load(rows)
    assert kernel(log)[2].starts_from is StartsFrom.STATES
    # q worked on the other case until 4; then nothing is known; 6 to 10 a third had to answer
    assert hours_of(log)["c"] == {"contention": 2.0, "extraneous": 5.0}


def test_the_customers_turn_is_nobodys_wait(load):
    rows = [
        piece("c", 0, 1, state="working"),
        piece("c", 1, 2, state="waiting_customer"),
        piece("c", 20, 21, state="working"),
        piece("c", 23, 24, state="resolved"),
    ]
    assert hours_of(load(rows)) == {"c": {"extraneous": 2.0}}


def test_open_cases_make_people_busy_and_wait_for_nobody(load):
    rows = [
        piece("open", 0, 4, state="working"),
        piece("done", 4, 5, state="resolved"),
    ]
    found = hours_of(load(rows, opened(open=0, done=1)))
    assert found == {"open": {}, "done": {"contention": 3.0}}


def test_estimated_starts_are_bounded_by_all_three(load):
    ends = [(f"c{i}", 1 + i) for i in range(10)]
    rows = [piece(case, None, end) for case, end in ends]
    rows += [piece("late", None, 60)]
    cases = {case: 0 for case, _ in ends} | {"late": 20}
    log = load(rows, opened(**cases))
    work = kernel(log)[2]
    assert work.starts_from is StartsFrom.ESTIMATED
    took = dict(
        zip(log.case_ids.to_pylist(), ((work.end_us - work.start_us) / US / HOUR), strict=True)
    )
    # back to back each took an hour; the last one is not thought to have taken longer
    assert set(took.values()) == {1.0}


def test_the_answer_does_not_hang_on_threads_or_on_the_order_of_rows(load):
    chance = random.Random(11)
    rows = [row for case in range(60) for row in awkward_case(chance, case, 4)]
    one = kernel(load(rows))[0]
    other = kernel(load(chance.sample(rows, len(rows))))[0]
    log = load(rows)
    work = work_times(log, account_cases(log))
    single = causes_of_windows(
        work,
        log.activity,
        discover_calendars(log),
        [customer_windows(work, log.offsets)],
        threads=1,
    )
    assert np.array_equal(one, single[0])
    assert one.sum() > 0
    assert one.sum(axis=0).tolist() == other.sum(axis=0).tolist()


def test_an_empty_log(load):
    log = load([event("c", MONDAY, "A", "p")])
    assert hours_of(log) == {"c": {}}
