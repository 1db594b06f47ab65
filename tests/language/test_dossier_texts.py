"""The written parts of the dossier say the same in both languages."""

import re

import pytest

from leitweg.domain.access import PURPOSES, ROLES
from leitweg.domain.document import Bullets, DataTable, Field, Heading, Paragraph, Remark, Run
from leitweg.domain.tables import TABLES
from leitweg.language.catalogue import catalogue
from leitweg.language.dossier_texts import PARTS, Place, read_part, runs_of, source_of, words_of
from leitweg.privacy.access import RULES
from leitweg.privacy.controls import ATTACKS, CONTROLS, WAITS
from leitweg.privacy.denied_features import DENIED
from leitweg.reports.dossier import BUILDERS
from leitweg.reports.dossier_models import MEASURED, MODELS

FILLED = re.compile(r"\{(\w+)\}")
BLOCKS = {part: read_part("en", part, {}) for part in PARTS}


def shape(block):
    """What must be alike in both languages: kinds of blocks, sizes of tables and lists, keys."""
    match block:
        case Heading(level, _):
            return ("heading", level)
        case Bullets(items, ordered):
            return ("list", len(items), ordered)
        case DataTable(columns, rows, widths):
            return ("table", len(columns), len(rows), widths)
        case Field(_, _, lines):
            return ("field", lines)
        case Place(name, columns, widths, rows):
            cells = {key: len(row) for key, row in (rows or {}).items()}
            return ("place", name, len(columns), widths, cells)
    return (type(block).__name__,)


@pytest.mark.parametrize("part", PARTS)
def test_both_languages_are_built_alike(part):
    german = read_part("de", part, {})
    assert [shape(block) for block in german] == [shape(block) for block in BLOCKS[part]]


@pytest.mark.parametrize("part", PARTS)
def test_both_languages_fill_in_the_same_values_in_each_block(part):
    texts = [source_of(language, part).split("\n\n") for language in ("de", "en")]
    for german, english in zip(*texts, strict=True):
        assert sorted(FILLED.findall(german)) == sorted(FILLED.findall(english))


def test_the_words_fill_in_the_same_values():
    english = words_of("en")
    for name, german in words_of("de").items():
        assert set(FILLED.findall(german)) == set(FILLED.findall(english[name])), name
        assert german
        assert english[name]


def place(name):
    (found,) = (
        b for part in PARTS for b in BLOCKS[part] if isinstance(b, Place) and b.name == name
    )
    return found


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("purposes", PURPOSES),
        ("necessity", PURPOSES),
        ("roles", ROLES),
        ("controls", [control.id for control in CONTROLS]),
        ("risks", [attack.id for attack in ATTACKS]),
        ("models", [model.id for model in MODELS]),
    ],
)
def test_every_row_that_is_read_off_has_its_text(name, keys):
    assert sorted(place(name).rows) == sorted(keys)


def test_every_table_that_can_be_stored_has_its_text():
    assert set(TABLES) - set(place("tables").rows) == set()


def test_every_action_and_group_has_its_word():
    words = words_of("de")
    assert {f"do_{action}" for action in RULES} - set(words) == set()
    assert {f"denied_{group}" for group in DENIED} - set(words) == set()
    # nothing is left over from rules that are gone
    assert {w for w in words if w.startswith("do_")} == {f"do_{action}" for action in RULES}
    assert {w for w in words if w.startswith("denied_")} == {f"denied_{g}" for g in DENIED}


def test_every_place_has_its_builder_and_every_builder_its_place():
    named = {b.name for part in PARTS[1:] for b in BLOCKS[part] if isinstance(b, Place)}
    assert named == set(BUILDERS)


def test_every_measurement_is_told():
    told = set(FILLED.findall(source_of("de", "ai-act")))
    assert set(MEASURED) - told == set()


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_control_that_waits_or_is_partly_there_says_why(language):
    (found,) = (
        block
        for block in read_part(language, "assessment", {})
        if isinstance(block, Place) and block.name == "controls"
    )
    silent = [c.id for c in CONTROLS if c.state == WAITS and not found.cells(c.id)[1]]
    assert silent == []


def test_marks_are_read_and_values_never_are():
    assert runs_of("a **b** `c` *d* {x}", {"x": "**e**"}) == (
        Run("a "),
        Run("b", "strong"),
        Run(" "),
        Run("c", "code"),
        Run(" "),
        Run("d", "emphasis"),
        Run(" **e**"),
    )


def test_the_reader_knows_each_form():
    kinds = {type(block) for part in PARTS for block in BLOCKS[part]}
    assert kinds == {Heading, Paragraph, Remark, Bullets, Field, Place}


@pytest.mark.parametrize("language", ["de", "en"])
def test_sources_of_law_are_named_that_are_cited(language):
    text = "".join(source_of(language, part) for part in PARTS)
    cited = set(re.findall(r"(?:Quelle|source) (Q\d+)", text))
    listed = set(re.findall(r"^\| (Q\d+) \|", source_of(language, "sources"), re.MULTILINE))
    assert cited - listed == set()
    assert len(cited) >= 8


@pytest.mark.parametrize("language", ["de", "en"])
def test_purposes_are_called_as_everywhere(language):
    words, texts = words_of(language), catalogue(language)
    for purpose in PURPOSES:
        assert words[purpose].lower() == texts[f"access.purpose.{purpose}"].lower()
