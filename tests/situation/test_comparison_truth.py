"""A change that was planted is told, with its size; where nothing changed, nothing is."""

import pytest
from benchmarks.planted_truth import event_log_of
from two_halves import half_years, mean_hours, plans_of, random_halves

from leitweg.demo.company import generate
from leitweg.demo.standard import standard_company
from leitweg.demo.truth import true_price
from leitweg.situation.contrast import excludes_zero
from leitweg.studies.comparing import compare_sides


def figure(comparison, name):
    return next(f for f in comparison.figures if f.name == name)


def holds(estimate, truth):
    return estimate.low <= truth <= estimate.high


def true_change(plans):
    return mean_hours(plans[1]) - mean_hours(plans[0])


@pytest.fixture(scope="module")
def slower():
    """A bottleneck waits twice as long in the second half year; as many cases come."""
    plans = plans_of(100, (2.0, 4.0), (3000, 3000))
    return plans, compare_sides(half_years(plans), "open")


def test_a_slower_bottleneck_is_told_with_its_size(slower):
    plans, comparison = slower
    change = figure(comparison, "waiting_hours_per_case").change
    assert change.statement == "changed"
    assert holds(change.difference, true_change(plans))
    assert change.difference.value == pytest.approx(true_change(plans), rel=0.25)
    assert figure(comparison, "cases_per_month").change.statement == "no_change"
    assert figure(comparison, "handovers_unit_per_case").change.statement == "no_change"


def test_the_place_of_the_change_stands_first(slower):
    plans, comparison = slower
    name = f"U{plans[0].faults[0].unit:02d}"
    place = comparison.units[0]
    assert (place.unit, place.per_case.statement) == (name, "changed")
    # all of the change lies there, and one handover waits twice as long
    assert holds(place.per_case.difference, true_change(plans))
    assert holds(place.per_receipt.ratio, 2.0)
    assert {x.to_unit for x in comparison.links if x.per_case.statement == "changed"} == {name}
    others = [u.unit for u in comparison.units if u.per_case.statement == "changed"]
    assert others == [name]


def test_the_finding_grew_by_what_it_costs_more(slower):
    plans, comparison = slower
    (grew,) = [f for f in comparison.findings if f.became != "second_only"]
    assert (grew.kind, grew.became) == ("bottleneck", "grew")
    truth = [true_price(plan, *plan.faults) for plan in plans]
    assert holds(grew.price.difference, truth[1] - truth[0])
    assert holds(grew.price.first, truth[0])
    assert holds(grew.price.second, truth[1])


def test_more_cases_are_not_slower_cases():
    plans = plans_of(31, (2.0, 2.0), (2000, 3500))
    comparison = compare_sides(half_years(plans), "open")
    volume = figure(comparison, "cases_per_month").change
    assert volume.statement == "changed"
    assert volume.ratio.value == pytest.approx(1.75, rel=1e-9)
    assert figure(comparison, "waiting_hours_per_case").change.statement == "no_change"
    whole = figure(comparison, "waiting_hours_per_month").change
    case = figure(comparison, "waiting_hours_per_case").change
    assert whole.statement == "changed"
    assert whole.ratio.value == pytest.approx(volume.ratio.value * case.ratio.value, rel=1e-9)


def test_a_fault_that_was_not_there_before_appeared():
    plans = plans_of(300, (1.0, 3.0), (2000, 2000))
    comparison = compare_sides(half_years(plans), "open")
    name = f"U{plans[0].faults[0].unit:02d}"
    assert [(f.kind, f.shown.unit) for f in comparison.findings if f.became == "appeared"] == [
        ("bottleneck", name)
    ]
    (appeared,) = [f for f in comparison.findings if f.became == "appeared"]
    assert (appeared.first, appeared.price.difference, appeared.price.why) == (
        None,
        None,
        "found-on-one-side",
    )
    assert appeared.at_place.difference.low > 0


def false_alarms(plan, seeds, share=0.5):
    """Share of single intervals, and of comparisons with any statement per family, that err."""
    log = event_log_of(generate(plan))
    single, families = [], []
    for seed in seeds:
        comparison = compare_sides(random_halves(log, seed, share), "open", seed=seed)
        # parts of unequal size differ in what accrues in a month, and in nothing else
        figures = [f.change for f in comparison.figures if "per_month" not in f.name]
        single += [excludes_zero(c.difference) for c in figures if c.p_value is not None]
        verdicts = {"appeared", "vanished", "grew", "shrank"}
        families.append(
            (
                any(c.statement == "changed" for c in figures),
                any(u.per_case.statement == "changed" for u in comparison.units),
                any(x.per_case.statement == "changed" for x in comparison.links),
                any(f.became in verdicts for f in comparison.findings),
            )
        )
    return sum(single) / len(single), [
        sum(found) / len(found) for found in zip(*families, strict=True)
    ]


def test_one_period_split_by_lot_changed_in_nothing():
    plan = standard_company(6, rough=True, faults=("bottleneck", "ping_pong"), cases_at_fault=60)
    single, families = false_alarms(plan, range(12))
    # one in twenty by chance, of some 170 tests of which many go together
    assert single <= 0.12
    assert max(families) <= 0.25


def test_a_larger_part_has_no_larger_faults():
    plan = standard_company(6, rough=False, faults=("bottleneck",), cases_at_fault=250)
    comparison = compare_sides(random_halves(event_log_of(generate(plan)), 2, 0.25), "open")
    (fault,) = [f for f in comparison.findings if f.kind == "bottleneck"]
    assert fault.price.statement == "changed"
    assert fault.price.ratio.value == pytest.approx(3.0, rel=0.25)
    assert fault.price_per_case.statement == "no_change"
    assert fault.became == "same"


@pytest.mark.verify
@pytest.mark.parametrize(("rough", "share"), [(False, 0.5), (True, 0.5), (True, 0.25)])
def test_many_splits_by_lot(rough, share):
    faults = ("bottleneck", "slow_link", "ping_pong", "misrouting", "dead_end", "smooth_link")
    plan = standard_company(5, rough=rough, faults=faults, cases_at_fault=120)
    single, families = false_alarms(plan, range(200), share)
    assert single <= 0.08
    assert max(families) <= 0.10


@pytest.mark.verify
def test_intervals_of_the_change_hold_the_truth_in_sixty_companies():
    held, placed = [], []
    for seed in range(900, 960):
        plans = plans_of(seed, (1.5, 3.0), (2000, 2500))
        comparison = compare_sides(half_years(plans), "open")
        change = figure(comparison, "waiting_hours_per_case").change
        held.append(holds(change.difference, true_change(plans)))
        placed.append(comparison.units[0].unit == f"U{plans[0].faults[0].unit:02d}")
    assert sum(held) / len(held) >= 0.88
    assert sum(placed) / len(placed) >= 0.95
