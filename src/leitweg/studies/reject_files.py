"""Which rows were not taken, and why? A CSV file beside the tables says it row by row."""

import csv
import io
import re
from collections.abc import Sequence

from leitweg.domain.imports import Reading, Reject

# a spreadsheet takes a cell that begins like this for a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def name_of_rejects(reading: Reading, content_hash: str, place: int, *, is_open: bool) -> str:
    """Return the name of the file of rejects; without the source's name where that is protected."""
    name = reading.path.name if is_open else reading.kind
    plain = re.sub(r"[^\w.-]+", "_", name).strip("._") or "file"
    suffix = f"-{place}" if place else ""
    return f"{plain[:80]}-{content_hash[:12]}{suffix}.csv"


def content_of_rejects(rejects: Sequence[Reject], *, is_open: bool) -> bytes:
    """Return the file: row, column, reason, and the offending text in an open workspace alone."""
    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow(["row", "column", "reason", *(["text"] if is_open else [])])
    for reject in rejects:
        reason = reject.reason if is_open else _without(reject.reason, reject.text)
        cells = [reject.column, reason, *([reject.text] if is_open else [])]
        writer.writerow([reject.row, *(_harmless(cell) for cell in cells)])
    return sink.getvalue().encode()


def _without(reason: str, text: str) -> str:
    return reason.replace(text, "…") if text else reason


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
