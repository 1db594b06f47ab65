"""Ways with and without a unit between, and what the detour costs."""

from collections import Counter

import pytest
from hand_logs import at

from leitweg.situation.basis import basis_of
from leitweg.situation.misrouting import misroutings
from leitweg.situation.ping_pong import stretches_of
from leitweg.situation.ways import ways_of


def ways_in(load_cases, paths):
    """(from, via, to) of every way, with its number; one step an hour, everybody works."""
    cases = {
        f"c{i}": [(10 * i + h, unit, f"p{unit}") for h, unit in enumerate(path)]
        for i, path in enumerate(paths)
    }
    basis = basis_of(load_cases(cases), level="unit", start_us=at(0), end_us=at(999))
    ways = ways_of(basis, stretches_of(basis.stays.case, basis.stays.unit))
    names = {**dict(enumerate(basis.holders)), -1: "-"}
    rows = zip(ways.a, ways.via, ways.to, ways.hours, strict=True)
    return [(f"{names[a]}{names[v]}{names[n]}", round(float(h), 9)) for a, v, n, h in rows]


def around(found):
    return Counter(way for way, _ in found if way[1] != "-")


def straight(found):
    return Counter(way for way, _ in found if way[1] == "-")


def test_direct_ways(load_cases):
    found = ways_in(load_cases, ["an", "an"])
    assert found == [("a-n", 1.0), ("a-n", 1.0)]


def test_through_a_unit_between(load_cases):
    found = ways_in(load_cases, ["aWn"])
    assert around(found) == {"aWn": 1}
    assert ("aWn", 2.0) in found
    assert straight(found) == {"a-W": 1, "W-n": 1}


def test_there_and_back_again(load_cases):
    found = ways_in(load_cases, ["aWan"])
    # W>a>n is no way of W's through a, and a>n at its end is no direct way
    assert around(found) == {"aWn": 1}
    assert ("aWn", 3.0) in found
    assert straight(found) == {"a-W": 1, "W-a": 1}


def test_a_consultation_is_no_detour(load_cases):
    assert around(ways_in(load_cases, ["aWa"])) == {}


def test_longer_ways_are_cut_into_ways_of_three(load_cases):
    assert around(ways_in(load_cases, ["abcd"])) == {"abc": 1, "bcd": 1}


def test_ping_pong_is_collapsed_first(load_cases):
    found = ways_in(load_cases, ["ababn"])
    # what is left of it is a, b, n
    assert around(found) == {"abn": 1}


def company(via, direct):
    """Topic T: from a to n, some through W; the other topics never meet W."""
    cases, topics = {}, {}
    for i in range(direct):
        start = 5.0 * i
        cases[f"d{i}"] = [(start, "a", "p"), (start + 2, "n", "r")]
        cases[f"o{i}"] = [(start, "a", "p"), (start + 2, "m", "s")]
        topics |= {f"d{i}": "T", f"o{i}": "O"}
    for i in range(via):
        start = 5.0 * i + 1
        cases[f"w{i}"] = [(start, "a", "p"), (start + 4, "W", "w"), (start + 9, "n", "r")]
        topics[f"w{i}"] = "T"
    return cases, topics


def test_a_planted_detour_and_its_price(load_cases):
    cases, topics = company(40, 60)
    basis = basis_of(load_cases(cases, topics), level="unit", start_us=at(0), end_us=at(400))
    (found,) = misroutings(basis, stretches_of(basis.stays.case, basis.stays.unit))
    names = basis.holders
    assert (names[found.unit], names[found.from_unit]) == ("W", "a")
    assert [basis.log.topics[t] for t in found.topics] == ["T"]
    assert (found.evidence["ways_through"], found.evidence["direct_ways"]) == (40, 60)
    assert found.evidence["share"] == pytest.approx(0.4)
    # nine hours through W against two, less the little that is usual
    ceiling = basis.per_month(40 * (9 - 2))
    assert 0.98 * ceiling < found.price.value <= ceiling
    # W worked on every case: whether it was needed, the log cannot say
    assert found.certainty <= 0.5


def test_without_a_topic_nothing_is_called_a_detour(load_cases):
    cases, _ = company(40, 60)
    basis = basis_of(load_cases(cases), level="unit", start_us=at(0), end_us=at(400))
    assert misroutings(basis, stretches_of(basis.stays.case, basis.stays.unit)) == []


def test_a_way_that_all_cases_take_is_a_step(load_cases):
    cases, topics = company(96, 4)
    basis = basis_of(load_cases(cases, topics), level="unit", start_us=at(0), end_us=at(600))
    assert misroutings(basis, stretches_of(basis.stays.case, basis.stays.unit)) == []
