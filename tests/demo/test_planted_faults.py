"""Each planted fault: where it lies, how strong it is, what it leaves alone, what it costs."""

from dataclasses import replace

import numpy as np
import pytest
from demo_handovers import handovers_of, units_of_case

from leitweg.demo.absences import absences_of
from leitweg.demo.clock import RETURNING
from leitweg.demo.company import CompanyPlan, GeneratedLog, generate
from leitweg.demo.faults import cases_at, place_fault
from leitweg.demo.layout import roles_of, topics_of
from leitweg.demo.places import expected_cells, resolves_shares
from leitweg.demo.plan import DAY_US, HOUR_US, KINDS, SLOWNESS, Fault
from leitweg.demo.standard import standard_company
from leitweg.demo.truth import true_price, without
from leitweg.domain.errors import LeitwegError

ROWS = ("case", "at_us", "started_us", "person", "unit", "activity")
# there others do the work where the fault is repaired, also where nobody waits
SHARED_OUT = ("overload", "key_position")
PLANTED = tuple(k for k in KINDS if k != "backlog")


def rows_of(log: GeneratedLog, cases: np.ndarray) -> list[np.ndarray]:
    chosen = np.isin(log.case, cases)
    return [getattr(log, name)[chosen] for name in ROWS]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rough", [False, True])
def test_without_the_fault_only_its_cases_change(kind: str, rough: bool) -> None:
    others = tuple(k for k in ("bottleneck", "ping_pong", "misrouting") if k != kind)
    plan = standard_company(13, rough=rough, faults=(*others, kind), cases_at_fault=150)
    fault = plan.faults[-1]
    log, clean = generate(plan), generate(without(plan, fault))
    touched = log.touched >> (len(plan.faults) - 1) & 1 > 0
    assert cases_at(log, fault) == np.count_nonzero(touched) > 0
    alone = np.flatnonzero(~touched)
    pairs = zip(rows_of(log, alone), rows_of(clean, alone), strict=True)
    for name, (one, other) in zip(ROWS, pairs, strict=True):
        assert np.array_equal(one, other) or (kind in SHARED_OUT and name == "person")
    assert np.array_equal(log.opened_us, clean.opened_us)
    assert np.array_equal(log.topic, clean.topic)
    changed = log.resolved_us != clean.resolved_us
    # a backlog does not touch what would have waited until that day anyhow
    if kind != "key_position":
        # whose cases all need the skill, also while its holders are there
        assert np.count_nonzero(changed) >= 0.97 * np.count_nonzero(touched)
    assert not np.any(changed & ~touched)


@pytest.mark.parametrize("kind", SLOWNESS)
def test_the_factor_is_in_the_waits(kind: str) -> None:
    plan = standard_company(14, rough=True, faults=(kind,))
    fault = plan.faults[0]
    with_it, clean = handovers_of(generate(plan)), handovers_of(generate(without(plan, fault)))
    ratio = with_it.wait_hours / clean.wait_hours
    at = with_it.receiver == (fault.unit if kind == "bottleneck" else fault.to_unit)
    if kind != "bottleneck":
        at &= with_it.sender == fault.from_unit
    if fault.topics is not None:
        at &= np.isin(with_it.topic, fault.topics)
    # times are whole microseconds
    assert np.allclose(ratio[at], fault.factor, rtol=1e-5)
    assert np.allclose(ratio[~at], 1.0)
    assert len(np.unique(with_it.case[at])) == cases_at(generate(plan), fault)


