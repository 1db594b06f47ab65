"""The files of the house: their size, their addresses, and who may call what."""

import ast
import re

import pytest
from house_files import DOCS, ROOT, SRC, sources, tree_of

TEXTS = [
    *sources(),
    *SRC.rglob("*.po"),
    *SRC.rglob("*.css"),
    *DOCS.rglob("*.md"),
    *ROOT.glob("*.md"),
    *(ROOT / "benchmarks").rglob("*.py"),
    ROOT / "Makefile",
    ROOT / "pyproject.toml",
]
# the folders of a machine; a page may show a path below the reader's own home or a relative one
LOCAL = re.compile(r"(?<![\w./-])/(?:work|root|home|Users|tmp|mnt)/[\w.-]+")
ADDRESS = re.compile(r"https?://|@ ?(?:file|git)|--(?:extra-)?index|--find-links|--trusted-host")

DOOR = {"privacy/release.py"}


def test_no_source_is_longer_than_400_lines():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_names_a_folder_of_somebodys_machine(path):
    assert LOCAL.findall(path.read_text(encoding="utf-8")) == []


def test_the_search_for_local_folders_sees_one():
    assert LOCAL.findall('open("/work/data/x.csv")') == ["/work/data"]
    assert LOCAL.findall("see docs/work/x and https://example.org/home/a") == []


@pytest.mark.parametrize("name", ["runtime", "dev", "docs", "build"])
def test_requirements_are_pinned_with_hashes_and_hold_no_address(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert ADDRESS.findall(text) == []
    pins = re.findall(r"^[A-Za-z0-9].*?(?=^[A-Za-z0-9]|\Z)", text, re.MULTILINE | re.DOTALL)
    assert len(pins) >= 1
    assert [pin.split()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []


def test_the_readme_names_the_command_that_continuous_integration_runs():
    steps = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    (command,) = [line for line in steps if line.startswith("make ")]
    assert command == "make test"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"^\s*{command}\b", readme, re.MULTILINE)


@pytest.mark.parametrize(
    ("noun", "door"),
    [
        ("ReleasedSituation", "privacy/release.py"),
        ("ReleasedComparison", "privacy/release.py"),
        ("ReleasedBreakdown", "privacy/release_breakdown.py"),
        ("ReleasedRouting", "privacy/release_routing.py"),
        ("ReleasedContact", "privacy/release_routing.py"),
        ("ReleasedBacklog", "privacy/release_routing.py"),
        ("ReleasedBacktest", "privacy/release_backtest.py"),
    ],
)
def test_what_is_released_is_built_at_the_privacy_door_alone(noun, door):
    builders = {
        path.relative_to(SRC).as_posix()
        for path in sources()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and _called(node.func) == noun
    }
    assert builders == {door}


def test_every_noun_that_leaves_has_its_door():
    nouns = {
        node.name
        for path in (SRC / "domain").glob("*.py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef) and node.name.startswith("Released")
    }
    assert nouns == {
        *("ReleasedSituation", "ReleasedComparison", "ReleasedBreakdown"),
        *("ReleasedRouting", "ReleasedContact", "ReleasedBacklog", "ReleasedBacktest"),
    }


@pytest.mark.parametrize(
    ("noun", "files"),
    [
        (
            "Situation",
            {
                *DOOR,
                "privacy/person_order.py",
                "privacy/release_situation.py",
                "studies/situation.py",
            },
        ),
        (
            "Comparison",
            {
                *DOOR,
                "privacy/person_order.py",
                "privacy/release_comparison.py",
                "studies/comparing.py",
            },
        ),
        (
            "Breakdown",
            {
                "privacy/breakdown_suppression.py",
                "privacy/release_breakdown.py",
                "privacy/release_noised.py",
                "studies/breaking_down.py",
            },
        ),
    ],
)
def test_what_is_not_released_is_known_to_the_door_and_its_study_only(noun, files):
    """Who shows, writes or exports gets the released one: the other cannot slip through."""
    knowing = {
        path.relative_to(SRC).as_posix()
        for path in sources()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("leitweg.domain.")
        and noun in {name.name for name in node.names}
    }
    assert knowing == files


# what the door decides by, and what it drops: no face may read it
NEVER_LEAVES = {"bearers", "pools", "evidence_people"}


def test_no_face_reads_what_the_door_decides_by():
    faces = ("charts", "reports", "cli", "language", "studies")
    readers = {
        path.relative_to(SRC).as_posix()
        for path in sources()
        for node in ast.walk(tree_of(path))
        if path.relative_to(SRC).parts[0] in faces
        and isinstance(node, ast.Attribute)
        and node.attr in NEVER_LEAVES
    }
    assert readers == set()


PEOPLE = re.compile(r"people|person|bearers|n_from|n_to", re.IGNORECASE)


def test_no_error_of_a_study_counts_people():
    """A sentence that is raised is shown to whoever asked, whatever the door says."""
    counting = {
        (path.relative_to(SRC).as_posix(), part.lineno)
        for path in sources()
        if path.relative_to(SRC).parts[0] in ("studies", "privacy", "situation")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Raise) and node.exc is not None
        for part in ast.walk(node.exc)
        if (
            isinstance(part, ast.Call)
            and _called(part.func) == "len"
            and PEOPLE.search(ast.unparse(part))
        )
        or (
            isinstance(part, ast.FormattedValue)
            and PEOPLE.search(ast.unparse(part.value))
            and not re.search(r"\.(folder|name)|[Pp]ath|file", ast.unparse(part.value))
        )
    }
    assert counting == set()


def _called(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
