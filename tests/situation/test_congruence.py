"""Socio-technical congruence of logs whose needed and used links are known by hand."""

import numpy as np
import pytest
from hand_logs import at

from leitweg.situation.basis import basis_of
from leitweg.situation.congruence import congruence_figures, congruence_of


def paths(*counted):
    """Cases by their paths: ("ABC", 30) is thirty cases A, B, C."""
    cases, i = {}, 0
    for path, n in counted:
        for _ in range(n):
            cases[f"c{i}"] = [(i + 0.1 * k, u, f"{u}{i % 6}") for k, u in enumerate(path)]
            i += 1
    return cases


def figures(load_cases, cases, **options):
    basis = basis_of(
        load_cases(cases), level="unit", start_us=at(0), end_us=at(2000), seed=3, **options
    )
    return basis, congruence_figures(basis)


def test_a_line_of_three_by_hand(load_cases):
    """A, B and C work on 30 cases each; A and C never meet: 2 of 3 pairs, weighted too."""
    _, (share, weighted) = figures(load_cases, paths(("ABC", 30)))
    assert share.name == "socio_technical_congruence_share"
    assert weighted.name == "socio_technical_congruence_weighted_share"
    assert share.value == pytest.approx(2 / 3)
    assert weighted.value == pytest.approx(2 / 3)
    assert share.n_cases == 30


def test_pairs_weigh_by_their_common_cases(load_cases):
    """Needed: AB 90, BC 30, AC 30, all of them used but AC: 120 of 150."""
    basis, (share, weighted) = figures(load_cases, paths(("ABC", 30), ("AB", 60)))
    assert share.value == pytest.approx(2 / 3)
    assert weighted.value == pytest.approx(120 / 150)
    found = congruence_of(basis)
    names = [
        basis.holders[a] + basis.holders[b] for a, b in zip(found.low, found.high, strict=True)
    ]
    assert dict(zip(names, found.common[0], strict=True)) == {"AB": 90, "AC": 30, "BC": 30}
    assert dict(zip(names, found.direct[0], strict=True)) == {"AB": 90, "AC": 0, "BC": 30}


def test_few_common_cases_are_no_need_and_few_direct_ones_no_use(load_cases):
    """19 cases of A and D need nothing; A goes to C directly in 2 of 32 cases, under 10 %."""
    _, (share, _) = figures(load_cases, paths(("ABC", 30), ("AC", 2), ("AD", 19)))
    assert share.value == pytest.approx(2 / 3)
    _, (share, _) = figures(load_cases, paths(("ABC", 30), ("CA", 4), ("AD", 20)))
    assert share.value == 1


def test_a_small_share_of_both_units_cases_is_no_need(load_cases):
    """A and B have 500 and 460 cases, 22 in common: less than 5 % of either."""
    cases = paths(("AX", 478), ("BX", 438), ("AYB", 22))
    basis, _ = figures(load_cases, cases)
    found = congruence_of(basis)
    needed = {
        "".join(sorted(basis.holders[a] + basis.holders[b]))
        for a, b, yes in zip(found.low, found.high, found.required[0], strict=True)
        if yes
    }
    assert needed == {"AX", "BX", "AY", "BY"}


def test_the_interval_holds_the_value_and_reacts_to_what_is_near_the_bound(load_cases):
    _, (share, _) = figures(load_cases, paths(("ABC", 30), ("AC", 3), ("BD", 40)))
    assert share.low <= share.value <= share.high
    assert share.high == 1
    assert share.low < 0.8


def test_coming_back_counts_the_case_once(load_cases):
    basis, _ = figures(load_cases, paths(("ABABA", 25)))
    found = congruence_of(basis)
    assert (found.common[0].tolist(), found.direct[0].tolist()) == ([25], [25])


def test_reasons(load_cases):
    _, few = figures(load_cases, paths(("AB", 3)))
    assert [f.why for f in few] == ["too-few", "too-few"]
    _, alone = figures(load_cases, paths(("A", 30)))
    assert [f.why for f in alone] == ["too-few", "too-few"]
    _, mail = figures(load_cases, paths(("AB", 30)), answers=True)
    assert [f.why for f in mail] == ["no-threads", "no-threads"]


def test_more_rows_than_memory_holds(load_cases, monkeypatch):
    monkeypatch.setattr("leitweg.situation.congruence.MOST_ROWS", 89)
    _, many = figures(load_cases, paths(("ABC", 30)))
    assert [f.why for f in many] == ["too-many-pairs", "too-many-pairs"]


def test_names_and_order_decide_nothing(load_cases):
    cases = paths(("ABC", 30), ("AC", 3), ("BD", 40))
    names = list(cases)
    shuffled = {f"z{i}": cases[names[i]] for i in np.random.default_rng(1).permutation(len(names))}
    first, second = (figures(load_cases, c)[1] for c in (cases, shuffled))
    assert first == second
