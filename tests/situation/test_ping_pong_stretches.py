"""Which alternations are ping-pong, where they could have ended, and what they cost."""

import numpy as np
import pytest
from hand_logs import at

from leitweg.situation.basis import basis_of
from leitweg.situation.ping_pong import ping_pongs, stretches_of


@pytest.mark.parametrize(
    ("path", "stretches"),
    [
        ("aba", []),  # a question and its answer
        ("abab", [(0, 3, 1)]),
        ("ababa", [(0, 4, 0)]),
        ("cabab", [(1, 4, 2)]),
        ("ababc", [(0, 3, 1)]),
        ("abacab", []),
        ("abcabc", []),
        ("ababcdcd", [(0, 3, 1), (4, 7, 5)]),
        ("ababcbcb", [(0, 3, 1), (3, 7, 3)]),
        ("abab|abab", [(0, 3, 1), (4, 7, 5)]),
        ("ab|ab", []),
    ],
)
def test_stretches(path, stretches):
    case, unit = arrays(path)
    found = stretches_of(case, unit)
    assert list(zip(found.first, found.last, found.could_end, strict=True)) == stretches


def arrays(path):
    parts = path.split("|")
    case = np.concatenate([np.full(len(p), i, dtype=np.int64) for i, p in enumerate(parts)])
    return case, np.array([ord(c) for c in path if c != "|"], dtype=np.int64)


def test_what_lies_inside_comes_after_the_stay_that_could_end_it():
    found = stretches_of(*arrays("cababd"))
    assert found.inside(6).tolist() == [False, False, False, True, True, False]


def company(bouncing, straight):
    """Ping-pong between A and B in some cases of topic T; D to E, and all else, goes straight."""
    cases, topics = {}, {}
    for i in range(bouncing):
        start = 7.0 * i
        steps = [(0, "A", "a"), (1, "B", "b"), (3, "A", "a"), (6, "B", "b"), (7, "C", "c")]
        cases[f"p{i}"] = [(start + h, u, p) for h, u, p in steps]
    for i in range(straight):
        start = 7.0 * i + 3
        cases[f"s{i}"] = [(start, "A", "a"), (start + 1, "B", "b"), (start + 2, "C", "c")]
        cases[f"d{i}"] = [(start, "D", "d"), (start + 1, "E", "e")]
    topics.update(dict.fromkeys(cases, "T"))
    return cases, topics


def test_a_planted_ping_pong_and_its_price(load_cases):
    cases, topics = company(30, 70)
    basis = basis_of(load_cases(cases, topics), level="unit", start_us=at(0), end_us=at(800))
    (found,) = ping_pongs(basis, stretches_of(basis.stays.case, basis.stays.unit))
    assert {basis.holders[found.from_unit], basis.holders[found.to_unit]} == {"A", "B"}
    evidence = found.evidence
    assert (evidence["cases_with_ping_pong"], evidence["cases_between_the_pair"]) == (30, 100)
    assert (evidence["share"], evidence["bounces"]) == (0.3, 60)
    # from B, where it could have stayed at hour one, to B at hour six
    assert evidence["excess_hours_median"] == 5.0
    usual = 0.5 / (70 + 100 + 50)  # no stretch at D>E (70 cases) and B>C (100)
    assert evidence["usual_share"] == pytest.approx(usual)
    assert found.price.value == pytest.approx(basis.per_month(30 * 5 * (1 - usual / 0.3)))
    assert found.price.low > 0


def test_fewer_than_ten_cases_are_no_finding(load_cases):
    cases, topics = company(9, 70)
    basis = basis_of(load_cases(cases, topics), level="unit", start_us=at(0), end_us=at(800))
    assert ping_pongs(basis, stretches_of(basis.stays.case, basis.stays.unit)) == []
