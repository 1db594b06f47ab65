"""The company with known causes of waiting: sums are exact, and each cause is where it was put."""

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.planted_truth import event_log_of
from demo_handovers import handovers_of

from leitweg.demo.as_event_log import to_tables
from leitweg.demo.causes import (
    BATCHES,
    BUSY,
    CAUSE_UNITS,
    OUTSIDE,
    PART_TIME,
    URGENT_FIRST,
    cause_company,
    true_causes,
)
from leitweg.demo.company import CompanyPlan, GeneratedLog, generate
from leitweg.demo.plan import DAY_US, HOUR_US
from leitweg.domain.situation import CAUSES
from leitweg.engine.calendars import discover_calendars
from leitweg.engine.case_accounts import account_cases
from leitweg.engine.person_kernel import causes_of_windows, transition_windows
from leitweg.engine.work_times import work_times


@pytest.fixture(scope="module")
def log() -> GeneratedLog:
    return generate(cause_company(1))


def since_us(log: GeneratedLog) -> np.ndarray:
    """Since when the work of each row was possible: the end before, or the opening."""
    first = np.diff(log.case, prepend=-1) != 0
    return np.where(first, log.opened_us[log.case], np.roll(log.at_us, 1))


def test_causes_add_up_to_the_wait_exactly(log: GeneratedLog) -> None:
    assert np.array_equal(log.cause_us.sum(axis=1), log.started_us - since_us(log))
    assert np.all(log.cause_us >= 0)


def test_each_unit_has_its_cause(log: GeneratedLog) -> None:
    hours = true_causes(log)
    shares = {u: {c: h / sum(hours[u].values()) for c, h in hours[u].items()} for u in CAUSE_UNITS}
    assert shares[BATCHES]["batching"] > 0.6
    assert shares[BUSY]["contention"] > 0.99
    assert shares[URGENT_FIRST]["prioritisation"] > 0.25
    assert shares[PART_TIME]["unavailability"] > 0.8
    assert shares[OUTSIDE]["extraneous"] > 0.3
    for unit, cause in CAUSE_UNITS.items():
        assert max((shares[u][cause], u) for u in CAUSE_UNITS)[1] == unit
    assert set(CAUSE_UNITS.values()) == set(CAUSES)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_causes_that_are_found_are_those_that_were_planted(seed: int) -> None:
    log = generate(cause_company(seed))
    cases = np.lexsort((log.resolved_us, log.at_us[log.first_row[:-1]]))
    spans = [np.arange(log.first_row[c], log.first_row[c + 1]) for c in cases]
    activity = log.activity[np.concatenate(spans)].astype(np.int32)
    found = replace(event_log_of(log), activity=activity, activities=("Work", "Resolve"))
    work = work_times(found, account_cases(found))
    windows = [transition_windows(work)]
    causes = causes_of_windows(work, activity, discover_calendars(found), windows)[0]
    planted = true_causes(log)
    for unit in CAUSE_UNITS:
        sums = causes[found.unit == unit].sum(axis=0)
        truth = np.array(list(planted[unit].values()))
        assert sums.sum() / HOUR_US == pytest.approx(truth.sum())
        # three points are asked for; what waits for something outside waits beside people at work
        assert np.max(np.abs(sums / sums.sum() - truth / truth.sum())) < 0.02


def test_nobody_is_in_two_places(log: GeneratedLog) -> None:
    order = np.lexsort((log.started_us, log.person))
    same = np.diff(log.person[order]) == 0
    assert np.all(log.started_us[order][1:][same] >= log.at_us[order][:-1][same])
    real = generate(replace(CompanyPlan(seed=5, n_cases=3000, real_people=True), one_piece=True))
    order = np.lexsort((real.started_us, real.person))
    same = np.diff(real.person[order]) == 0
    assert np.all(real.started_us[order][1:][same] >= real.at_us[order][:-1][same])


def test_batches_are_worked_off_one_after_another_by_one_person(log: GeneratedLog) -> None:
    rows = np.flatnonzero(log.unit == BATCHES)
    order = rows[np.lexsort((log.started_us[rows], log.person[rows]))]
    joined = (np.diff(log.person[order]) == 0) & (
        log.started_us[order][1:] == log.at_us[order][:-1]
    )
    assert np.mean(joined) > 0.8
    # the first of a batch waited for the last one only
    lain = log.cause_us[rows]
    assert np.count_nonzero(lain[:, 0] == 0) >= len(rows) // 8
    assert np.count_nonzero(lain[:, 1] == 0) >= len(rows) // 8 - 20


def test_urgent_cases_are_taken_first(log: GeneratedLog) -> None:
    assert np.mean(log.urgent) == pytest.approx(0.6, abs=0.03)
    waits = handovers_of(log)
    here = waits.receiver == URGENT_FIRST
    urgent = log.urgent[waits.case]
    assert 3 * waits.wait_hours[here & urgent].mean() < waits.wait_hours[here & ~urgent].mean()
    there = waits.receiver == BUSY
    ratio = waits.wait_hours[there & urgent].mean() / waits.wait_hours[there & ~urgent].mean()
    assert ratio == pytest.approx(1.0, abs=0.15)
    rows = (log.unit == URGENT_FIRST) & log.urgent[log.case]
    # an urgent case waits behind no later one
    assert not np.any(log.cause_us[rows, 2])
    priorities = to_tables(log)["cases"]["priority"].to_pylist()
    assert [p == "urgent" for p in priorities] == log.urgent.tolist()


def test_closed_days_are_closed(log: GeneratedLog) -> None:
    started = log.started_us[log.unit == PART_TIME]
    assert np.all((started // DAY_US + 3) % 7 < 3)
    days = (started - log.plan.start_us) // DAY_US
    assert not np.any((days >= 84) & (days < 98))
    assert np.any(days >= 98)


def test_every_case_is_resolved_though_the_last_batch_is_not_full(log: GeneratedLog) -> None:
    assert np.all(np.diff(log.first_row) == 7)
    assert np.all(log.resolved_us > log.opened_us)
    units = log.unit.reshape(-1, 7)
    assert np.all(np.sort(units, axis=1) == np.arange(7))


def test_causes_are_asked_for_only_where_they_were_recorded() -> None:
    with pytest.raises(ValueError, match="only where units have queues"):
        true_causes(generate(CompanyPlan(seed=1, n_cases=50)))
