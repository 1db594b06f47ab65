"""What does an import say of each file? The report of the contract, and the rows of a dry run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa

from leitweg.domain.imports import ImportedFile, ImportOptions, Reading
from leitweg.privacy.pseudonyms import pseudonymise
from leitweg.store import RememberedFile
from leitweg.store.workspace_key import WorkspaceKey
from leitweg.studies.file_identity import hash_of_content

_SAMPLE_ROWS = 5
_NEVER_SHOWN = ("text", "text_features")


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or on a dry run would do.

    ``imported`` has one entry per file (a zip or folder brings several). ``samples`` holds the
    first rows of each table as they would be stored; it is empty except on a dry run. ``warnings``
    concern the import as a whole. ``purpose_off`` is the purpose that the next questions need and
    that nobody has switched on yet.
    """

    profile: str
    imported: tuple[ImportedFile, ...]
    samples: Mapping[str, list[dict[str, object]]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    purpose_off: str | None = None


@dataclass(frozen=True)
class Way:
    """How an import stores: the profile, the key of a protected workspace, the options."""

    profile: str
    key: WorkspaceKey | None
    options: ImportOptions

    @property
    def is_open(self) -> bool:
        """Names may be stored."""
        return self.profile == "open"

    def stored(self, tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
        """Return canonical rows as the workspace keeps them."""
        if self.key is None:
            return dict(tables)
        return pseudonymise(tables, self.key, keep=self.options.keep)


@dataclass(frozen=True)
class Taken:
    """One path that the user named: its digest, what was read, and what is known of it."""

    path: Path
    digest: bytes
    readings: tuple[Reading, ...]
    known: tuple[RememberedFile, ...]


def known_by_content(
    digest: bytes, way: Way, imports: Sequence[RememberedFile]
) -> tuple[RememberedFile, ...]:
    """Return what an earlier import of the same content and options brought."""
    # what was read without a zone holds no naive time; a zone named since changes nothing in it
    options = [replace(way.options, time_zone=zone) for zone in (way.options.time_zone, None)]
    wanted = {hash_of_content(digest, each, way.key) for each in options}
    return tuple(file for file in imports if file.content_hash in wanted)


Enter = Callable[[Reading], Reading]


def shown(taken: Sequence[Taken], way: Way, enter: Enter) -> ImportReport:
    """Report what would be stored, with the first rows of each table."""
    imported: list[ImportedFile] = []
    samples: dict[str, list[dict[str, object]]] = {}
    for one in taken:
        imported += [report_of_known(one.path, file) for file in one.known]
        for reading in map(enter, () if one.known else one.readings):
            imported.append(report_of(reading, None))
            heads = {name: rows.slice(0, _SAMPLE_ROWS) for name, rows in reading.tables.items()}
            for name, rows in way.stored(heads).items():
                kept = samples.setdefault(name, [])
                shown_rows = rows.drop_columns([n for n in _NEVER_SHOWN if n in rows.column_names])
                kept += [_plain(r) for r in shown_rows.to_pylist()][: _SAMPLE_ROWS - len(kept)]
    return ImportReport(way.profile, tuple(imported), samples)


def _plain(row: dict[str, object]) -> dict[str, object]:
    # Arrow hands a map over as a list of pairs
    return {n: dict(v) if isinstance(v, list) else v for n, v in row.items()}


def report_of(reading: Reading, rejects: Path | None) -> ImportedFile:
    """Report on a file that was read."""
    return ImportedFile(
        path=str(reading.path),
        kind=reading.kind,
        tables={name: len(rows) for name, rows in reading.tables.items() if len(rows)},
        rows_read=reading.rows_read,
        rows_rejected=len(reading.rejects),
        rejects=str(rejects) if rejects else None,
        already_imported=False,
        mapping=reading.mapping,
        states=reading.states,
        attributes=reading.attributes,
        left_over=reading.left_over,
        warnings=reading.warnings,
        machine_proposals=reading.machine_proposals,
    )


def report_of_known(path: Path, file: RememberedFile) -> ImportedFile:
    """Report on a file that the workspace holds already, from what was remembered of it."""
    return ImportedFile(
        path=str(path),
        kind=file.kind,
        tables=dict(file.tables),
        rows_read=file.rows_read,
        rows_rejected=file.rows_rejected,
        rejects=file.rejects,
        already_imported=True,
        mapping=dict(file.mapping),
        states=dict(file.states),
        attributes=file.attributes,
        left_over=file.left_over,
        warnings=(),
    )
