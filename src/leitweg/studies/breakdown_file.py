"""A breakdown as a file: a table for other programs, a page, or its picture."""

from datetime import UTC, datetime
from pathlib import Path

from leitweg.charts.breakdown import draw_breakdown
from leitweg.domain.breakdown import ReleasedBreakdown
from leitweg.domain.errors import QuestionError
from leitweg.reports.breakdown import breakdown_html
from leitweg.studies.breakdown_document import breakdown_document, breakdown_rows
from leitweg.studies.export_formats import WRITERS
from leitweg.studies.json_forms import json_text
from leitweg.studies.writing_out import check_suffix, whole_file

FORMATS = ("csv", "html", "json", "parquet", "svg", "xlsx")


def format_of(out: Path, file_format: str | None) -> str:
    """Return the format to write: the one asked for, else that of the name; html without any.

    Raises
    ------
    QuestionError
        ``unknown-format``, ``suffix-format``; before anything is read.
    """
    suffix = out.suffix.lower().lstrip(".")
    chosen = file_format or (suffix if suffix in FORMATS else "html")
    if chosen not in FORMATS:
        raise QuestionError(
            f"'{chosen}' is no format of this command. Choose one of: {', '.join(FORMATS)}.",
            code="unknown-format",
            format=chosen,
            choices=", ".join(FORMATS),
        )
    check_suffix(out, chosen)
    return chosen


def write_breakdown(
    released: ReleasedBreakdown,
    out: Path,
    *,
    format: str | None = None,  # noqa: A002 - the name of the command's option
    language: str = "en",
    at: datetime | None = None,
) -> Path:
    """Write a breakdown, whole or not at all; return where.

    Raises
    ------
    QuestionError
        ``unknown-format``, ``suffix-format``, ``nothing-to-draw`` or ``unwritable``.
    """
    chosen = format_of(out, format)
    if chosen in ("csv", "parquet", "xlsx"):
        table = breakdown_rows(released, language)
        with whole_file(out) as written:
            WRITERS[chosen](table, written)
        return out
    text = _text(released, chosen, language, at or datetime.now(UTC))
    with whole_file(out) as written:
        written.write_text(text, encoding="utf-8")
    return out


def _text(released: ReleasedBreakdown, chosen: str, language: str, at: datetime) -> str:
    if chosen == "json":
        return json_text(breakdown_document(released, language)) + "\n"
    if chosen == "html":
        return breakdown_html(released, language, at)
    picture = draw_breakdown(released, language)
    if picture is None:
        raise QuestionError(
            "No value of this breakdown may be shown, so that there is nothing to draw; ask by one "
            "attribute, or by one with larger groups.",
            code="nothing-to-draw",
        )
    return picture.svg
