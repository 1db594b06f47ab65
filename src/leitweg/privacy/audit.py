"""Was anything in the audit log changed? A chain of keyed hashes, whose end is kept outside too.

Each row carries the HMAC-SHA256 over all its fields and the hash of the row before it. The first
row follows a hash made from the id of the workspace, so that no log can be put in the place of
another. Who edits the database has no key and cannot mend the chain; who cuts off its end is found
by the number and the hash of the last row, which lie outside the workspace.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from leitweg.store.application.audit import AuditRow
from leitweg.store.audit_head import Head

SET_BACK = "set-back"
RESTORE = "restore"
LOST = "entries_lost"
"""In the question of a restore: the first and last number that the backup did not hold yet."""
END_UNKNOWN = "end_unknown"
"""In the question of the first entry after the head was lost: nobody knows what stood before."""
_BLANK = ""


@dataclass(frozen=True)
class Entry:
    """What is noted of one question; no name of a person that it is about, only who asked."""

    who: str
    role: str
    action: str
    purpose: str | None
    question: Mapping[str, object]
    outcome: str
    reason: str
    values: int = 0
    held_back: int = 0


@dataclass(frozen=True)
class Break:
    """A place where the log is not whole: what was found, at which number."""

    number: int
    kind: str


def genesis(key: bytes, workspace_id: str) -> str:
    """Return the hash that the first row of a workspace follows."""
    return _keyed(key, f"leitweg: audit log of workspace {workspace_id}".encode())


def next_row(
    entry: Entry,
    at_us: int,
    *,
    stored: Sequence[AuditRow],
    head: Head | None,
    key: bytes,
    workspace_id: str,
) -> AuditRow:
    """Make the row of an entry.

    It follows the newest row that the head vouches for: where the end of the log was cut off, the
    numbers that are missing stay missing for everybody to see. The time never runs backwards;
    where the clock was set back, the row says so and carries the time of the row before it.

    Parameters
    ----------
    stored
        The newest row up to the number of the head, and all rows behind it.
    head
        The last row as it lies outside the database; None where nothing lies there.
    """
    start = head or Head(0, genesis(key, workspace_id), 0)
    last = _newest_vouched_for(stored, start, key)
    row = AuditRow(
        number=_first_free(last.number + 1, {row.number for row in stored}),
        at_us=max(at_us, last.at_us),
        who=entry.who,
        role=entry.role,
        action=entry.action,
        purpose=entry.purpose or _BLANK,
        question=canonical_json(_question(entry, stored, head)),
        outcome=entry.outcome,
        reason=entry.reason,
        n_values=entry.values,
        n_held_back=entry.held_back,
        clock=SET_BACK if at_us < last.at_us else _BLANK,
        previous=last.hash,
        hash=_BLANK,
    )
    return replace(row, hash=hash_of(row, key))


def next_rows(
    entries: Sequence[Entry],
    at_us: int,
    *,
    stored: Sequence[AuditRow],
    head: Head | None,
    key: bytes,
    workspace_id: str,
) -> tuple[AuditRow, ...]:
    """Make the rows of several entries, as if each had been added after the one before it."""
    made: list[AuditRow] = []
    for entry in entries:
        row = next_row(entry, at_us, stored=stored, head=head, key=key, workspace_id=workspace_id)
        made.append(row)
        head = Head(row.number, row.hash, row.at_us)
        stored = tuple(r for r in (*stored, row) if r.number >= row.number)
    return tuple(made)


def _newest_vouched_for(stored: Sequence[AuditRow], head: Head, key: bytes) -> Head:
    """Return the end of the chain; a process may have died between the row and the head."""
    newest = head
    for row in stored:
        follows = row.number == newest.number + 1 and row.previous == newest.hash
        if follows and is_genuine(row, key):
            newest = Head(row.number, row.hash, row.at_us)
    return newest


def _first_free(number: int, taken: set[int]) -> int:
    while number in taken:
        number += 1
    return number


def _question(entry: Entry, stored: Sequence[AuditRow], head: Head | None) -> Mapping[str, object]:
    """Add to the question what the log itself has to say at this place."""
    asked = {name: value for name, value in entry.question.items() if value is not None}
    if head is None:
        return {**asked, END_UNKNOWN: True} if stored else asked
    last = min((row.number for row in stored), default=0)
    if entry.action == RESTORE and last < head.number:
        return {**asked, LOST: [last + 1, head.number]}
    return asked


def hash_of(row: AuditRow, key: bytes) -> str:
    """Return the keyed hash over every field of a row but the hash itself."""
    fields = {name: value for name, value in vars(row).items() if name != "hash"}
    return _keyed(key, canonical_json(fields).encode())


def is_genuine(row: AuditRow, key: bytes) -> bool:
    """Say whether a row is as it was written."""
    return hmac.compare_digest(hash_of(row, key).encode(), str(row.hash).encode())


def canonical_json(value: object) -> str:
    r"""Write a value as JSON in one way only.

    >>> canonical_json({"b": 1, "a": "ä"})
    '{"a":"\\u00e4","b":1}'
    """
    # what somebody put into the file by hand may be no JSON at all
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=repr)


def breaks_in(
    rows: Sequence[AuditRow], *, head: Head | None, key: bytes, workspace_id: str
) -> tuple[Break, ...]:
    """Return every place where the log is not as it was written; none where it is whole.

    Parameters
    ----------
    rows
        The rows as they stand in the database, by number.
    head
        The end of the log as it lies outside; None where it is gone or never was.
    """
    found = [*_breaks_in_chain(rows, genesis(key, workspace_id), key), *_breaks_at_end(rows, head)]
    return tuple(dict.fromkeys(found))


def _breaks_in_chain(rows: Sequence[AuditRow], start: str, key: bytes) -> Iterator[Break]:
    expected = 1
    previous: str | None = start
    for row in rows:
        if not is_genuine(row, key):
            # what follows a changed row follows the row that it was before
            yield Break(row.number, "changed")
            expected, previous = row.number + 1, None
            continue
        said = _said(row)
        if END_UNKNOWN in said:
            yield Break(row.number, "end-unknown")
        if row.number != expected:
            if said.get(LOST) != [expected, row.number - 1]:
                yield Break(expected, "removed")
        elif previous not in (None, row.previous):
            yield Break(row.number, "not-linked")
        expected, previous = row.number + 1, row.hash


def _said(row: AuditRow) -> Mapping[str, object]:
    try:
        return dict(json.loads(row.question))
    except (ValueError, TypeError):
        return {}


def decision_of(row: AuditRow) -> str | None:
    """Return the fingerprint of the purpose switch that an entry tells of, if it does."""
    decision = _said(row).get("decision") if row.action == "purpose-switch" else None
    return str(decision) if decision and row.outcome == "allowed" else None


def _breaks_at_end(rows: Sequence[AuditRow], head: Head | None) -> Iterator[Break]:
    if head is None:
        if rows:
            yield Break(rows[-1].number, "end-unknown")
        return
    hashes = {row.number: row.hash for row in rows}
    last = rows[-1].number if rows else 0
    if head.number > last:
        yield Break(last + 1, "removed")
    elif head.number and hashes.get(head.number) != head.hash:
        yield Break(head.number, "changed")


def _keyed(key: bytes, content: bytes) -> str:
    return hmac.digest(key, content, hashlib.sha256).hex()
