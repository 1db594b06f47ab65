"""What do closings told to the router add to the cases of the tables? Those the tables lack.

A case that the tables know as resolved is learnt from the tables. One that they hold as open gets
its right contact from the closing and keeps what they knew when it arrived.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from leitweg.domain.routing import Coded, History, Ints, Ragged, Request
from leitweg.domain.routing_journal import JournalEntry
from leitweg.routing.history import rows_of

NOBODY = -1


def no_history() -> History:
    """Return a history without any case."""
    nothing = np.empty(0, np.int64)
    empty, ragged = Coded(nothing, ()), Ragged(np.zeros(1, np.int64), nothing)
    return History((), nothing, nothing, {}, None, empty, empty, ragged, ragged, nothing, True)


def with_closings(history: History, entries: Iterable[JournalEntry]) -> tuple[History, int]:
    """Add what the journal tells to a history.

    Parameters
    ----------
    history
        The cases of the tables.
    entries
        Of the journal, oldest first. Of several closings of one case the last one counts; where it
        does not tell who held the case, the handovers do.

    Returns
    -------
    tuple of History and int
        The cases in order of opening, and how many of them are learnt from the journal.
    """
    place = {case_id: row for row, case_id in enumerate(history.case_ids)}
    resolved = (np.asarray(history.unit.codes) >= 0) | (np.asarray(history.person.codes) >= 0)
    found: dict[str, JournalEntry] = {}
    for number, entry in enumerate(_with_paths(entries)):
        row = place.get(entry.case_id or "")
        if row is None or not resolved[row]:
            # the last closing of a case stands where it was closed last
            found.pop(entry.case_id or "", None)
            found[entry.case_id or f"\x00{number}"] = entry
    if not found:
        return history, 0
    told = [_with_known(history, place.get(case_id), one) for case_id, one in found.items()]
    kept = np.array([i for c, i in place.items() if c not in found], np.int64)
    return _joined(_some_of(history, kept), tuple(found), told), len(told)


def _with_paths(entries: Iterable[JournalEntry]) -> Iterator[JournalEntry]:
    """Return the closings, with the way that the handovers before them tell."""
    ways: dict[tuple[str | None, str | None], list[str]] = {}
    for entry in entries:
        if entry.kind == "handover" and entry.case_id:
            way = ways.setdefault((entry.case_id, entry.level), [])
            way += [who for who in (entry.from_contact, entry.to_contact) if who]
        elif entry.kind == "closed":
            yield replace(
                entry,
                unit_path=entry.unit_path or tuple(ways.get((entry.case_id, "unit"), ())),
                person_path=entry.person_path or tuple(ways.get((entry.case_id, "person"), ())),
            )


def _with_known(history: History, row: int | None, entry: JournalEntry) -> JournalEntry:
    """Let a closing know what the tables knew of an open case when it arrived."""
    if row is None:
        return entry
    known = {
        name: column.labels[code]
        for name, column in history.attributes.items()
        if (code := column.codes[row]) >= 0
    }
    text = entry.request.text if history.text is None else history.text.row(row)
    arrived = int(history.opened[row]) if history.has_clock else entry.request.at_us
    return replace(entry, request=Request(arrived, known, text))


def _some_of(history: History, rows: Ints) -> History:
    def some(column: Coded) -> Coded:
        return Coded(column.codes[rows], column.labels)

    return replace(
        history,
        case_ids=tuple(history.case_ids[row] for row in rows),
        opened=history.opened[rows],
        closed=history.closed[rows],
        attributes={name: some(column) for name, column in history.attributes.items()},
        text=None if history.text is None else rows_of(history.text, rows),
        unit=some(history.unit),
        person=some(history.person),
        unit_path=rows_of(history.unit_path, rows),
        person_path=rows_of(history.person_path, rows),
    )


@dataclass
class _Labels:
    """Labels that get more, each with its code."""

    codes: dict[str, int] = field(default_factory=dict)

    def code(self, label: str | None) -> int:
        return NOBODY if label is None else self.codes.setdefault(label, len(self.codes))


def _labels_of(column: Coded | None) -> _Labels:
    return _Labels({label: code for code, label in enumerate(column.labels if column else ())})


def _joined(history: History, ids: tuple[str, ...], told: Sequence[JournalEntry]) -> History:
    units, people = _labels_of(history.unit), _labels_of(history.person)
    unit = [units.code(entry.unit) for entry in told]
    person = [people.code(entry.person) for entry in told]
    unit_path = [_path(units, entry.unit_path, entry.unit) for entry in told]
    person_path = [_path(people, entry.person_path, entry.person) for entry in told]
    opened, closed = _times(history, told)
    joined = History(
        case_ids=(*history.case_ids, *("" if i.startswith("\x00") else i for i in ids)),
        opened=np.concatenate([history.opened, opened]),
        closed=np.concatenate([history.closed, closed]),
        attributes=_attributes(history, told),
        text=_text(history, told),
        unit=_coded(history.unit, unit, units),
        person=_coded(history.person, person, people),
        unit_path=_ragged(history.unit_path, unit_path),
        person_path=_ragged(history.person_path, person_path),
        person_unit=_person_unit(history, person, unit, len(people.codes)),
        has_clock=history.has_clock,
    )
    return _some_of(joined, np.argsort(joined.opened, kind="stable"))


def _path(labels: _Labels, path: Sequence[str], right: str | None) -> list[int]:
    """Code who held a case, up to its right contact, repeats collapsed."""
    if right is None:
        return []
    said = [*path, right]
    return [labels.code(a) for a, b in zip(said, [*said[1:], None], strict=True) if a != b]


def _times(history: History, told: Sequence[JournalEntry]) -> tuple[Ints, Ints]:
    closed = np.array([entry.at_us for entry in told], np.int64)
    arrived = [
        entry.at_us if entry.request.at_us is None else entry.request.at_us for entry in told
    ]
    if history.has_clock:
        return np.minimum(np.array(arrived, np.int64), closed), closed
    # a log without a clock has an order alone: what was told stands behind it
    last = int(max(history.opened.max(initial=0), history.closed.max(initial=0)))
    places = last + 1 + np.arange(len(told), dtype=np.int64)
    return places, places


def _attributes(history: History, told: Sequence[JournalEntry]) -> dict[str, Coded]:
    names = dict.fromkeys([*history.attributes, *(n for e in told for n in e.request.attributes)])
    found = {}
    for name in names:
        before = history.attributes.get(name)
        labels = _labels_of(before)
        codes = [labels.code(entry.request.attributes.get(name)) for entry in told]
        missing = Coded(np.full(history.n_cases, NOBODY, np.int32), ())
        found[name] = _coded(before or missing, codes, labels)
    return found


def _text(history: History, told: Sequence[JournalEntry]) -> Ragged | None:
    texts = [entry.request.text for entry in told]
    if history.text is None and all(text is None for text in texts):
        return None
    offsets = np.zeros(history.n_cases + 1, np.int64)
    before = history.text or Ragged(offsets, np.empty(0, np.int32))
    return _ragged(before, [() if text is None else text for text in texts])


def _coded(before: Coded, codes: Sequence[int], labels: _Labels) -> Coded:
    every = np.concatenate([before.codes, np.array(codes, np.int64)]).astype(np.int32)
    return Coded(every, tuple(labels.codes))


def _ragged(before: Ragged, rows: Sequence[Sequence[int] | Ints]) -> Ragged:
    sizes = np.array([len(row) for row in rows], np.int64)
    offsets = before.offsets[-1] + np.cumsum(sizes)
    values = [np.asarray(row, np.int32) for row in rows]
    return Ragged(
        np.concatenate([before.offsets, offsets]).astype(np.int64),
        np.concatenate([before.values, *values]).astype(np.int32),
    )


def _person_unit(history: History, person: Sequence[int], unit: Sequence[int], n: int) -> Ints:
    found = np.full(n, NOBODY, np.int32)
    found[: history.person_unit.size] = history.person_unit
    for who, where in zip(person, unit, strict=True):
        # the table of people, or what the log says, knows better than one closing
        if who != NOBODY and found[who] == NOBODY:
            found[who] = where
    return found
