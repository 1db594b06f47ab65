"""What the rooms raise and warn in English is told in German: each sentence has a template."""

import ast
from pathlib import Path

import pytest

from leitweg import language
from leitweg.language.catalogue import catalogue, has_text
from leitweg.language.sentences import PART, told_sentence

SRC = Path(language.__file__).parents[1]
ROOMS = ("sources", "store", "studies", "engine", "demo")
ERRORS = {"LeitwegError", "SourceError", "WorkspaceError", "KeyFileError", "QuestionError"}
SYSTEMS = ("otrs", "jira", "message_trace", "servicenow", "zammad", "directories")
# built from a part that only the run knows; the sentences themselves stand in SPOKEN
BUILT = {"sources/guarded.py": "{name}: {what.format(where=where)}"}
SPOKEN = (
    "nofile.csv: there is no such file. Check the path.",
    "a.csv: no permission to read it. Grant read access or copy the file.",
    "a.csv: it cannot be read (Input/output error). Check the disk or the share.",
    "a.csv: it cannot be read after 1,024 bytes of content (broken). Check the disk or the share.",
    "a.gz: the compressed file is cut off after 9 bytes of content. Copy or export it again.",
    "a.gz: the compressed file is cut off. Copy or export it again.",
    "a.gz: the compressed file is damaged after 9 bytes of content. Copy or export it again.",
    "a.gz: the compressed file is damaged. Copy or export it again.",
    "a.zip: it is encrypted. Unpack it with its password and import that.",
    "a.zip: it is packed by a method that is not known here. Pack it as plain zip or gz, or import "
    "it unpacked.",
)
REASONS = (
    "not a time, or a date that does not exist",
    "not a time with a zone, or a date that does not exist",
    "a default date (before 1980)",
    "a date in the future",
    "it closes before it opens",
    "it starts after it ends",
    "it ends before it begins",
    "the id of the case is missing",
    "the order is missing",
    "the path is missing",
    "the time of opening is missing",
    "the time is missing",
    "the sender is missing",
    "the receiver is missing",
    "the person is missing",
    "the unit is missing",
    "3 fields instead of 4",
)


def _example(node):
    """A constant or an f-string as a sentence; each value in it becomes a word."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(v.value if isinstance(v, ast.Constant) else "xyz" for v in node.values)
    return None


def _code(call):
    found = [k.value for k in call.keywords if k.arg == "code"]
    return found[0].value if found and isinstance(found[0], ast.Constant) else ""


def _raised():
    for path in sorted(file for room in ROOMS for file in (SRC / room).rglob("*.py")):
        place = path.relative_to(SRC).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in ERRORS:
                continue
            if not node.args or (said := _example(node.args[0])) is None:
                continue
            if ast.unparse(node.args[0])[2:-1] != BUILT.get(place):
                yield pytest.param(said, _code(node), id=f"{place}:{node.lineno}")


def _warned():
    """Whole sentences on a file that are built outside of an error: ``{file}: ... .``"""
    for path in sorted((SRC / "sources").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            said = _example(node) if isinstance(node, ast.JoinedStr) else None
            if said and said.startswith("xyz: ") and said.endswith(".") and len(said) > 20:
                yield pytest.param(said, id=f"{path.relative_to(SRC).as_posix()}:{node.lineno}")


def _differs(said):
    return told_sentence("de", said) != said


@pytest.mark.parametrize(("said", "code"), list(_raised()))
def test_every_error_is_told_in_german(said, code):
    assert has_text(f"error.{code}") or _differs(said)


@pytest.mark.parametrize("said", [p for p in _warned() if "xyz: xyz" not in p.values[0]])
def test_every_warning_on_a_file_is_told_in_german(said):
    said = said.replace("'xyz' xyz.", "'xyz' left out.")  # the fate of a second column, in words
    assert _differs(said)


def test_the_search_sees_the_sentences():
    assert len(list(_raised())) >= 80
    assert len(list(_warned())) >= 30


@pytest.mark.parametrize("said", [*SPOKEN, *REASONS])
def test_faults_of_streams_and_reasons_are_told_in_german(said):
    assert _differs(said)


def _systems():
    folder = SRC / "sources" / "recognised"
    english = {text for key, text in catalogue("en").items() if key.startswith(PART)}
    for name in SYSTEMS:
        tree = ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))
        found = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)} & english
        yield pytest.param(found, id=name)


@pytest.mark.parametrize("found", list(_systems()))
def test_a_recognised_export_is_named_in_german(found):
    assert found
    for system in found:
        german = told_sentence("de", f"a.csv: recognised as {system}.")
        assert german.startswith("a.csv: erkannt als ")
        assert system not in german


def test_words_inside_a_sentence_are_told_too():
    zone = "are no time that can be read"
    said = f"a.csv: column 'at': more than half of the values (3 of 4) {zone}, such as 'x'. "
    assert told_sentence("de", said + "Map another column.") == (
        "a.csv: Spalte „at“: Mehr als die Hälfte der Werte (3 von 4) ist unbrauchbar (keine "
        "lesbare Zeit), etwa „x“. Eine andere Spalte zuordnen."
    )
    two = "a default date (before 1980), a date in the future"
    told = told_sentence("de", f"a.csv: column 'at': 4 values were left empty ({two}).")
    assert told.endswith("4 Werte blieben leer (ein Ersatzdatum (vor 1980), ein Datum in der "
                         "Zukunft).")  # fmt: skip
    cut = "a.gz: the compressed file is cut off after 1,024 bytes of content. "
    told = told_sentence("de", cut + "Copy or export it again.")
    assert told.startswith("a.gz: Die gepackte Datei ist nach 1.024 Bytes Inhalt abgeschnitten.")


def test_a_name_from_the_data_is_never_translated():
    said = "a.csv: column 'workbook' holds nested values and was left out."
    assert told_sentence("de", said).startswith("a.csv: Die Spalte „workbook“ enthält")
