"""What leaves as a file: findings, figures, links, units, loads, network, or a stored table."""

from pathlib import Path

import pyarrow as pa

from leitweg.domain.access import OWNER, Asker
from leitweg.domain.errors import QuestionError
from leitweg.domain.progress import Progress, silent
from leitweg.domain.tables import TABLES
from leitweg.store import Workspace, open_workspace
from leitweg.studies.asking import asking, days_of
from leitweg.studies.export_formats import WRITERS
from leitweg.studies.exported_rows import RELEASED, released_rows, stored_rows
from leitweg.studies.network_formats import (
    NETWORK_ONLY,
    NETWORK_WRITERS,
    NetworkFile,
    edge_table,
    network_file,
)
from leitweg.studies.situation import analysed
from leitweg.studies.writing_out import check_suffix, whole_file

NETWORK = "network"
STORED = tuple(name for name in TABLES if name not in RELEASED)
"""Stored tables by name; ``units`` are those of the customer line map, not the stored list."""


def _check(what: str, file_format: str) -> None:
    if file_format in NETWORK_ONLY and what != NETWORK:
        raise QuestionError(
            f"{file_format} holds networks only. Export {what} as csv, parquet, xlsx or json, or "
            "choose --what network.",
            code="network-format",
            what=what,
            format=file_format,
        )
    if file_format not in (*WRITERS, *NETWORK_ONLY):
        choices = ", ".join((*WRITERS, *NETWORK_ONLY))
        raise QuestionError(
            f"'{file_format}' is no format of this command. Choose one of: {choices}.",
            code="unknown-format",
            format=file_format,
            choices=choices,
        )
    if what not in (*RELEASED, NETWORK, *STORED):
        choices = ", ".join((*RELEASED, NETWORK, *STORED))
        raise QuestionError(
            f"There is nothing called '{what}' to export. Choose one of: {choices}.",
            code="unknown-export",
            what=what,
            choices=choices,
        )


def _stored(opened: Workspace, what: str) -> pa.Table:
    # one row of these tables is about one person, so no threshold can make it fit to leave
    personal = any(column.personal for column in TABLES[what].columns)
    if opened.profile == "protected" and personal:
        raise QuestionError(
            f"Table {what} holds rows about single persons and does not leave a protected "
            "workspace. Export findings, figures, links, units, loads or the network instead.",
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
    asker: Asker = OWNER,
) -> int:
    """Write released rows, the network or a stored table to a file; return its rows.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    what
        ``findings``, ``figures``, ``links``, ``units``, ``loads``, ``network`` (all through the
        privacy door), or a stored table (``people``, ``cases``, ``events``, ``messages``, ``ties``
        and the like; profile ``open`` only).
    file_format
        ``csv``, ``parquet``, ``xlsx`` or ``json``, of the network (whose rows are its edges) also
        ``graphml`` and ``gexf``. In csv a text that a spreadsheet would take
        for a formula gets a leading apostrophe, in xlsx it is stored as text.
    out
        The file; it is replaced as a whole or not at all.
    language
        Of the titles of findings.
    start, end, seed
        As for `leitweg.studies.situation.analyse`; stored tables ignore them.
    progress
        Called while the situation is analysed.
    asker
        Who asks, in which role; stored tables leave for the owner alone.

    Raises
    ------
    QuestionError
        ``unknown-export``, ``unknown-format``, ``network-format``, ``no-network``,
        ``person-network``, ``personal-table``, ``too-many-rows`` or ``unwritable``.
    AccessError
        ``purpose-off``, ``not-allowed``, ``unknown-role``.
    """
    _check(what, file_format)
    check_suffix(out, file_format)
    place = open_workspace(workspace)
    question: dict[str, object] = {"what": what, "format": file_format}
    if what in STORED:
        with asking(place, "export-table", asker=asker, question=question) as asked:
            rows = _stored(place, what)
            asked.note(values=rows.num_rows)
        return _written(rows, file_format, out)
    question |= {**days_of(start, end), "seed": seed}
    with asking(place, "export", asker=asker, question=question) as asked:
        released = analysed(place, start=start, end=end, seed=seed, progress=progress)
        network = network_file(released, language) if what == NETWORK else None
        if network is not None:
            asked.note(values=len(network.edges))
        else:
            asked.note_answer(released, rows_of=(what,))
    # noted first: a file must not lie there that the log does not know
    if network is not None:
        return _written_network(network, file_format, out)
    return _written(released_rows(released, what, language), file_format, out)


def _written(table: pa.Table, file_format: str, out: Path) -> int:
    with whole_file(out) as written:
        WRITERS[file_format](table, written)
    return int(table.num_rows)


def _written_network(network: NetworkFile, file_format: str, out: Path) -> int:
    if file_format not in NETWORK_WRITERS:
        return _written(edge_table(network), file_format, out)
    with whole_file(out) as written:
        NETWORK_WRITERS[file_format](network, written)
    return len(network.edges)
