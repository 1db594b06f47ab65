"""Silos: circles inside a block of units, and its handovers outward against chance."""

import itertools

import numpy as np
import pytest
from hand_logs import at

from leitweg.situation.basis import basis_of
from leitweg.situation.circles import circles_of
from leitweg.situation.ping_pong import stretches_of
from leitweg.situation.silo import against_chance, silos


def basis_with(load_cases, paths):
    cases = {
        f"c{i}": [(9 * i + h, unit, f"p{unit}") for h, unit in enumerate(path)]
        for i, path in enumerate(paths)
    }
    topics = dict.fromkeys(cases, "t")
    return basis_of(load_cases(cases, topics), level="unit", start_us=at(0), end_us=at(99_999))


def circles_in(load_cases, path):
    basis = basis_with(load_cases, [path])
    found = circles_of(basis, stretches_of(basis.stays.case, basis.stays.unit))
    rows = zip(found.first.tolist(), found.last.tolist(), found.could_end.tolist(), strict=True)
    return [*rows]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("abcd", []),
        ("aba", []),
        ("abab", []),  # ping-pong
        ("abca", [(0, 3, 0)]),
        ("abcabcd", [(0, 5, 2)]),
        ("xabcbad", [(1, 5, 1)]),
        ("abcadefd", [(0, 3, 0), (4, 7, 4)]),
    ],
)
def test_circles_go_by_way_of_two_others(load_cases, path, expected):
    assert circles_in(load_cases, path) == expected


def silos_in(load_cases, paths):
    basis = basis_with(load_cases, paths)
    stays = basis.stays
    return basis, silos(basis, circles_of(basis, stretches_of(stays.case, stays.unit)))


PLAIN = ["eho"] * 60 + ["fho"] * 60


def test_a_block_that_circles_is_priced_by_the_time_it_circles(load_cases):
    paths = [*PLAIN, *["abcabco"] * 30, *["abco"] * 30]
    basis, (silo,) = silos_in(load_cases, paths)
    assert silo.evidence["units"] == ["a", "b", "c"]
    assert (silo.evidence["cases_in_circles"], silo.evidence["cases_in_block"]) == (30, 60)
    usual = 0.5 / (120 + 50)
    assert silo.evidence["usual_share"] == pytest.approx(usual)
    # the unit that holds the case at the end had it three hours earlier
    assert silo.price.value == pytest.approx(30 * 3 * (1 - usual * 60 / 30) / basis.months)
    assert silo.price.low > 0
    # two in five handovers of a case that circles and one in three of the others lead outward
    assert silo.evidence["external_share"] == pytest.approx(60 / (30 * 6 + 30 * 3))
    assert silo.evidence["z"] < -2


def test_few_circles_are_no_silo(load_cases):
    assert silos_in(load_cases, [*PLAIN, *["abcabco"] * 9, *["abco"] * 51])[1] == []


def test_chains_without_circles_are_no_silo(load_cases):
    assert silos_in(load_cases, [*PLAIN, *["abco"] * 60])[1] == []


def test_chance_is_that_of_all_permutations():
    from_block = np.array([True, True, False, True, False])
    to_block = np.array([True, False, True, False, False])
    dealt = [
        sum(s and not to_block[r] for s, r in zip(from_block, order, strict=True))
        for order in itertools.permutations(range(5))
    ]
    found = against_chance(from_block, to_block)
    assert found.share == pytest.approx(2 / 3)
    assert found.expected == pytest.approx(np.mean(dealt) / 3)
    assert found.z == pytest.approx((2 - np.mean(dealt)) / np.std(dealt))
