"""Units with queues: people work on one case at a time, and what waits is known."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from demo_handovers import handovers_of

from leitweg.demo.causes import cause_company
from leitweg.demo.company import CompanyPlan, GeneratedLog, generate
from leitweg.demo.faults import cases_at, place_fault
from leitweg.demo.layout import roles_of
from leitweg.demo.places import expected_cells, stay_hours
from leitweg.demo.plan import HOUR_US, Fault
from leitweg.demo.standard import standard_company
from leitweg.demo.truth import hours_waited, true_price, without
from leitweg.domain.errors import LeitwegError

SPECIALIST = roles_of(12).specialist[0]


def overloaded(**named: float) -> CompanyPlan:
    plan = CompanyPlan(seed=41, n_cases=6000, unit_work=((SPECIALIST, 8.0),))
    return replace(plan, faults=(Fault("overload", SPECIALIST, people=1),), **named)


def queued_stays(log: GeneratedLog, unit: int) -> np.ndarray:
    """First rows of the stays of a unit with a queue."""
    return np.flatnonzero((log.unit == unit) & (log.stay_key > 0))


def stay_ends_us(log: GeneratedLog, rows: np.ndarray) -> np.ndarray:
    """When the stays that begin at these rows end: before another unit or case begins."""
    lasts = np.flatnonzero((np.diff(log.unit) != 0) | (np.diff(log.case) != 0))
    lasts = np.append(lasts, len(log.unit) - 1)
    return log.at_us[lasts[np.searchsorted(lasts, rows)]]


def ready_us(log: GeneratedLog, rows: np.ndarray) -> np.ndarray:
    return log.started_us[rows] - log.queued_us[rows]


def test_nobody_works_on_two_cases_at_a_time_where_there_is_a_queue() -> None:
    plan = replace(overloaded(), faults=(Fault("overload", SPECIALIST, people=2),))
    log = generate(plan)
    rows = queued_stays(log, SPECIALIST)
    people = np.unique(log.person[rows])
    assert len(people) == 2
    for person in people:
        own = rows[log.person[rows] == person]
        ends = stay_ends_us(log, own)
        order = np.argsort(log.started_us[own])
        assert np.all(log.started_us[own][order][1:] >= ends[order][:-1])


def test_first_come_first_served_after_the_ordinary_wait() -> None:
    log, clean = generate(overloaded()), generate(replace(overloaded(), faults=()))
    rows = queued_stays(log, SPECIALIST)
    ready = ready_us(log, rows)
    order = np.argsort(ready, kind="stable")
    assert np.all(np.diff(log.started_us[rows][order]) >= 0)
    assert np.all(log.queued_us[rows] >= 0)
    # the ordinary wait is the one of the log without the queue
    assert np.array_equal(ready, clean.started_us[rows])
    elsewhere = np.setdiff1d(np.arange(len(log.case)), rows)
    assert not np.any(log.queued_us[elsewhere])


def test_work_takes_as_long_as_without_the_queue() -> None:
    log, clean = generate(overloaded()), generate(replace(overloaded(), faults=()))
    assert np.array_equal(log.unit, clean.unit)
    assert np.array_equal(log.at_us - log.started_us, clean.at_us - clean.started_us)
    assert np.array_equal(log.first_row, clean.first_row)


def test_waits_in_one_queue_are_those_of_theory() -> None:
    """Pollaczek-Khinchine: mean wait of an M/G/1 queue from rate and moments of the service."""
    plan = replace(overloaded(), n_cases=60_000, months=120.0, unit_work=((SPECIALIST, 12.0),))
    log = generate(plan)
    rows = queued_stays(log, SPECIALIST)
    busy = (stay_ends_us(log, rows) - log.started_us[rows]) / HOUR_US
    rate = len(rows) / (plan.months * 30.4375 * 24.0)
    used = rate * busy.mean()
    assert busy.mean() == pytest.approx(stay_hours(plan, SPECIALIST), rel=0.05)
    assert 0.45 < used < 0.75
    expected = rate * np.mean(busy**2) / 2.0 / (1.0 - used)
    assert np.mean(log.queued_us[rows]) / HOUR_US == pytest.approx(expected, rel=0.15)


def test_price_of_an_overload_is_what_lies_in_its_queue() -> None:
    plan = overloaded()
    log, fault = generate(plan), plan.faults[0]
    lain = np.sum(log.queued_us) / HOUR_US / plan.months
    # only what lies in the last queue of a case is all of its delay; here no case lies twice
    assert np.max(np.bincount(log.case[log.queued_us > 0])) == 1
    assert true_price(plan, fault) == pytest.approx(lain, rel=1e-12)
    assert cases_at(log, fault) == np.count_nonzero(log.queued_us)


def test_price_of_another_fault_leaves_the_queue_alone() -> None:
    plan = overloaded()
    cells = expected_cells(plan)
    sender = max((n, a) for (a, b, _), n in cells.items() if b == SPECIALIST)[1]
    link = Fault("slow_link", from_unit=sender, to_unit=SPECIALIST, factor=4.0)
    both = replace(plan, faults=(*plan.faults, link))
    log = generate(both)
    repaired = generate(without(both, link), kept=log)
    rows = queued_stays(log, SPECIALIST)
    waits, after = handovers_of(log), handovers_of(repaired)
    slow = (waits.sender == link.from_unit) & (waits.receiver == link.to_unit)
    assert np.allclose(waits.wait_hours[~slow], after.wait_hours[~slow])
    saved = np.sum(waits.wait_hours - after.wait_hours) / plan.months
    assert true_price(both, link) == pytest.approx(saved, rel=1e-9)
    # a real repair shuffles the queue: its waits are others
    really = generate(without(both, link))
    assert not np.array_equal(really.queued_us[rows], log.queued_us[rows])
    assert hours_waited(really) != hours_waited(repaired)


def test_arrivals_rise_and_fall_and_the_queue_with_them() -> None:
    plan = standard_company(42, rough=False, faults=("overload",))
    fault, log = plan.faults[0], generate(plan)
    days = (log.opened_us - plan.start_us) / (24 * HOUR_US)
    phase = days % plan.wave_days / plan.wave_days
    high = np.count_nonzero((phase > 0.25) & (phase < 0.75))
    # over half a wave the mean of the sine is 2 / pi
    assert high / len(days) == pytest.approx(0.5 + plan.wave_share / np.pi, abs=0.03)
    rows = queued_stays(log, fault.unit)
    lain = log.queued_us[rows]
    assert np.mean(lain == 0) > 0.1
    assert np.mean(lain) > 20 * HOUR_US


@pytest.mark.parametrize("rough", [False, True])
def test_overload_lies_where_there_is_work_for_its_people(rough: bool) -> None:
    for seed in range(8):
        plan = standard_company(seed, rough=rough, faults=("overload",))
        fault = plan.faults[0]
        assert plan.unit_work[0][0] == fault.unit
        assert 1 <= fault.people <= 3
    with pytest.raises(LeitwegError, match="No place for a fault of kind overload"):
        place_fault(CompanyPlan(seed=1), "overload", 1, 450)


def test_same_plan_gives_the_same_queues_and_no_queue_gives_none() -> None:
    log, again = generate(overloaded()), generate(overloaded())
    assert np.array_equal(log.started_us, again.started_us)
    assert np.array_equal(log.person, again.person)
    assert len(generate(CompanyPlan(seed=1, n_cases=100)).queued_us) == 0


INTERPRETED = """
import numpy as np
from leitweg.demo.company import generate
from test_queues import small_companies
for i, plan in enumerate(small_companies()):
    log = generate(plan)
    np.savez({path!r} + str(i), *(getattr(log, name) for name in {columns!r}))
