"""Network, load and evidence in words: of all and none, of one, of units not to be named."""

import math
from dataclasses import replace

import pytest

import depth_fixture
import faces_fixture
from leitweg.domain.findings import Estimate
from leitweg.domain.network import Network, NetworkFigure
from leitweg.domain.situation import Figure, LoadRow
from leitweg.language.evidence import evidence_value
from leitweg.language.findings import finding_meaning, finding_title
from leitweg.language.load import load_summary
from leitweg.language.network import congruence_sentence, network_sentences


def _network(name, value, *, ties=False):
    figure = NetworkFigure(name, Estimate(value, value, value))
    return Network("unit", "handovers", (figure,), from_ties=ties)


@pytest.mark.parametrize(
    ("name", "value", "english"),
    [
        ("e_i_index", 1.0, "All transactions lead into another unit or division."),
        ("e_i_index", -1.0, "All transactions stay in their own unit or division."),
        ("communities", 1.0, "No groups stand out that work more with one another than with"),
        ("communities", 3.0, "The units fall into 3 communities that work more with one"),
    ],
)
def test_all_none_and_one_have_sentences_of_their_own(name, value, english):
    (told,) = network_sentences("en", _network(name, value))
    assert told.startswith(english)


def test_people_and_units_are_told_apart():
    (told,) = network_sentences("de", _network("communities", 3.0), people=True)
    assert told.startswith("Einzeln betrachtet, gleich in welcher Einheit, bilden die Personen 3")
    (ties,) = network_sentences("de", _network("e_i_index", 1.0, ties=True), people=True)
    assert ties == "Alle Beziehungen führen in eine andere Einheit oder einen anderen Bereich."


def test_nearly_all_pairs_are_not_all():
    name = "socio_technical_congruence_share"
    told = {v: congruence_sentence("en", [Figure(name, v, v, v, "share", 9)]) for v in (0.999, 1.0)}
    assert told[0.999].startswith("Of 100 pairs that work on the same cases, 99 also")
    assert told[1.0] == "All pairs that work on the same cases also have a direct link."


def test_units_that_may_not_be_named_are_counted():
    assert evidence_value("de", "reached_units", ["A", "B", None, None]) == "A, B und 2 weitere"
    assert evidence_value("en", "reached_units", [None, None]) == "2 further units"
    assert evidence_value("en", "units", [None]) == "another unit"
    way = evidence_value("en", "usual_way", [None, "A", None])
    assert way == "another unit, A, another unit"


def test_no_sentence_names_nothing():
    silo = replace(
        depth_fixture.SILO, evidence={**depth_fixture.SILO.evidence, "units": ["A", "B", None]}
    )
    assert finding_title(silo, "de").startswith("„A“, „B“ und eine weitere Einheit bleiben")
    block = replace(silo, evidence={**silo.evidence, "units": ["A", None, None]})
    assert finding_title(block, "en").startswith("A and 2 more keep more to themselves")
    gap = depth_fixture.GAP
    hidden = replace(gap, evidence={**gap.evidence, "usual_way": [None, "Tarife"]})
    assert "über eine weitere Einheit und „Tarife“" in finding_meaning(hidden, "de")
    nobody = replace(gap, evidence={**gap.evidence, "usual_way": [None, None]})
    assert "through 2 further units," in finding_meaning(nobody, "en")


def test_a_spread_of_logarithms_is_a_factor():
    assert evidence_value("en", "spread_between_links", math.log(1.25)) == "1.25"
    assert evidence_value("de", "z", -6.2) == "−6,20"


def _row(unit, use, weeks):
    return LoadRow(unit, None, 9, 80, None, Estimate(use, use, use), weeks, 1.0, None)


@pytest.mark.parametrize(
    ("rows", "english"),
    [
        ([("A", 0.2, 0.0)], "At A work fills at most 85% of the working hours on average"),
        ([("A", 0.9, 0.5)], "At A work fills more than 85% of the working hours; there every"),
        ([("A", 0.2, 0.0), ("B", 0.3, 0.1)], "In none of 2 units does work fill more than 85%"),
        ([("A", 0.2, 0.0), ("B", 0.8, 0.5)], "but at B 50% of the weeks are fuller than that."),
        ([("A", 0.9, 0.5), ("B", 0.3, 0.1)], "noticeably longer. 2 units were looked at."),
        ([("A", 0.9, 0.5), ("B", 0.9, 0.5)], "In 2 of 2 units work fills more than 85%"),
    ],
)
def test_load_is_told_for_one_unit_and_for_many(rows, english):
    released = replace(faces_fixture.situation(), loads=tuple(_row(*row) for row in rows))
    assert english in load_summary("en", released)
