"""The generator: the same seed, the shares that were asked for, the forms of a record."""

import time
from dataclasses import replace

import numpy as np
import pytest
from demo_handovers import handovers_of, units_of_case

from leitweg.demo.clock import CLOSED, QUEUED, RESOLVED, WORKING
from leitweg.demo.company import CompanyPlan, GeneratedLog, NeededStep, generate
from leitweg.demo.faults import place_needed_step
from leitweg.demo.layout import roles_of, topics_of
from leitweg.demo.places import expected_cells
from leitweg.demo.plan import DAY_US, HOUR_US, Fault
from leitweg.demo.standard import standard_company

COLUMNS = ("case", "at_us", "started_us", "person", "unit", "activity")
PER_CASE = ("opened_us", "resolved_us", "topic", "true_topic", "touched", "labels")


def same(one: GeneratedLog, other: GeneratedLog) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in (*COLUMNS, *PER_CASE)
    )


def test_same_seed_gives_the_same_log_and_another_seed_another() -> None:
    plan = standard_company(5, rough=True, faults=("ping_pong",), cases_at_fault=100)
    assert same(generate(plan), generate(plan))
    assert not np.array_equal(
        generate(plan).resolved_us,
        generate(replace(plan, seed=6, topics=topics_of(plan))).resolved_us,
    )


def test_log_is_known_by_its_numbers() -> None:
    """A change of the generator must be meant: prices that were published hang on these draws."""
    log = generate(CompanyPlan(seed=1, n_cases=1000))
    assert len(log.case) == 5179
    assert log.opened_us[0] == 1_704_132_729_525_110
    assert log.true_topic[:8].tolist() == [8, 3, 4, 4, 8, 4, 2, 7]
    hours = np.sum(log.resolved_us - log.opened_us) / HOUR_US
    assert hours == pytest.approx(23_043.30484912139, rel=1e-9)


def test_cases_are_sorted_and_every_time_runs_forward() -> None:
    log = generate(standard_company(2, rough=True, faults=("dead_end",), cases_at_fault=100))
    inside = np.diff(log.case) == 0
    assert np.all(np.diff(log.case) >= 0)
    assert np.all(log.at_us >= log.started_us)
    assert np.all(log.started_us[1:][inside] >= log.at_us[:-1][inside])
    assert np.all(np.diff(log.opened_us) >= 0)
    assert np.array_equal(log.at_us[log.first_row[1:] - 1], log.resolved_us)
    assert np.all(log.person_unit[log.person] == log.unit)


def test_plain_company_waits_alike_everywhere() -> None:
    log = generate(CompanyPlan(seed=3, n_cases=30_000))
    handovers = handovers_of(log)
    for unit in np.unique(handovers.receiver):
        waits = handovers.wait_hours[handovers.receiver == unit]
        # the median of n lognormal waits has a log standard error of 1.25 * 1.1 / sqrt(n)
        allowed = 4 * 1.25 * 1.1 / np.sqrt(len(waits))
        assert abs(np.log(np.median(waits) / 4.0)) < allowed
    assert np.std(np.log(handovers.wait_hours)) == pytest.approx(1.1, rel=0.02)


def test_layout_is_what_happens() -> None:
    plan = CompanyPlan(seed=4, n_cases=20_000)
    handovers = handovers_of(generate(plan))
    for (a, b, t), expected in expected_cells(plan).items():
        found = (handovers.sender == a) & (handovers.receiver == b) & (handovers.topic == t)
        assert np.count_nonzero(found) == pytest.approx(expected, abs=5 * np.sqrt(expected))
    assert len(handovers.case) == pytest.approx(sum(expected_cells(plan).values()), rel=0.02)


@pytest.mark.parametrize("seed", range(8))
def test_every_unit_but_the_front_receives_from_several_places(seed: int) -> None:
    plan = CompanyPlan(seed=seed)
    roles = roles_of(plan.n_units)
    cells = expected_cells(plan)
    for unit in (*roles.core, *roles.specialist):
        assert len([c for c in cells if c[1] == unit]) >= 2
    assert not [c for c in cells if c[1] in roles.front]


def test_rough_shares_are_as_asked() -> None:
    log = generate(replace(standard_company(1, rough=True, faults=()), n_cases=40_000))
    assert np.mean(log.topic != log.true_topic) == pytest.approx(0.10, abs=0.006)
    for bit, share in ((1, 0.10), (2, 0.11), (4, 0.08)):
        assert np.mean(log.labels & bit > 0) == pytest.approx(share, abs=0.006)


def test_rough_units_and_links_differ_by_themselves() -> None:
    spreads = []
    for seed in range(6):
        handovers = handovers_of(generate(standard_company(seed, rough=True, faults=())))
        medians = [
            np.median(handovers.wait_hours[handovers.receiver == u])
            for u in np.unique(handovers.receiver)
        ]
        spreads.append(np.std(np.log(medians)))
    assert np.mean(spreads) == pytest.approx(0.35, abs=0.1)


