"""The report on an import: what was read, how it was mapped, what was left, what was refused."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from leitweg.cli.screen import console, heading, lines, plain_table, shorten, words
from leitweg.domain.imports import ImportedFile
from leitweg.language.catalogue import translate
from leitweg.language.forms import count, moment, number
from leitweg.language.sentences import told_sentence
from leitweg.studies.import_report import ImportReport

MOST_LISTED = 12
MOST_SAMPLES = 5
CELL = 24


def _listed(items: Sequence[str], language: str) -> str:
    shown = ", ".join(items[:MOST_LISTED])
    rest = len(items) - MOST_LISTED
    if rest <= 0:
        return shown
    more = translate(language, "word.and_more", n=number(language, rest, 0))
    return f"{shown} {more}"


def _pairs(pairs: Mapping[str, str], language: str) -> str:
    return _listed([f"{name} ← {value}" for name, value in pairs.items()], language)


def _states(states: Mapping[str, str], language: str) -> str:
    by_state: dict[str, list[str]] = {}
    for pattern, state in states.items():
        by_state.setdefault(state, []).append(pattern)
    return "\n".join(f"{state}: {_listed(found, language)}" for state, found in by_state.items())


def _tables(tables: Mapping[str, int], language: str) -> str:
    return ", ".join(f"{name} {number(language, rows, 0)}" for name, rows in tables.items())


def _facts(file: ImportedFile, language: str, *, dry_run: bool) -> list[tuple[str, str]]:
    stored = "import.tables_dry" if dry_run else "import.tables"
    machines = _listed(file.machine_proposals, language)
    if machines:
        machines += f" ({translate(language, 'import.machines.hint')})"
    facts = [
        ("import.kind", file.kind),
        (stored, _tables(file.tables, language)),
        ("import.mapping", _pairs(file.mapping, language)),
        ("import.attributes", _listed(file.attributes, language)),
        ("import.left_over", _listed(file.left_over, language)),
        ("import.states", _states(file.states, language)),
        ("import.machines", machines),
        ("import.rejects", file.rejects or ""),
    ]
    return [(translate(language, key), text) for key, text in facts if text]


def _file(screen: Console, file: ImportedFile, language: str, *, dry_run: bool) -> None:
    heading(screen, Path(file.path).name)
    if file.already_imported:
        screen.print(words(translate(language, "import.already"), "yellow"))
        return
    rows = {
        "rows": count(language, "row", file.rows_read),
        "rejected": number(language, file.rows_rejected, 0),
    }
    style = "yellow" if file.rows_rejected else "green"
    screen.print(words(translate(language, "import.rows", **rows), style))
    table = plain_table(("", "left"), ("", "wide"), header=False)
    for label, text in _facts(file, language, dry_run=dry_run):
        table.add_row(words(label, "dim"), lines(text))
    for number_of, warning in enumerate(file.warnings):
        label = translate(language, "import.warnings") if number_of == 0 else ""
        table.add_row(words(label, "yellow"), words(told_sentence(language, warning)))
    screen.print(table)


def _sample(screen: Console, name: str, rows: Sequence[Mapping[str, object]], lang: str) -> None:
    heading(screen, translate(lang, "import.samples", table=name))
    shown = [dict(row) for row in rows[:MOST_SAMPLES]]
    filled = [
        c for c in (shown[0] if shown else {}) if any(row.get(c) is not None for row in shown)
    ]
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    fitting = max(2, screen.width // (CELL - 6))
    for column in filled[:fitting]:
        table.add_column(words(column.removesuffix("_us")))
    for row in shown:
        table.add_row(*(words(shorten(_cell(c, row.get(c)), CELL)) for c in filled[:fitting]))
    screen.print(table)


def _cell(column: str, value: object) -> str:
    if isinstance(value, int) and column.endswith("_us"):
        return moment(value).strftime("%Y-%m-%d %H:%M:%S")
    return "" if value is None else str(value)


def show_import(
    report: ImportReport,
    workspace: Path,
    *,
    dry_run: bool,
    language: str,
    screen: Console | None = None,
) -> None:
    """Print the report on an import, file by file; a dry run shows what would be stored."""
    target = screen or console()
    profile = translate(language, f"profile.{report.profile}", k=5)
    target.print(words(translate(language, "import.profile", profile=profile), "dim"))
    if dry_run:
        target.print(words(translate(language, "import.dry_run"), "bold yellow"))
    for file in report.imported:
        _file(target, file, language, dry_run=dry_run)
    for warning in report.warnings:
        target.print(words(told_sentence(language, warning), "yellow"))
    if not report.imported:
        target.print(words(translate(language, "import.nothing")))
    for name, rows in report.samples.items():
        _sample(target, name, rows, language)
    if not dry_run and report.imported:
        target.print()
        target.print(lines(_next(report, workspace, language), "dim"), soft_wrap=True)


def _next(report: ImportReport, workspace: Path, language: str) -> str:
    if report.purpose_off is None:
        return translate(language, "import.next", workspace=workspace)
    purpose = report.purpose_off
    return translate(language, "import.next_purpose", purpose=purpose, workspace=workspace)