def test_the_factor_of_a_bottleneck_shows_in_the_medians() -> None:
    plan = standard_company(15, rough=False, faults=("bottleneck",))
    fault, waits = plan.faults[0], handovers_of(generate(plan))
    slow = np.median(waits.wait_hours[waits.receiver == fault.unit])
    usual = np.median(waits.wait_hours[waits.receiver != fault.unit])
    assert slow / usual == pytest.approx(fault.factor, rel=0.2)


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_ping_pong_has_at_least_four_stays_and_its_share(rounds: int) -> None:
    plan = standard_company(16, rough=True, faults=("ping_pong",))
    fault = replace(plan.faults[0], rounds=rounds, share=0.4)
    plan = replace(plan, faults=(fault,))
    log, clean = generate(plan), handovers_of(generate(without(plan, fault)))
    a, b, topic = fault.from_unit, fault.to_unit, (fault.topics or ())[0]
    lengths = set()
    for case in np.flatnonzero(log.touched).tolist():
        way = units_of_case(log, case)
        lengths.add(longest := longest_alternation(way, a, b))
        assert longest >= 4
    assert max(lengths) >= 2 + 2 * rounds
    by = (clean.sender == a) & (clean.receiver == b) & (clean.topic == topic)
    n_by = len(np.unique(clean.case[by]))
    assert cases_at(log, fault) / n_by == pytest.approx(0.4, abs=0.08)


def longest_alternation(way: list[int], a: int, b: int) -> int:
    best = run = 0
    for i, unit in enumerate(way):
        inside = unit in (a, b)
        run = run + 1 if inside and i > 0 and way[i - 1] in (a, b) else int(inside)
        best = max(best, run)
    return best


def test_misrouting_goes_through_the_wrong_unit_and_partly_back() -> None:
    plan = standard_company(17, rough=False, faults=("misrouting",))
    fault = replace(plan.faults[0], part=0.3, share=0.5)
    plan = replace(plan, faults=(fault,))
    log, clean = generate(plan), generate(without(plan, fault))
    back = 0
    touched = np.flatnonzero(log.touched)
    for case in touched.tolist():
        way, usual = units_of_case(log, case), units_of_case(clean, case)
        i = way.index(fault.unit)
        assert way[i - 1] == fault.from_unit
        back += way[i + 1] == fault.from_unit
        rest = way[i + 2 :] if way[i + 1] == fault.from_unit else way[i + 1 :]
        assert way[:i] + rest == usual
    assert back / len(touched) == pytest.approx(0.3, abs=0.08)
    leaving = handovers_of(clean)
    n = np.count_nonzero(
        (leaving.sender == fault.from_unit) & (leaving.topic == (fault.topics or ())[0])
    )
    assert len(touched) / n == pytest.approx(0.5, abs=0.07)


@pytest.mark.parametrize("seed", range(10))
def test_misrouting_lies_where_it_can_be_told(seed: int) -> None:
    plan = standard_company(seed, rough=False, faults=("misrouting",))
    fault, topics = plan.faults[0], topics_of(plan)
    topic = topics[(fault.topics or ())[0]]
    assert fault.unit not in (*topic.homes, *topic.middle, *topic.entries)
    assert resolves_shares(plan, expected_cells(plan))[fault.unit] >= 0.15
    assert fault.share <= 0.6


def test_gap_leads_all_cases_of_a_link_through_units_that_only_look() -> None:
    plan = standard_company(31, rough=False, faults=("gap",))
    fault = plan.faults[0]
    log, clean = generate(plan), generate(without(plan, fault))
    for case in np.flatnonzero(log.touched).tolist():
        way, usual = units_of_case(log, case), units_of_case(clean, case)
        i = way.index(fault.units[0])
        assert way[i - 1] == fault.from_unit
        assert tuple(way[i : i + len(fault.units)]) == fault.units
        assert way[:i] + way[i + len(fault.units) :] == usual
    waits = handovers_of(log)
    direct = (waits.sender == fault.from_unit) & (waits.receiver == fault.to_unit)
    direct &= waits.topic == (fault.topics or ())[0]
    assert np.count_nonzero(direct) <= 0.06 * cases_at(log, fault)


