"""Why somebody cannot take a request now, and who can next, in both languages."""

import pytest

from leitweg.domain.rosters import REASONS, Standing
from leitweg.language.availability import next_sentence, standing_text
from leitweg.language.catalogue import LANGUAGES, catalogue
from leitweg.language.codes import language_code

TUESDAY_US = 1_796_115_600_000_000


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why", REASONS)
def test_every_reason_has_a_text(language, why):
    assert catalogue(language)[f"routing.why_not.{why}"]
    assert standing_text(language, Standing("a", False, why))


def test_times_are_told_in_the_zone():
    absent = Standing("Anna", False, "absent", TUESDAY_US)
    assert (
        standing_text("de", absent, "Europe/Berlin") == "abwesend bis Di. 1. Dezember 2026, 10:00"
    )
    assert next_sentence("en", absent) == (
        "Next available is Anna: Tue 1 December 2026, 09:00 (UTC)."
    )
    assert standing_text("de", Standing("a", True)) == "verfügbar"


def test_what_is_not_known_is_said():
    assert next_sentence("de", None) == "Wann wieder jemand verfügbar ist, ist nicht bekannt."


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Deutsch", "de"),
        ("german", "de"),
        ("de-AT", "de"),
        ("EN", "en"),
        ("Türkisch", "tr"),
        ("Türkçe", "tr"),
        ("français", "fr"),
        ("Niederländisch", "nl"),
        ("xx", None),
        ("", None),
        ("Deutsch und mehr", None),
    ],
)
def test_languages_by_their_names(text, code):
    assert language_code(text) == code
