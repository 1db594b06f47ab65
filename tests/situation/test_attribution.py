"""Findings of one company together: their union, their order, their places."""

import pytest
from benchmarks.planted_truth import KINDS, event_log_of

from leitweg.demo.company import generate
from leitweg.demo.standard import standard_company
from leitweg.situation.attribution import candidates_of, hours_if_all_repaired
from leitweg.situation.basis import basis_of
from leitweg.situation.findings import findings_of

SEEDS = (21, 22, 23)


@pytest.fixture(scope="module", params=SEEDS)
def company(request):
    plan = standard_company(request.param, rough=False, faults=KINDS, cases_at_fault=150)
    log = generate(plan)
    basis = basis_of(event_log_of(log), level="unit")
    return basis, candidates_of(basis)


def test_the_union_is_at_most_the_sum_and_at_least_the_largest(company):
    basis, candidates = company
    faults = [c for c in candidates if c.kind != "smooth_link"]
    assert len(faults) >= 4
    union = hours_if_all_repaired(basis, candidates).value
    alone = [hours_if_all_repaired(basis, [c]).value for c in faults]
    assert max(alone) <= union * (1 + 1e-12)
    assert union <= sum(alone) * (1 + 1e-12)
    waiting = basis.per_month(basis.accounts.waiting_us[basis.in_period].sum() / 3.6e9)
    working = basis.per_month(basis.accounts.working_us[basis.in_period].sum() / 3.6e9)
    assert union < waiting + working


def test_smooth_links_are_in_no_union(company):
    basis, candidates = company
    smooth = [c for c in candidates if c.kind == "smooth_link"]
    assert hours_if_all_repaired(basis, smooth).value == 0.0


def test_saving_a_place_alone_is_about_its_price(company):
    """Slow places are priced as waits are saved; the others by their own counterfactual."""
    basis, candidates = company
    for candidate in candidates:
        if candidate.kind in ("bottleneck", "slow_link"):
            alone = hours_if_all_repaired(basis, [candidate]).value
            assert alone == pytest.approx(candidate.price.value, rel=0.1)


def test_the_same_place_twice_saves_once(company):
    basis, candidates = company
    once = hours_if_all_repaired(basis, candidates).value
    assert hours_if_all_repaired(basis, [*candidates, *candidates]).value == once


def test_findings_come_costliest_first_and_smooth_links_last(company):
    basis, _ = company
    findings, union = findings_of(basis)
    faults = [f for f in findings if f.kind != "smooth_link"]
    assert [f.price.value for f in faults] == sorted((f.price.value for f in faults), reverse=True)
    assert list(findings[: len(faults)]) == faults
    assert len({f.id for f in findings}) == len(findings)
    assert union.value >= faults[0].price.value * 0.9
    for finding in findings:
        assert finding.n_cases == len(finding.evidence["case_ids"])
        assert 0 <= finding.certainty <= 1
