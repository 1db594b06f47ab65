"""What can a person ask for? To be erased, left out of what is about persons, or set right.

What is stored of a person is told by `leitweg.studies.person_export`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.access import OWNER, Asker
from leitweg.domain.errors import QuestionError
from leitweg.privacy.memberships import with_values
from leitweg.privacy.rights import CORRECTION, ERASURE, OBJECTION
from leitweg.store import Change, Clock, Workspace, open_workspace, utc_now
from leitweg.store.application.rights import UsedRight, add_rights
from leitweg.store.physical import check_all_deleted
from leitweg.studies.asking import asking
from leitweg.studies.remembered_rights import apply_rights, recogniser_of, remember, stored_ids

COLUMNS = ("kind", "unit", "position", "manager", "site", "language", "hours_per_week")
"""What a person may have corrected: a row of the table of people."""
_KINDS = ("person", "system", "shared")
_MOST_HOURS = 168.0


@dataclass(frozen=True)
class RightDone:
    """A right that was used: which, how many rows it concerned, and codes of what to know."""

    right: str
    rows: int
    columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def erase_person(
    workspace: Path,
    accounts: Sequence[str],
    *,
    asker: Asker = OWNER,
    clock: Clock = utc_now,
) -> RightDone:
    """Erase a person from every table, so that answers are those of a run without the person.

    The rows go from the disk at once; a keyed hash stays, so that neither a later import nor a
    restored backup brings them back. What was released before, and the ledger of it, stay.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    accounts
        The accounts of one person, as any system writes them.
    asker
        Who asks; by default whoever holds the folder.
    clock
        Where the times come from.

    Raises
    ------
    KeyFileError
        The key is gone: nobody can tell who is who.
    WorkspaceError
        ``not-all-deleted`` where an older file could not be deleted; run it again.
    """
    return _applied(workspace, accounts, ERASURE, "person-erase", asker, clock)


def object_person(
    workspace: Path,
    accounts: Sequence[str],
    *,
    asker: Asker = OWNER,
    clock: Clock = utc_now,
) -> RightDone:
    """Leave a person out of everything that is about persons (Art. 21 GDPR).

    Events and messages count on for the unit, under an id drawn at random that no key leads to.
    Position, manager, site, hours, skills, absences and ties go. Later imports are treated alike.
    Parameters and errors are those of `erase_person`.
    """
    return _applied(workspace, accounts, OBJECTION, "person-object", asker, clock)


def correct_person(
    workspace: Path,
    accounts: Sequence[str],
    columns: Mapping[str, str],
    *,
    asker: Asker = OWNER,
    clock: Clock = utc_now,
) -> RightDone:
    """Set right what the table of people says of a person now (Art. 16 GDPR).

    Parameters
    ----------
    workspace, accounts, asker, clock
        As in `erase_person`.
    columns
        Column of the table of people -> value; an empty value empties it.

    Raises
    ------
    QuestionError
        ``uncorrectable-column``, ``bad-correction``, or ``person-unknown`` where no row speaks of
        the person.
    """
    place = open_workspace(workspace, clock=clock)
    with asking(
        place, "person-correct", asker=asker, question={"columns": sorted(columns)}
    ) as asked:
        stored = stored_ids(place, accounts)
        values = {name: _value(place, name, text) for name, text in columns.items()}
        with place.writing() as change:
            change.forget_older()
            rows = _corrected(change, stored, values)
        check_all_deleted(place)
        knows = recogniser_of(place)
        names = tuple(sorted(columns))
        hashes = {knows.hash_of(id_) for id_ in stored}
        at_us = place.now_us()
        add_rights(
            place.database,
            [UsedRight(CORRECTION, hash_, at_us, ", ".join(names)) for hash_ in sorted(hashes)],
        )
        asked.note(values=rows)
    return RightDone(CORRECTION, rows, names, ("correct-the-source-too",))


def _applied(
    workspace: Path,
    accounts: Sequence[str],
    kind: str,
    action: str,
    asker: Asker,
    clock: Clock,
) -> RightDone:
    place = open_workspace(workspace, clock=clock)
    with asking(place, action, asker=asker) as asked:
        stored = stored_ids(place, accounts)
        remember(place, kind, stored)
        with place.writing() as change:
            change.forget_older()
            done = apply_rights(place, change, stored=frozenset(stored if kind == ERASURE else ()))
        check_all_deleted(place)
        rows = 0 if done is None else done.rows_gone if kind == ERASURE else done.rows_of_others
        asked.note(values=rows)
    return RightDone(kind, rows, notes=() if rows else ("nothing-stored",))


def _value(place: Workspace, name: str, text: str) -> str | float | None:
    if name not in COLUMNS:
        raise QuestionError(
            f"'{name}' is no column that can be corrected; choose one of: {', '.join(COLUMNS)}.",
            code="uncorrectable-column",
            column=name,
            columns=", ".join(COLUMNS),
        )
    text = text.strip()
    if not text:
        return None
    if name == "kind" and text not in _KINDS:
        raise _bad_value(name, f"one of {', '.join(_KINDS)}")
    if name == "manager":
        return min(stored_ids(place, [text]))
    return _hours(text) if name == "hours_per_week" else text


def _hours(text: str) -> float:
    try:
        hours = float(text.replace(",", "."))
    except ValueError:
        hours = -1.0
    if not 0 <= hours <= _MOST_HOURS:
        raise _bad_value("hours_per_week", f"a number from 0 to {_MOST_HOURS:g}")
    return hours


def _bad_value(name: str, wanted: str) -> QuestionError:
    return QuestionError(
        f"--column {name}=… takes {wanted}.", code="bad-correction", column=name, wanted=wanted
    )


def _corrected(change: Change, stored: set[str], values: Mapping[str, str | float | None]) -> int:
    people = change.read("people")
    mask = _latest_rows(people, stored)
    if not mask.any():
        raise QuestionError(
            "The table of people has no row of this person, so there is nothing to correct; check "
            "how the account is written, or import a table of people.",
            code="person-unknown",
        )
    for name, value in values.items():
        people = with_values(people, name, mask, [value] * int(mask.sum()))
    change.put("people", people)
    return int(mask.sum())


def _latest_rows(people: pa.Table, stored: set[str]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Choose of each id the row that holds now: the one that begins last."""
    of_person = np.asarray(pc.is_in(people["person"], value_set=pa.array(sorted(stored))))
    begin = np.asarray(pc.fill_null(people["valid_from_us"], -(2**63)))
    mask = np.zeros(len(people), bool)
    for id_ in stored:
        rows = np.flatnonzero(np.asarray(pc.equal(people["person"], id_)) & of_person)
        if rows.size:
            # a row that tells no more than the kind of an account is no row of a person's post
            mask[rows[np.argmax(begin[rows])]] = True
    return mask