@pytest.mark.parametrize("seed", range(10))
def test_gap_is_longer_than_usual_and_leads_through_no_dispatcher(seed: int) -> None:
    plan = standard_company(seed, rough=False, faults=("gap",))
    fault, topics = plan.faults[0], topics_of(plan)
    topic = topics[(fault.topics or ())[0]]
    assert fault.from_unit in topic.entries
    assert fault.to_unit in topic.homes
    assert topic.middle == ()
    resolving = resolves_shares(plan, expected_cells(plan))
    assert all(resolving[unit] >= 0.15 for unit in fault.units)
    assert not set(fault.units) & {*topic.entries, *topic.homes}
    weights = [t.weight for t in topics if len(t.middle) < len(fault.units)]
    assert len(fault.units) >= 2
    assert sum(weights) > 0.55 * sum(t.weight for t in topics)


def test_price_of_a_gap_with_constant_times_is_known_by_hand() -> None:
    plan = standard_company(32, rough=False, faults=("gap",), cases_at_fault=100)
    plan = replace(plan, wait_hours=4.0, wait_log_sd=0.0, work_hours=0.4, work_log_sd=0.0)
    fault = plan.faults[0]
    # each unit between lets wait 4 hours and looks for a quarter of a piece of work
    hours = len(fault.units) * (4.0 + 0.25 * 0.4) * cases_at(generate(plan), fault)
    assert true_price(plan, fault) == pytest.approx(hours / 12.0, rel=1e-9)


@pytest.mark.parametrize("rounds", [1, 2])
def test_silo_sends_cases_round_before_they_leave(rounds: int) -> None:
    plan = standard_company(33, rough=False, faults=("silo",))
    fault = replace(plan.faults[0], rounds=rounds)
    plan = replace(plan, faults=(fault,))
    log, clean = generate(plan), generate(without(plan, fault))
    lengths, directions = set(), set()
    for case in np.flatnonzero(log.touched).tolist():
        way, usual = units_of_case(log, case), units_of_case(clean, case)
        more = len(way) - len(usual)
        lengths.add(more)
        leaves = [i for i in range(len(usual) - 1) if usual[i] in fault.units]
        at = next(i for i in leaves if usual[i + 1] not in fault.units)
        circle = way[at : at + more + 1]
        assert way == usual[:at] + circle + usual[at + 1 :]
        assert circle[0] == circle[-1] == usual[at]
        directions.add(tuple(circle[:3]))
        # no back and forth: three units in a row are three units
        assert all(len(set(circle[i : i + 3])) == 3 for i in range(more - 1))
    assert lengths == {3 * (i + 1) for i in range(rounds)}
    assert len(directions) >= 2
    by = np.isin(clean.true_topic, list(fault.topics or ()))
    assert cases_at(log, fault) / np.count_nonzero(by) == pytest.approx(fault.share, abs=0.08)
    assert external_share(log, fault) < 0.7 * external_share(clean, fault)


def external_share(log: GeneratedLog, fault: Fault) -> float:
    handovers = handovers_of(log)
    out = np.isin(handovers.sender, fault.units) & np.isin(handovers.topic, fault.topics)
    return float(np.mean(~np.isin(handovers.receiver[out], fault.units)))


@pytest.mark.parametrize("seed", range(10))
def test_silo_lies_in_a_block_that_its_topics_leave_once(seed: int) -> None:
    plan = standard_company(seed, rough=False, faults=("silo",))
    fault, topics = plan.faults[0], topics_of(plan)
    assert len(set(fault.units)) == 3
    for t in fault.topics or ():
        way = topics[t]
        assert not set(fault.units) & {*way.entries, *way.homes}
        assert set(fault.units) & set(way.middle)


