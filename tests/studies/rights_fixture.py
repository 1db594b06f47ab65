"""A small company whose rows are written down, and a look at every byte of its workspace."""

import csv
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq

from leitweg.domain.imports import ImportOptions
from leitweg.privacy.pseudonyms import pseudonym
from leitweg.store import open_workspace
from leitweg.studies.importing import import_files

PEOPLE = ("anna", "bert", "cora", "dora", "emil", "fritz")


def at(text: str):
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return lambda: moment


def us(text: str) -> int:
    return int(at(text)().timestamp() * 1_000_000)


def write(path: Path, head: str, rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head.split(","))
        writer.writerows(rows)
    return path


def events_of(rows):
    """Rows of (case, time, person, activity): an event log without units."""
    return "case_id,at,person,activity", rows


def bring(workspace: Path, kind: str, head: str, rows, *, clock=None, **named):
    path = write(
        workspace.parent / f"{kind}-{len(list(workspace.parent.iterdir()))}.csv", head, rows
    )
    options = ImportOptions(kind=kind, time_zone="UTC", **named)
    return import_files(
        workspace, [path], options, profile="protected", clock=clock or at("2026-03-01T12:00:00")
    )


def stored(workspace: Path, account: str) -> str:
    return pseudonym("person", account, open_workspace(workspace).key())


def texts_on_disk(*folders: Path) -> str:
    """Return everything that the files of folders say, named by a manifest or not."""
    told = []
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            told.append(path.name)
            if path.suffix == ".parquet":
                told.append(str(pq.ParquetFile(path).read().to_pydict()))
            told.append(path.read_bytes().decode("latin-1"))
            if path.suffix == ".sqlite":
                told += sqlite3.connect(path).iterdump()
    return "\n".join(told)
