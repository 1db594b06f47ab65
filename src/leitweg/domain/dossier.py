"""What does the dossier know of a workspace? Facts that are read off, and what changed in them."""

from collections.abc import Mapping
from dataclasses import dataclass

from leitweg.domain.access import PurposeState


@dataclass(frozen=True)
class TableFact:
    """What one canonical table stores now.

    ``personal`` names the columns that hold pseudonyms in a protected workspace. ``first`` and
    ``last`` are months (``2025-03``); None where there are none or too few rows.
    """

    name: str
    columns: tuple[str, ...]
    personal: tuple[str, ...]
    rows: int
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True)
class Change:
    """One thing that is not as an earlier dossier describes it."""

    code: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class DossierFacts:
    """Everything that the dossier reads off.

    ``state`` is ``planned`` (no workspace yet), ``empty`` or ``filled``; ``previous_us`` the time
    of the last dossier of this workspace; ``key_state`` one of ``exists``, ``environment``,
    ``missing``, ``unfit``, ``later``, ``none``; ``parts`` the checksum of each part of what is
    described.
    """

    version: str
    workspace: str
    profile: str
    state: str
    files: int
    made_at_us: int
    k: int
    k_ties: int
    raw_days: int
    unit_months: int
    key_state: str
    purposes: tuple[PurposeState, ...]
    tables: tuple[TableFact, ...]
    exclusions: int | None
    questions: int
    last_question_us: int | None
    previous_us: int | None
    changes: tuple[Change, ...]
    parts: Mapping[str, str]
    fingerprint: str
    mark: str