@pytest.mark.parametrize("people", [1, 2])
def test_key_position_lets_cases_lie_while_its_holders_are_away(people: int) -> None:
    plan = standard_company(34, rough=False, faults=("key_position",))
    fault = replace(plan.faults[0], people=people)
    plan = replace(plan, faults=(fault,))
    log, clean = generate(plan), generate(without(plan, fault))
    holders = np.flatnonzero(log.person_unit == fault.unit)[:people]
    first = np.flatnonzero((np.diff(log.unit, prepend=-1) != 0) & (log.unit == fault.unit))
    at = first[np.isin(log.true_topic[log.case[first]], list(fault.topics or ()))]
    assert set(log.person[at]) == set(holders)
    assert cases_at(log, fault) == len(np.unique(log.case[at]))
    absences = absences_of(plan)
    away = [absences.from_us[absences.person == h] for h in holders]
    assert all(np.array_equal(a, away[0]) for a in away)
    starts, ends = away[0], absences.to_us[absences.person == holders[0]]
    assert np.sum(ends - starts) / DAY_US == pytest.approx(fault.share * 365.25, abs=3)
    began = log.started_us[at]
    assert not np.any((starts[:, None] <= began) & (began < ends[:, None]))
    lay = began - clean.started_us[at] > 0
    came = clean.started_us[at]
    inside = np.any((starts[:, None] <= came) & (came < ends[:, None]), axis=0)
    assert np.array_equal(lay, inside)
    assert np.mean(lay) == pytest.approx(fault.share, abs=0.05)
    hours = np.sum(began - came) / HOUR_US / plan.months
    assert true_price(plan, fault) == pytest.approx(hours, rel=1e-9)


def test_absences_of_others_cost_nothing() -> None:
    plan = CompanyPlan(seed=35, n_cases=3000)
    present, absent = generate(plan), generate(replace(plan, absences=True))
    assert np.array_equal(present.started_us, absent.started_us)
    assert 0.05 < np.mean(present.person != absent.person) < 0.25
    assert np.all(absent.person_unit[absent.person] == absent.unit)
    absences = absences_of(absent.plan)
    assert np.all(np.bincount(absences.person) == 3)
    first = np.flatnonzero((np.diff(absent.unit) != 0) | (np.diff(absent.case) != 0)) + 1
    for person in range(0, 96, 7):
        own = first[absent.person[first] == person]
        at = absent.started_us[own][:, None]
        rows = absences.person == person
        assert not np.any((absences.from_us[rows] <= at) & (at < absences.to_us[rows]))


def test_dead_end_parks_inside_the_stay() -> None:
    plan = standard_company(18, rough=False, faults=("dead_end",))
    fault = plan.faults[0]
    log, clean = generate(plan), generate(without(plan, fault))
    touched = np.flatnonzero(log.touched)
    longer = (log.resolved_us - clean.resolved_us)[touched] / HOUR_US
    assert np.median(longer) == pytest.approx(fault.hours, rel=0.1)
    for case in touched[:30].tolist():
        assert units_of_case(log, case) == units_of_case(clean, case)
    waits, usual = handovers_of(log), handovers_of(clean)
    assert np.allclose(waits.wait_hours, usual.wait_hours)


def test_dead_end_can_send_back_without_work() -> None:
    plan = standard_company(18, rough=False, faults=("dead_end",))
    fault = replace(plan.faults[0], part=0.5)
    log = generate(replace(plan, faults=(fault,)))
    rows = np.flatnonzero(log.activity == RETURNING)
    assert len(rows) / cases_at(log, fault) == pytest.approx(0.5, abs=0.08)
    assert np.all(log.unit[rows] == fault.unit)
    assert np.all(log.started_us[rows] == log.at_us[rows])
    assert np.all(log.unit[rows + 1] == log.unit[rows - 1])


def test_backlog_is_picked_up_on_one_day() -> None:
    plan = standard_company(19, rough=False, faults=("backlog",), cases_at_fault=100)
    fault = plan.faults[0]
    log = generate(plan)
    day = plan.start_us + fault.clear_day * DAY_US
    rows = np.flatnonzero((np.diff(log.unit) != 0) & (np.diff(log.case) == 0)) + 1
    at = rows[(log.unit[rows] == fault.to_unit) & (log.unit[rows - 1] == fault.from_unit)]
    lay = at[log.touched[log.case[at]] > 0]
    on_day = (log.started_us[lay] >= day) & (log.started_us[lay] < day + DAY_US)
    assert np.mean(on_day) > 0.95
    assert np.all(log.at_us[lay - 1] < day)


