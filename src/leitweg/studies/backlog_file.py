"""Who takes which request of a backlog, as a table for other programs."""

from pathlib import Path

import pyarrow as pa

from leitweg.domain.assignments import Assigned
from leitweg.domain.errors import QuestionError
from leitweg.domain.routing_answers import ReleasedBacklog
from leitweg.language.routing import assigned_text
from leitweg.studies.export_formats import WRITERS
from leitweg.studies.writing_out import whole_file

SCHEMA = pa.schema(
    [
        ("case_id", pa.string()),
        ("contact", pa.string()),
        ("probability", pa.float64()),
        ("available", pa.bool_()),
        ("why", pa.string()),
        ("why_text", pa.string()),
        ("first", pa.string()),
    ]
)
"""One row per request, in the order of the backlog; ``first`` are joined by `` | ``."""


def check_out(out: Path | None, backlog: Path | None) -> None:
    """Refuse a file that cannot be written, before anything is read.

    Raises
    ------
    QuestionError
        ``out-without-backlog``, ``unknown-format``.
    """
    if out is None:
        return
    if backlog is None:
        raise QuestionError(
            "--out writes who takes which request of a backlog; name the backlog with --backlog.",
            code="out-without-backlog",
        )
    format_of(out)


def format_of(out: Path) -> str:
    """Return the format that the name of a file asks for; csv without any.

    Raises
    ------
    QuestionError
        ``unknown-format``; before anything is read.
    """
    chosen = out.suffix.lower().lstrip(".") or "csv"
    if chosen not in WRITERS:
        raise QuestionError(
            f"'{chosen}' is no format of this command. Choose one of: {', '.join(WRITERS)}.",
            code="unknown-format",
            format=chosen,
            choices=", ".join(WRITERS),
        )
    return chosen


def write_backlog(released: ReleasedBacklog, out: Path, *, language: str = "en") -> Path:
    """Write who takes which request, whole or not at all; return where.

    Raises
    ------
    QuestionError
        ``unknown-format`` or ``unwritable``.
    """
    chosen = format_of(out)
    rows = [_row(row, language) for row in released.assignment.rows]
    with whole_file(out) as written:
        WRITERS[chosen](pa.Table.from_pylist(rows, schema=SCHEMA), written)
    return out


def _row(row: Assigned, language: str) -> dict[str, object]:
    return {
        "case_id": row.case_id,
        "contact": row.contact,
        "probability": row.probability,
        "available": row.available,
        "why": row.why,
        "why_text": None if row.why is None else assigned_text(language, row.why),
        "first": " | ".join(row.first),
    }
