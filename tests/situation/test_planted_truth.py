"""Planted faults are found first of their kind, named once and priced truly."""

import pytest
from benchmarks.planted_truth import KINDS, analysed, answered, judged

from leitweg.demo.standard import standard_company
from leitweg.demo.truth import true_price


def test_every_planted_fault_of_three_plain_companies_is_found_and_nearly_all_are_covered():
    seeds = (2001, 2002, 2003)
    plans = [
        standard_company(seed, rough=False, faults=KINDS, cases_at_fault=200) for seed in seeds
    ]
    judgements = [judged(plan) for plan in plans]
    outcomes = [outcome for found, _ in judgements for outcome in found]
    assert [o.kind for o in outcomes] == [*KINDS] * 3
    assert min(o.cases for o in outcomes) >= 100
    assert [o.kind for o in outcomes if not o.found] == []
    # one of eighteen intervals of 95 % may miss
    assert sum(o.covered for o in outcomes) >= 17
    assert [0.6 < o.ratio < 1.5 for o in outcomes] == [True] * 18
    for _, further in judgements:
        assert len([f for f in further if f.kind != "smooth_link"]) <= 1


@pytest.mark.parametrize("seed", [2001, 2002, 2003])
def test_where_nothing_is_planted_nothing_is_found(seed):
    plan = standard_company(seed, rough=False, faults=(), cases_at_fault=200)
    assert [f for f in analysed(plan)[0] if f.kind != "smooth_link"] == []


DEEP = ("gap", "silo", "overload", "key_position", "dead_end")


@pytest.mark.parametrize("rough", [False, True])
def test_five_faults_of_the_newer_kinds_are_five_findings(rough):
    plan = standard_company(2004, rough=rough, faults=DEEP, cases_at_fault=300)
    outcomes, further = judged(plan)
    assert [o.kind for o in outcomes if not o.found] == []
    # rough companies differ by themselves: one interval of five may miss
    assert sum(o.covered for o in outcomes) >= 4
    assert len([f for f in further if f.kind != "smooth_link"]) <= 2 * rough


def test_all_repaired_is_recomputed_and_held_against_the_truth():
    plan = standard_company(2005, rough=False, faults=("bottleneck", "gap", "ping_pong"))
    findings, together, _ = answered(plan)
    truth = true_price(plan, *plan.faults)
    assert together.low <= truth <= together.high
    single = sum(f.price.value for f in findings if f.kind != "smooth_link")
    assert together.value <= single * (1 + 1e-9)


FIRST, COMPANIES = 3000, 30


def companies(kinds):
    """Outcomes and further findings of thirty companies, plain and rough."""
    return {
        rough: [
            judged(standard_company(seed, rough=rough, faults=kinds))
            for seed in range(FIRST, FIRST + COMPANIES)
        ]
        for rough in (False, True)
    }


@pytest.fixture(scope="module")
def thirty():
    return companies(KINDS)


@pytest.fixture(scope="module")
def thirty_deep():
    return companies(DEEP)


def shares(companies):
    outcomes = [o for found, _ in companies for o in found if o.cases >= 100]
    hits = [o for o in outcomes if o.found]
    by_kind = {
        kind: sum(o.found for o in outcomes if o.kind == kind)
        / sum(o.kind == kind for o in outcomes)
        for kind in {o.kind for o in outcomes}
    }
    covered = sum(o.covered for o in hits) / len(hits)
    return len(hits) / len(outcomes), covered, by_kind


@pytest.mark.verify
def test_thirty_plain_companies(thirty):
    found, covered, _ = shares(thirty[False])
    assert found >= 0.97
    assert covered >= 0.93


@pytest.mark.verify
def test_thirty_rough_companies(thirty):
    found, covered, by_kind = shares(thirty[True])
    assert found >= 0.90
    assert {kind: share for kind, share in by_kind.items() if share < 0.80} == {}
    assert covered >= 0.85


@pytest.mark.verify
@pytest.mark.parametrize("rough", [False, True])
def test_thirty_companies_with_nothing_planted(rough):
    counts = [
        len([f for f in analysed(plan)[0] if f.kind != "smooth_link"])
        for seed in range(FIRST, FIRST + COMPANIES)
        for plan in [standard_company(seed, rough=rough, faults=())]
    ]
    if rough:
        assert sum(counts) / len(counts) <= 1
        return
    tens = [counts[i : i + 10] for i in range(0, COMPANIES, 10)]
    assert [max(ten) for ten in tens if max(ten) > 1] == []


@pytest.mark.verify
def test_thirty_plain_companies_with_the_newer_kinds(thirty_deep):
    found, covered, _ = shares(thirty_deep[False])
    assert found >= 0.97
    assert covered >= 0.93


@pytest.mark.verify
def test_thirty_rough_companies_with_the_newer_kinds(thirty_deep):
    found, _, by_kind = shares(thirty_deep[True])
    assert found >= 0.90
    assert {kind: share for kind, share in by_kind.items() if share < 0.80} == {}
    further = [
        len([f for f in others if f.kind != "smooth_link"]) for _, others in thirty_deep[True]
    ]
    assert sum(further) / len(further) <= 1
