"""What an import was asked to do, what it read, and what it reports."""

from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa


@dataclass(frozen=True)
class ImportOptions:
    """Everything a user may say about the files of one import (contract, section 3).

    ``mapping`` is canonical column -> column of the file; ``states`` is a pattern
    ``ACTIVITY/LIFECYCLE`` (wildcards) -> state label; ``day_first`` is None where the user did
    not say. ``time_zone`` is an IANA name or None. ``case_object`` is the type of objects of an
    object-centric log that are its cases. ``exclude`` names accounts, domains and units of which
    no row is stored, ``include`` takes names back; ``keep`` names the free attributes that a
    protected workspace stores.
    """

    kind: str = "auto"
    mapping: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    path_separator: str | None = None
    time_zone: str | None = None
    day_first: bool | None = None
    missing: tuple[str, ...] = ()
    machines: tuple[str, ...] = ()
    front: tuple[str, ...] = ()
    case_object: str | None = None
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reject:
    """One row that was not taken, never silently: where, which column, why.

    ``row`` counts data rows from 1 (the header is not counted). ``text`` is the offending row or
    value; a protected workspace does not keep it.
    """

    row: int
    column: str
    reason: str
    text: str = ""


@dataclass(frozen=True)
class Reading:
    """What a reader found in one file: canonical rows and how it came to them.

    ``tables`` maps a canonical table to an Arrow table with exactly its schema. ``machines`` are
    accounts named as machines (or of kind system); ``machine_proposals`` look like machines and
    wait for a person's word.
    """

    path: Path
    kind: str
    tables: dict[str, pa.Table]
    rows_read: int
    rejects: tuple[Reject, ...] = ()
    mapping: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    attributes: tuple[str, ...] = ()
    left_over: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    machine_proposals: tuple[str, ...] = ()
    missing_proposals: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportedFile:
    """The report on one file of an import, as the contract prints it."""

    path: str
    kind: str
    tables: dict[str, int]
    rows_read: int
    rows_rejected: int
    rejects: str | None
    already_imported: bool
    mapping: dict[str, str]
    states: dict[str, str]
    attributes: tuple[str, ...]
    left_over: tuple[str, ...]
    warnings: tuple[str, ...]
    machine_proposals: tuple[str, ...] = ()
