"""What is stored of a person, what for, how long, and by which logic? (Art. 15 GDPR)"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from leitweg.domain.access import OWNER, Asker
from leitweg.domain.tables import TABLES
from leitweg.language.own_data import told_text
from leitweg.privacy.own_data import Row, own_rows, told_by_others
from leitweg.privacy.retention import DAYS, MONTHS
from leitweg.store import Clock, Workspace, open_workspace, utc_now
from leitweg.store.durable import write_by_rename
from leitweg.studies.asking import asking, purposes_on
from leitweg.studies.journal_life import TABLE as JOURNAL
from leitweg.studies.journal_life import own_rows_of_journal
from leitweg.studies.json_forms import Json, iso_time, json_text
from leitweg.studies.remembered_rights import (
    quarter_ids,
    recogniser_of,
    remembered,
    stored_ids,
)
from leitweg.studies.situation import zone_of

TEXT_ENDINGS = (".txt", ".md")


@dataclass(frozen=True)
class OwnData:
    """Everything that is stored of one person; rows by table, as `privacy.own_data` tells them."""

    accounts: tuple[str, ...]
    made_at: datetime
    profile: str
    stored_ids: tuple[str, ...]
    purposes_on: tuple[str, ...]
    days: int
    months: int
    tables: Mapping[str, list[Row]]
    by_others: list[Row] = field(default_factory=list)
    named_as: tuple[str, ...] = ()
    rights: tuple[tuple[str, int, str], ...] = ()
    zone: str | None = None

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return sum(map(len, self.tables.values()))


def export_person(
    workspace: Path,
    accounts: Sequence[str],
    *,
    asker: Asker = OWNER,
    clock: Clock = utc_now,
) -> OwnData:
    """Collect what is stored of a person, without telling of anybody else.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    accounts
        The accounts of one person, as any system writes them.
    asker
        Who asks; by default whoever holds the folder.
    clock
        Where the time of the answer comes from.

    Raises
    ------
    KeyFileError
        The key is gone: nobody can tell who is who.
    """
    place = open_workspace(workspace, clock=clock)
    with asking(place, "person-export", asker=asker) as asked:
        stored = stored_ids(place, accounts)
        present = stored | quarter_ids(place, stored)
        tables: dict[str, pa.Table] = {name: place.read(name) for name in TABLES}
        own = OwnData(
            accounts=tuple(accounts),
            made_at=_now(place),
            profile=place.profile,
            stored_ids=tuple(sorted(stored)),
            purposes_on=purposes_on(place),
            days=_setting(place, "retention_days", DAYS),
            months=_setting(place, "retention_months", MONTHS),
            tables=_own_rows(place, tables, present),
            by_others=told_by_others(tables, present),
            named_as=_named_as(place, stored),
            rights=_rights(place, stored),
            zone=zone_of(place),
        )
        asked.note(values=own.n_rows)
    return own


def _own_rows(
    place: Workspace, tables: Mapping[str, pa.Table], present: set[str]
) -> Mapping[str, list[Row]]:
    found, noted = own_rows(tables, present), own_rows_of_journal(place, present)
    return {**found, JOURNAL: noted} if noted else found


def own_data_document(own: OwnData, language: str) -> Json:
    """Return the answer as a JSON document, the text for people in it."""
    return {
        "accounts": list(own.accounts),
        "made_at": own.made_at.isoformat(),
        "profile": own.profile,
        "stored_ids": list(own.stored_ids),
        "purposes_on": list(own.purposes_on),
        "rows": own.n_rows,
        "tables": {name: [_with_times(row) for row in rows] for name, rows in own.tables.items()},
        "told_by_others": own.by_others,
        "named_as": list(own.named_as),
        "rights_used": [
            {"right": kind, "at": iso_time(at_us), "columns": detail or None}
            for kind, at_us, detail in own.rights
        ],
        "retention": {"days_until_unnamed": own.days, "months_until_deleted": own.months},
        "text": own_data_text(own, language),
    }


def own_data_text(own: OwnData, language: str) -> str:
    """Return the answer as a text for the person."""
    return told_text(
        language,
        accounts=own.accounts,
        made_at=own.made_at,
        profile=own.profile,
        purposes=own.purposes_on,
        days=own.days,
        months=own.months,
        tables=own.tables,
        by_others=own.by_others,
        named_as=own.named_as,
        rights=own.rights,
        zone=own.zone,
    )


def write_own_data(own: OwnData, path: Path, language: str) -> None:
    """Write the answer to a file that its owner alone may read: JSON, or a text (.txt, .md)."""
    if is_text(path):
        text = own_data_text(own, language)
    else:
        text = json_text(own_data_document(own, language))
    write_by_rename(path, text.encode() + b"\n", mode=0o600)


def is_text(path: Path) -> bool:
    """Whether a file of this name gets the text alone."""
    return path.suffix.lower() in TEXT_ENDINGS


def _with_times(row: Row) -> Json:
    return {
        name.removesuffix("_us"): iso_time(value)  # type: ignore[arg-type]
        if name.endswith("_us")
        else value
        for name, value in row.items()
    }


def _setting(place: Workspace, name: str, most: int) -> int:
    kept = place.settings.get(name)
    return kept if isinstance(kept, int) else most


def _named_as(place: Workspace, stored: set[str]) -> tuple[str, ...]:
    lists = {name: place.settings.get(name) for name in ("machines", "front")}
    return tuple(n for n, found in lists.items() if isinstance(found, list) and stored & set(found))


def _rights(place: Workspace, stored: set[str]) -> tuple[tuple[str, int, str], ...]:
    rights = remembered(place)
    if not rights:
        return ()
    knows = recogniser_of(place)
    hashes = {knows.hash_of(id_) for id_ in stored}
    return tuple((r.kind, r.at_us, r.detail) for r in rights if r.person_hash in hashes)


def _now(place: Workspace) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=place.now_us())
