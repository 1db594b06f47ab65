"""Where is the audit log of a workspace, and how is it written, read and checked?

The rows lie in the application database, the key and the end of the log beside the workspace. In
the profile open there is no key: the chain finds what was changed by mistake, and its end lies in
the workspace itself.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from leitweg.privacy.audit import Break, Entry, breaks_in, canonical_json, decision_of, next_rows
from leitweg.store import Workspace
from leitweg.store.application.audit import AuditRow, Beside, append_rows, rows_of_log
from leitweg.store.application.switches import Switch, switches
from leitweg.store.audit_head import Head, only_noting, read_head, write_head
from leitweg.store.keys import key_folder

KEY_NAME = "audit"


@dataclass(frozen=True)
class AuditCheck:
    """Whether the log is whole: how many entries there are, and where it was changed."""

    entries: int
    breaks: tuple[Break, ...]

    @property
    def is_whole(self) -> bool:
        """Nothing was changed, removed, put in or cut off."""
        return not self.breaks


class AuditLog:
    """The audit log of one workspace.

    Raises
    ------
    KeyFileError
        The key of the log is missing or not fit for use.
    """

    def __init__(self, place: Workspace) -> None:
        self._place = place
        self._database = place.database
        self._key = b"" if place.profile == "open" else place.purpose_key(KEY_NAME)
        self._head = _head_file(place)

    def append(self, entry: Entry) -> AuditRow:
        """Add an entry at the end; it is on the disk when this returns."""
        return self.append_many([entry])[0]

    def append_many(
        self, entries: Sequence[Entry], *, beside: Beside | None = None
    ) -> tuple[AuditRow, ...]:
        """Add entries at the end in one step; all are on the disk when this returns, or none is.

        Parameters
        ----------
        entries
            In the order in which they were asked.
        beside
            Writes what belongs to them into the application database, in the same step.
        """
        with only_noting(self._place.folder):
            head = read_head(self._head)
            rows = append_rows(
                self._database,
                head.number if head else 0,
                lambda stored: next_rows(
                    entries,
                    self._place.now_us(),
                    stored=stored,
                    head=head,
                    key=self._key,
                    workspace_id=self._place.id,
                ),
                beside=beside,
            )
            if rows:
                write_head(self._head, Head(rows[-1].number, rows[-1].hash, rows[-1].at_us))
        return rows

    def rows(self) -> tuple[AuditRow, ...]:
        """Return all rows, oldest first."""
        return rows_of_log(self._database)

    def check(self) -> AuditCheck:
        """Look for rows that were changed, removed, put in or cut off."""
        with only_noting(self._place.folder):
            rows = self.rows()
            head = read_head(self._head)
            made = [switch_fingerprint(switch) for switch in switches(self._database)]
        found = breaks_in(rows, head=head, key=self._key, workspace_id=self._place.id)
        noted = [decision for row in rows if (decision := decision_of(row))]
        # a purpose that was switched past the log is in the table of switches alone
        beside = () if sorted(made) == sorted(noted) else (Break(0, "purposes-differ"),)
        return AuditCheck(len(rows), (*found, *beside))


def switch_fingerprint(switch: Switch) -> str:
    """Return what an entry says of a switch, so that the switch cannot be changed later."""
    return hashlib.sha256(canonical_json(asdict(switch)).encode()).hexdigest()[:16]


def _head_file(place: Workspace) -> Path:
    if place.profile == "open":
        return place.folder / "audit.head"
    return key_folder(place.folder) / f"audit-{place.id}.head"
