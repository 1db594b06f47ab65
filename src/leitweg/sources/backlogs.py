"""Which requests are waiting: a file becomes the rows of a backlog."""

from dataclasses import replace
from pathlib import Path

from leitweg.domain.assignments import BacklogRow
from leitweg.sources.cells import languages_of, listed_names, permissions_of
from leitweg.sources.clocks import Clock
from leitweg.sources.records import Faults, Records, read_records
from leitweg.sources.roster_names import BACKLOG
from leitweg.sources.words import header_words

KNOWN_ATTRIBUTES = {
    "topic": ("topic", "thema", "category", "kategorie"),
    "priority": ("priority", "prioritat", "prio"),
    "channel": ("channel", "kanal"),
    "kind": ("kind", "type", "art", "typ"),
}


def read_backlog(
    path: Path,
    *,
    now_us: int,
    time_zone: str | None = None,
    day_first: bool | None = None,
    missing: tuple[str, ...] = (),
) -> tuple[BacklogRow, ...]:
    """Read the requests of a backlog (CSV, TSV, xlsx, Parquet or JSON), one row per request.

    Columns that are none of ``case_id``, ``text``, ``at``, ``first``, ``tried``, ``language``,
    ``permissions`` and ``customer`` become attributes of the request, under the name that the
    file gives them (``topic``, ``priority``, ``channel`` and ``kind`` in German too).

    Parameters
    ----------
    path
        The file. Several contacts in ``tried`` are divided by semicolons or bars.
    now_us, time_zone, day_first, missing
        As in `leitweg.sources.rosters.read_roster`.

    Raises
    ------
    SourceError
        missing-columns-of-file, faulty-rows (every fault with its row), and those of opening a
        file and of reading times.
    """
    records = read_records(path, BACKLOG, (("case_id",),), missing)
    faults = Faults(records.raw.name)
    rows = _rows(records, Clock(now_us, time_zone, day_first), faults)
    faults.raise_all()
    return rows


def _rows(records: Records, clock: Clock, faults: Faults) -> tuple[BacklogRow, ...]:
    at = records.times("at", clock, faults).at_us.to_pylist()
    cells = {name: records.texts(name) for name in BACKLOG if name != "at"}
    free = {_attribute(name): records.texts_of(name) for name in records.free}
    seen: set[str] = set()
    rows = []
    for place, number in enumerate(records.raw.rows):
        cell = {name: values[place] for name, values in cells.items()}
        row = _row(cell, int(number), records, faults)
        if row.case_id and row.case_id in seen:
            faults.add(int(number), records.columns["case_id"], "another row has the same id")
        seen.add(row.case_id)
        attributes = {name: str(v[place]) for name, v in free.items() if v[place] is not None}
        rows.append(replace(row, attributes=attributes, at_us=at[place]))
    return tuple(rows)


def _attribute(column: str) -> str:
    words = header_words(column)
    known = [name for name, names in KNOWN_ATTRIBUTES.items() if words in names]
    return known[0] if known else column


def _row(cell: dict[str, str | None], number: int, records: Records, faults: Faults) -> BacklogRow:
    if cell["case_id"] is None:
        faults.add(number, records.columns["case_id"], "the id of the case is missing")
    try:
        languages = sorted(languages_of(cell["language"]))
    except ValueError as fault:
        faults.add(number, records.columns["language"], str(fault))
        languages = []
    return BacklogRow(
        cell["case_id"] or "",
        text=cell["text"],
        first_contact=cell["first"],
        tried=listed_names(cell["tried"]),
        language=languages[0] if languages else None,
        permissions=permissions_of(cell["permissions"]),
        customer=cell["customer"],
    )
