"""Gaps: ways that always lead round about, and what a direct handover would save."""

import pytest
from benchmarks.planted_truth import analysed, judged
from hand_logs import at

from leitweg.demo.standard import standard_company
from leitweg.situation.basis import basis_of
from leitweg.situation.cells import cells_of
from leitweg.situation.gap import gaps
from leitweg.situation.gap_ways import ways_between
from leitweg.situation.ping_pong import stretches_of


def basis_with(load_cases, paths):
    """One step an hour, everybody works; ``paths`` are (units, topic)."""
    cases = {
        f"c{i}": [(7 * i + h, unit, f"p{unit}") for h, unit in enumerate(path)]
        for i, (path, _) in enumerate(paths)
    }
    topics = {f"c{i}": topic for i, (_, topic) in enumerate(paths)}
    return basis_of(load_cases(cases, topics), level="unit", start_us=at(0), end_us=at(99_999))


def gaps_in(load_cases, paths, **beside):
    basis = basis_with(load_cases, paths)
    stretches = stretches_of(basis.stays.case, basis.stays.unit)
    nothing = stretches.inside(len(basis.stays))
    cells = cells_of(basis, estimates=~nothing, left_out=nothing)
    found = gaps(basis, stretches, cells, **beside)
    return basis, {(basis.holders[c.from_unit], basis.holders[c.to_unit]): c for c in found}


def test_ways_begin_at_the_last_visit_and_end_at_the_first(load_cases):
    basis = basis_with(load_cases, [("abcad", "t")])
    ways = ways_between(basis, stretches_of(basis.stays.case, basis.stays.unit))
    names = basis.holders
    found = {
        (names[a] + names[n], int(k)) for a, n, k in zip(ways.a, ways.to, ways.between, strict=True)
    }
    # a>d leads from the second a; b>d over c and a
    assert found == {
        *(("ab", 0), ("bc", 0), ("ca", 0), ("ad", 0)),
        *(("ac", 1), ("ba", 1), ("cd", 1), ("bd", 2)),
    }


ORDINARY = [("ehr", "u")] * 60 + [("fhr", "u")] * 40 + [("er", "t")] * 30


def test_a_topic_that_goes_round_from_one_entry_alone_is_a_gap(load_cases):
    basis, found = gaps_in(load_cases, [*ORDINARY, *[("axyr", "t")] * 30])
    assert [*found] == [("a", "r")]
    gap = found["a", "r"]
    # from the handover at a to the start at r three hours pass; a direct handover takes one
    assert gap.price.value == pytest.approx(30 * (3 - 1) / basis.months)
    assert gap.evidence["usual_way"] == ["x", "y"]
    assert gap.evidence["between_median"] == 2
    assert gap.evidence["direct_waiting_hours"] == pytest.approx(1)
    # the log does not tell work: a question
    assert gap.certainty <= 0.25
    assert gap.evidence["definitions"] == ["cases"]


def test_the_network_agrees_or_cannot_say(load_cases):
    paths = [*ORDINARY, *[("axyr", "t")] * 30]
    _, alone = gaps_in(load_cases, paths, agrees=lambda _a, _b: False)
    _, agreed = gaps_in(load_cases, paths, agrees=lambda _a, _b: True)
    assert alone["a", "r"].evidence["definitions_asked"] == 2
    assert agreed["a", "r"].evidence["definitions"] == ["cases", "expected"]
    assert agreed["a", "r"].certainty == pytest.approx(2 * alone["a", "r"].certainty)


def test_a_topic_that_goes_that_far_from_everywhere_is_a_process(load_cases):
    ordinary = [("ehr", "u")] * 60 + [("fhr", "u")] * 40
    _, found = gaps_in(load_cases, [*ordinary, *[("axyr", "t")] * 30, *[("bxyr", "t")] * 30])
    assert found == {}


def test_where_every_fifth_goes_directly_there_is_no_gap(load_cases):
    paths = [*ORDINARY, *[("axyr", "t")] * 24, *[("ar", "t")] * 6]
    assert gaps_in(load_cases, paths)[1] == {}


def test_too_few_ways_are_no_gap(load_cases):
    assert gaps_in(load_cases, [*ORDINARY, *[("axyr", "t")] * 19])[1] == {}


def test_through_one_unit_is_a_step(load_cases):
    assert gaps_in(load_cases, [*ORDINARY, *[("axr", "t")] * 30])[1] == {}


@pytest.mark.parametrize("rough", [False, True])
def test_a_planted_gap_is_found_and_priced(rough):
    plan = standard_company(2011, rough=rough, faults=("gap",), cases_at_fault=200)
    ((outcome,), further) = judged(plan)
    assert (outcome.found, outcome.covered) == (True, True)
    assert 0.7 < outcome.ratio < 1.4
    assert [f.kind for f in further if f.kind == "gap"] == []


def test_long_ways_on_which_everybody_works_are_no_gap():
    # ordinary topics of this company have up to three units between
    plan = standard_company(2012, rough=False, faults=(), cases_at_fault=200)
    assert [f.kind for f in analysed(plan)[0]] == []
