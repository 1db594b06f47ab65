"""What is said where much is held back: what to do next, and never by which rule."""

from dataclasses import replace

import pytest

import faces_fixture
from leitweg.domain.situation import ReleasedSituation
from leitweg.language.held_back import (
    USUAL_K,
    all_held_back,
    held_back_sentences,
    is_all_held_back,
)
from leitweg.language.nothing_found import no_findings, nothing_found
from leitweg.privacy.threshold import K

NEXT = {"en": "What helps: the same period as before", "de": "Was hilft: derselbe Zeitraum wie"}


def _no_figure() -> ReleasedSituation:
    whole = faces_fixture.situation()
    figures = tuple(
        replace(f, value=None, low=None, high=None, why=None, held_back="below-k")
        for f in whole.figures
    )
    return replace(whole, figures=figures)


@pytest.mark.parametrize("language", ["en", "de"])
def test_rows_held_back_are_counted_with_what_to_do_next(language):
    (told,) = held_back_sentences(faces_fixture.situation(), language)
    assert NEXT[language] in told


@pytest.mark.parametrize("language", ["en", "de"])
def test_where_not_one_figure_is_left_it_says_why_and_what_to_do(language):
    assert is_all_held_back(_no_figure())
    assert NEXT[language] in all_held_back(_no_figure(), language)


def test_figures_that_the_data_do_not_have_are_not_held_back():
    assert not is_all_held_back(faces_fixture.situation())
    assert not is_all_held_back(faces_fixture.empty())
    mails = tuple(
        replace(f, held_back=None, why="no-threads") if f.name == "cases" else f
        for f in _no_figure().figures
    )
    assert not is_all_held_back(replace(_no_figure(), figures=mails))


def test_nothing_is_said_to_be_without_findings_where_all_is_held_back():
    none = replace(_no_figure(), findings=(), notes=())
    assert no_findings(none, "en") == "No findings that may be shown."


def test_a_threshold_that_grew_with_the_quarters_says_why():
    whole = faces_fixture.situation()
    assert USUAL_K == K
    assert all("by quarter" not in told for told in held_back_sentences(whole, "en"))
    grown = held_back_sentences(replace(whole, k=4 * K), "en")[-1]
    assert "known by quarter alone" in grown
    assert grown.endswith("20 are asked for.")
    assert "or one within a quarter" in all_held_back(replace(_no_figure(), k=4 * K), "en")


def test_without_units_a_protected_workspace_asks_for_a_list_of_people():
    persons = replace(faces_fixture.situation(), findings=(), notes=("person-level",))
    assert no_findings(persons, "en") == "No findings that may be shown."
    (told,) = nothing_found(persons, "en")
    assert "a list that names the unit of each person" in told
    assert "Personen" in nothing_found(persons, "de")[0]