def test_bounce_is_back_and_forth_and_stray_is_one_more_unit() -> None:
    plan = CompanyPlan(seed=7, n_cases=4000, stray_share=0.5)
    plain, stray = generate(replace(plan, stray_share=0.0)), generate(plan)
    hit = np.flatnonzero(stray.labels & 2)
    assert len(hit) == pytest.approx(2000, abs=150)
    for case in hit[:50].tolist():
        usual = units_of_case(plain, case)
        way = units_of_case(stray, case)
        assert len(way) == len(usual) + 1
        assert any(way[:i] + way[i + 1 :] == usual for i in range(len(way)))
    bounced = generate(replace(plan, stray_share=0.0, bounce_share=1.0))
    for case in range(50):
        extra = len(units_of_case(bounced, case)) - len(units_of_case(plain, case))
        assert extra == 2


def test_first_contact_share_ends_at_the_entry() -> None:
    log = generate(CompanyPlan(seed=8, n_cases=10_000, first_contact_share=0.25))
    alone = np.mean(
        [
            log.unit[a] == log.unit[b - 1]
            for a, b in zip(log.first_row, log.first_row[1:], strict=False)
        ]
    )
    assert alone == pytest.approx(0.25, abs=0.02)


def test_status_record_names_the_receiver_with_the_hand_of_the_sender() -> None:
    plan = CompanyPlan(seed=9, n_cases=500)
    work = generate(plan)
    status = generate(replace(plan, record="status", close_days=2.0))
    assert np.array_equal(work.resolved_us, status.resolved_us)
    queued = np.flatnonzero(status.activity == QUEUED)
    assert len(queued) == len(handovers_of(work).case)
    assert np.all(status.person[queued] == status.person[queued - 1])
    assert np.all(status.unit[queued] == status.unit[queued + 1])
    assert np.all(status.person_unit[status.person[queued]] != status.unit[queued])
    assert np.count_nonzero(status.activity == WORKING) == len(work.case)
    assert np.array_equal(status.at_us[status.activity == WORKING], work.started_us)
    assert np.array_equal(status.at_us[status.activity == RESOLVED], status.resolved_us)
    closed = (status.at_us[status.activity == CLOSED] - status.resolved_us) / DAY_US
    assert closed.min() >= 2.0
    assert closed.max() <= 4.0


def test_completion_record_knows_no_start() -> None:
    plan = CompanyPlan(seed=9, n_cases=500)
    work, completion = generate(plan), generate(replace(plan, record="completion"))
    assert np.all(completion.started_us == -1)
    assert np.array_equal(work.at_us, completion.at_us)


def test_office_hours_hold_in_local_time_on_both_sides_of_the_change_of_clocks() -> None:
    log = generate(CompanyPlan(seed=10, n_cases=3000, office_hours=True))
    for month, offset in ((2, 1), (6, 2)):
        moment = log.started_us.astype("M8[us]")
        chosen = log.started_us[(moment.astype("M8[M]").astype(int) % 12) == month - 1]
        local = chosen + offset * HOUR_US
        assert np.all((local // DAY_US + 3) % 7 < 5)
        hours = local % DAY_US / HOUR_US
        assert hours.min() >= 8.0
        assert hours.max() <= 17.0


def test_batches_are_picked_up_together() -> None:
    plan = CompanyPlan(seed=11, n_cases=3000)
    unit = roles_of(plan.n_units).core[0]
    log = generate(replace(plan, pickup_days=((unit, 3.0),)))
    rows = np.flatnonzero((np.diff(log.unit) != 0) & (np.diff(log.case) == 0)) + 1
    starts = log.started_us[rows[log.unit[rows] == unit]]
    assert np.all(starts % (3 * DAY_US) < 3 * HOUR_US)


def test_needed_step_is_work_for_the_share_that_needs_it() -> None:
    plan = CompanyPlan(seed=12, n_cases=40_000)
    step = place_needed_step(plan, 1, 0.4)
    assert isinstance(step, NeededStep)
    log = generate(replace(plan, needed_steps=(step,)))
    needed = np.flatnonzero(log.labels & 8)
    assert np.all(log.true_topic[needed] == step.topic)
    assert np.all(log.touched == 0)
    leaving = handovers_of(generate(plan))
    n = np.count_nonzero((leaving.sender == step.from_unit) & (leaving.topic == step.topic))
    assert len(needed) / n == pytest.approx(0.4, abs=0.08)
    for case in needed[:20].tolist():
        way = units_of_case(log, case)
        assert way[way.index(step.from_unit) + 1] == step.unit


def test_faults_at_one_place_are_refused() -> None:
    with pytest.raises(ValueError, match="share their random numbers"):
        CompanyPlan(seed=1, faults=(Fault("bottleneck", 4), Fault("bottleneck", 4, factor=2.0)))


@pytest.mark.verify
def test_a_million_events_take_less_than_a_second_of_a_core() -> None:
    generate(CompanyPlan(seed=1, n_cases=100))
    before = time.process_time()
    log = generate(CompanyPlan(seed=1, n_cases=400_000))
    assert len(log.case) / (time.process_time() - before) > 1e6
