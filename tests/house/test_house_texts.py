"""Every code that an answer can carry has a text in both languages."""

import pytest
from house_files import SRC, codes_in, keywords, sources, tree_of

from leitweg.domain.findings import KINDS
from leitweg.language.catalogue import LANGUAGES, catalogue
from leitweg.language.findings import KINDS_WITH_TEXTS
from leitweg.privacy import threshold

SPEAKING = [
    *sorted((SRC / "situation").glob("*.py")),
    SRC / "studies" / "situation.py",
    SRC / "studies" / "comparing.py",
    SRC / "privacy" / "threshold.py",
    *sorted((SRC / "privacy").glob("release*.py")),
    SRC / "engine" / "message_log.py",
]
# names of bounds in error messages, not codes of reasons
NO_CODES = {"as-of"}
# the code is completed by where `engine/message_log.py` took the units from
UNITS_FROM = {f"units-from-{source}" for source in ("managers", "communities", "nothing")}


def codes():
    found = set()
    for path in SPEAKING:
        found |= codes_in(path)
    for path in sources():
        given = keywords(tree_of(path), ("why", "held_back"))
        found |= {text for text in given if "-" in text}
    return (found | UNITS_FROM) - NO_CODES


def told(language, code):
    texts = catalogue(language)
    return texts.get(f"note.{code}") or texts.get(f"reason.{code}")


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_reason_and_note_has_a_text_in_both_languages(code):
    assert [language for language in LANGUAGES if not told(language, code)] == []


def test_the_search_finds_the_codes_we_know():
    known = {"no-clock", "no-started", "below-k", "people-unknown", "person-level", "no-threads"}
    known |= {"events-without-unit", "thin-units", "quiet-weeks", "findings-held-back"}
    assert known - codes() == set()
    assert {threshold.BELOW_K, threshold.PEOPLE_UNKNOWN, threshold.PERSON_LEVEL} <= codes()


def test_every_kind_that_the_analysis_builds_is_a_kind_with_texts():
    built = {path.stem for path in (SRC / "situation").glob("*.py") if path.stem in KINDS}
    assert built == set(KINDS)
    assert set(KINDS) <= set(KINDS_WITH_TEXTS)
    for language in LANGUAGES:
        for kind in KINDS_WITH_TEXTS:
            assert catalogue(language)[f"finding.{kind}.title"]
