"""What leaves as a file: findings, figures, links, units, loads, or a stored table."""

from pathlib import Path

import pyarrow as pa

from leitweg.domain.errors import QuestionError
from leitweg.domain.progress import Progress, silent
from leitweg.domain.tables import TABLES
from leitweg.store.workspace import open_workspace
from leitweg.studies.export_formats import WRITERS
from leitweg.studies.exported_rows import RELEASED, released_rows, stored_rows
from leitweg.studies.situation import analyse
from leitweg.studies.writing_out import check_suffix, whole_file

NETWORK_FORMATS = ("graphml", "gexf")
STORED = tuple(name for name in TABLES if name not in RELEASED)
"""Stored tables by name; ``units`` are those of the customer line map, not the stored list."""


def _no_network(what: str) -> QuestionError:
    return QuestionError(
        f"{what} holds the network, which comes with a later version. "
        "Export links as csv, parquet, xlsx or json instead.",
        code="network-not-in-this-version",
        format=what,
    )


def _check(what: str, file_format: str) -> None:
    if what == "network" or file_format in NETWORK_FORMATS:
        raise _no_network(file_format if file_format in NETWORK_FORMATS else what)
    if file_format not in WRITERS:
        choices = ", ".join(WRITERS)
        raise QuestionError(
            f"'{file_format}' is no format of this command. Choose one of: {choices}.",
            code="unknown-format",
            format=file_format,
            choices=choices,
        )
    if what not in (*RELEASED, *STORED):
        choices = ", ".join((*RELEASED, *STORED))
        raise QuestionError(
            f"There is nothing called '{what}' to export. Choose one of: {choices}.",
            code="unknown-export",
            what=what,
            choices=choices,
        )


def _stored(workspace: Path, what: str) -> pa.Table:
    opened = open_workspace(workspace)
    # one row of these tables is about one person, so no threshold can make it fit to leave
    personal = any(column.personal for column in TABLES[what].columns)
    if opened.profile == "protected" and personal:
        raise QuestionError(
            f"Table {what} holds rows about single persons and does not leave a protected "
            "workspace. Export findings, figures, links or units instead.",
            code="personal-table",
            what=what,
        )
    return stored_rows(what, opened.read(what))


def export(
    workspace: Path,
    what: str,
    file_format: str,
    out: Path,
    *,
    language: str = "en",
    start: str | None = None,
    end: str | None = None,
    seed: int = 0,
    progress: Progress = silent,
) -> int:
    """Write findings, figures, links, units, loads or a stored table to a file; return its rows.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    what
        ``findings``, ``figures``, ``links``, ``units``, ``loads`` (all through the privacy door),
        or a stored table (``people``, ``cases``, ``events``, ``messages``; profile ``open`` only).
    file_format
        ``csv``, ``parquet``, ``xlsx`` or ``json``. In csv a text that a spreadsheet would take
        for a formula gets a leading apostrophe, in xlsx it is stored as text.
    out
        The file; it is replaced as a whole or not at all.
    language
        Of the titles of findings.
    start, end, seed
        As for `leitweg.studies.situation.analyse`; stored tables ignore them.
    progress
        Called while the situation is analysed.

    Raises
    ------
    QuestionError
        ``unknown-export``, ``unknown-format``, ``network-not-in-this-version``,
        ``personal-table``, ``too-many-rows`` or ``unwritable``.
    """
    _check(what, file_format)
    check_suffix(out, file_format)
    if what in RELEASED:
        released = analyse(workspace, start=start, end=end, seed=seed, progress=progress)
        table = released_rows(released, what, language)
    else:
        table = _stored(workspace, what)
    with whole_file(out) as written:
        WRITERS[file_format](table, written)
    return int(table.num_rows)