@pytest.mark.parametrize("kind", PLANTED)
@pytest.mark.parametrize("rough", [False, True])
def test_about_as_many_cases_meet_the_fault_as_asked(kind: str, rough: bool) -> None:
    for seed in range(20):
        plan = standard_company(seed, rough=rough, faults=(kind,))
        n = cases_at(generate(plan), plan.faults[0])
        # how many cases lie in a queue is chance: one busy month brings the next
        most = 1.6 if kind == "overload" else 1.35
        assert 0.65 * 450 <= n <= most * 450, (seed, n)


@pytest.mark.parametrize("seed", range(6))
def test_faults_of_one_company_leave_each_other_room(seed: int) -> None:
    plan = standard_company(seed, rough=True, faults=PLANTED, cases_at_fault=450)
    front = roles_of(plan.n_units).front
    slow = [f for f in plan.faults if f.kind in SLOWNESS]
    receivers = [f.unit if f.kind == "bottleneck" else f.to_unit for f in slow]
    assert len(set(receivers)) == 3
    assert not set(receivers) & set(front)
    log = generate(plan)
    for fault in plan.faults:
        assert cases_at(log, fault) >= 250


def test_price_of_a_bottleneck_with_constant_waits_is_known_by_hand() -> None:
    plan = CompanyPlan(seed=20, n_cases=2000, wait_hours=4.0, wait_log_sd=0.0)
    unit = roles_of(plan.n_units).specialist[0]
    fault = Fault("bottleneck", unit, factor=3.0)
    receipts = np.count_nonzero(handovers_of(generate(plan)).receiver == unit)
    price = true_price(replace(plan, faults=(fault,)), fault)
    assert price == pytest.approx(receipts * (3.0 - 1.0) * 4.0 / 12.0, rel=1e-9)


def test_price_of_a_smooth_link_is_what_it_saves() -> None:
    plan = CompanyPlan(seed=21, n_cases=2000, wait_hours=4.0, wait_log_sd=0.0)
    fault = place_fault(plan, "smooth_link", 1, 150)
    fault = replace(fault, factor=0.25)
    waits = handovers_of(generate(plan))
    at = (waits.sender == fault.from_unit) & (waits.receiver == fault.to_unit)
    if fault.topics is not None:
        at &= np.isin(waits.topic, fault.topics)
    price = true_price(replace(plan, faults=(fault,)), fault)
    assert price == pytest.approx(np.count_nonzero(at) * 0.75 * 4.0 / 12.0, rel=1e-9)


def test_prices_overlap_and_are_asked_for_together() -> None:
    plan = CompanyPlan(seed=22, n_cases=3000)
    unit = roles_of(plan.n_units).core[0]
    sender = next(a for a, b, _ in expected_cells(plan) if b == unit)
    slow = Fault("bottleneck", unit, factor=2.0)
    link = Fault("slow_link", from_unit=sender, to_unit=unit, factor=3.0)
    both = replace(plan, faults=(slow, link))
    together = true_price(both, slow, link)
    assert together < true_price(both, slow) + true_price(both, link)
    one_by_one = true_price(both, slow) + true_price(without(both, slow), link)
    assert together == pytest.approx(one_by_one)


def test_without_refuses_what_is_not_there() -> None:
    plan = standard_company(1, rough=False, faults=("bottleneck",), cases_at_fault=100)
    with pytest.raises(ValueError, match="not a fault of this plan"):
        without(plan, Fault("bottleneck", 0))


def test_place_that_is_not_there_is_told() -> None:
    with pytest.raises(LeitwegError, match="No place for a fault of kind bottleneck") as error:
        place_fault(CompanyPlan(seed=1, n_cases=500), "bottleneck", 1, 5000)
    assert error.value.code == "no-place"