"""
COLUMNS = ("at_us", "started_us", "person", "unit", "queued_us", "stay_key", "cause_us", "touched")


def small_companies() -> list[CompanyPlan]:
    """One with a queue, and one with every rule that a queue can have."""
    return [overloaded(n_cases=150, months=0.1), replace(cause_company(3, 150), months=0.3)]


def test_compiled_queues_do_what_is_written(tmp_path: Path) -> None:
    """numba 0.68.1 lost stores in this kernel once: so the log is also made by the interpreter."""
    code = INTERPRETED.format(path=str(tmp_path / "log"), columns=COLUMNS)
    folders = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    surroundings = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": folders}
    # keys are hashes: their arithmetic runs over on purpose
    command = [sys.executable, "-W", "ignore:overflow:RuntimeWarning", "-c", code]
    subprocess.run(command, env=surroundings, check=True)
    for i, plan in enumerate(small_companies()):
        log = generate(plan)
        assert np.count_nonzero(log.queued_us) >= 3
        with np.load(tmp_path / f"log{i}.npz") as arrays:
            for name, column in zip(COLUMNS, arrays.values(), strict=True):
                assert np.array_equal(getattr(log, name), column), (i, name)


def test_status_log_with_a_queue_tells_the_same_times() -> None:
    work, status = generate(overloaded()), generate(overloaded(record="status"))
    assert np.array_equal(work.resolved_us, status.resolved_us)


def test_office_hours_hold_in_queues_too() -> None:
    log = generate(overloaded(office_hours=True, n_cases=2000))
    hours = log.started_us % (24 * HOUR_US) / HOUR_US
    assert hours.min() >= 6.0
    assert hours.max() <= 16.0
