"""Both languages say the same things, and the small reader reads like the big one."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po as read_with_babel

from leitweg.domain.findings import KINDS
from leitweg.engine.work_rules import WorkRules
from leitweg.language import catalogue as room
from leitweg.language.catalogue import (
    LANGUAGES,
    UnknownLanguageError,
    catalogue,
    language_of,
    read_po,
    translate,
)
from leitweg.language.figures import FIGURES
from leitweg.language.findings import KINDS_WITH_TEXTS
from leitweg.language.reasons import REASONS
from leitweg.situation.constants import Constants

PLACE = re.compile(r"\{(\w+)\}")


def test_both_languages_have_the_same_keys():
    assert catalogue("de").keys() == catalogue("en").keys()
    assert len(catalogue("de")) > 500


def test_both_languages_fill_in_the_same_values():
    for key, english in catalogue("en").items():
        assert set(PLACE.findall(english)) == set(PLACE.findall(catalogue("de")[key])), key


def test_no_text_is_empty():
    assert [key for lang in LANGUAGES for key, text in catalogue(lang).items() if not text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reader_agrees_with_babel(language):
    path = Path(room.__file__).with_name(f"{language}.po")
    with path.open("rb") as file:
        known = {m.id: m.string for m in read_with_babel(file) if m.id}
    assert read_po(path.read_text(encoding="utf-8")) == known


def test_the_reader_joins_lines_and_reads_escapes():
    text = 'msgid ""\nmsgstr "head"\n\n# note\nmsgid "a"\nmsgstr "one\\n"\n"\\"two\\""\n'
    assert read_po(text) == {"a": 'one\n"two"'}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_is_told_in_full(language):
    for kind in (*KINDS, "strain", "idea_gap"):
        assert kind in KINDS_WITH_TEXTS
        for part in ("name", "title", "counterfactual", "meaning", "next"):
            assert catalogue(language)[f"finding.{kind}.{part}"]


def test_every_figure_is_named_and_explained():
    assert len(FIGURES) == len(set(FIGURES)) >= 35
    for language in LANGUAGES:
        for name in FIGURES:
            assert catalogue(language)[f"figure.{name}.label"]
            assert catalogue(language)[f"figure.{name}.explanation"]


def test_every_reason_and_every_constant_has_a_text():
    for code in REASONS:
        assert f"reason.{code}" in catalogue("de")
    for name in (*Constants.__dataclass_fields__, *WorkRules.__dataclass_fields__):
        assert f"constant.{name}" in catalogue("de")


def test_german_says_the_words_of_the_house():
    assert translate("de", "word.case") == "Vorgang"
    assert translate("de", "word.unit") == "Einheit"
    assert translate("de", "word.finding") == "Befund"
    assert translate("de", "count.handover.other", n=7) == "7 Übergaben"


def test_an_unknown_language_is_a_sentence():
    with pytest.raises(UnknownLanguageError, match="Choose de or en") as raised:
        catalogue("fr")
    assert raised.value.code == "unknown-language"


def test_the_language_comes_from_the_surroundings():
    assert language_of({"LC_ALL": "de_DE.UTF-8", "LANG": "en_GB"}) == "de"
    assert language_of({"LEITWEG_LANGUAGE": "en", "LANG": "de_DE"}) == "en"
    assert language_of({"LANG": "fr_FR"}) == "en"
    assert language_of({}) == "en"
