"""How the columns of an object-centric log are called, and which of them fills what."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.errors import SourceError
from leitweg.sources.case_rows import CASE_TEXTS
from leitweg.sources.mapping import TEXT_JOINT, Mapped, map_columns
from leitweg.sources.ocel_case_types import role_of
from leitweg.sources.ocel_log import OcelLog
from leitweg.sources.ocel_stories import ACTIVITY, TIME, Part, Stories
from leitweg.sources.words import header_words
from leitweg.sources.xes_columns import MAX_KEYS

CASE = "case:"
"""Prefix of the attributes of the case's object, as in other logs."""
_FINAL = ("closed", "outcome")
_HOLDERS = ("person", "unit")


@dataclass
class Columns:
    """Names of columns and what they are made of; further ones come with the user's words."""

    log: OcelLog
    kind: str
    parts: dict[str, tuple[Part, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.parts = {}
        for name, part in _parts(self.log, self.kind):
            self.parts.setdefault(name, (part,))

    @property
    def plain(self) -> list[str]:
        """Columns that synonyms are looked for in: everything but related objects."""
        return [n for n, (part, *_) in self.parts.items() if part.what != "object"]

    def resolve(self, wanted: str) -> str:
        """Return the column that the user means: one name, or several with commas between.

        Raises
        ------
        SourceError
            unknown-column, listing attributes and types of objects.
        """
        found = self._find(wanted)
        if found is not None:
            return found
        names = [self._find(name.strip()) for name in wanted.split(",")]
        if None in names or len(names) < 2:
            raise self._unknown(wanted)
        several = tuple(part for name in names if name for part in self.parts[name])
        self.parts[", ".join(name for name in names if name)] = several
        return ", ".join(name for name in names if name)

    def _find(self, wanted: str) -> str | None:
        if wanted in self.parts:
            return wanted
        alike = [name for name in self.parts if header_words(name) == header_words(wanted)]
        return alike[0] if len(alike) == 1 else None

    def shown(self, most: int = 12) -> str:
        """Return the names to choose from as a sentence shows them: attributes of events, types."""
        chosen = [
            name
            for name, (part, *_) in self.parts.items()
            if part.what in ("activity", "event")
            or (part.what == "object" and not part.key and part.qualifier is None)
        ]
        told = [f"'{name[:40]}'" for name in chosen[:most]]
        return ", ".join(told) + (f", … (+{len(chosen) - most:,})" if len(chosen) > most else "")

    def _unknown(self, wanted: str) -> SourceError:
        return SourceError(
            f"{self.log.name}: there is no attribute and no type of objects '{wanted[:60]}'. "
            f"There are {self.shown()}.",
            code="unknown-column",
            path=self.log.name,
            column=wanted,
            columns=list(self.parts),
        )


def _parts(log: OcelLog, kind: str) -> Iterator[tuple[str, Part]]:
    """Yield all names: of two that are equal the first counts."""
    yield kind, Part("case")
    yield ACTIVITY, Part("activity")
    yield TIME, Part("time")
    keys, own = log.keys_of_events(), log.keys_of_objects(kind)
    if len(keys) + len(own) > MAX_KEYS:
        raise _too_many(log.name, (*keys, *own)[-1])
    yield from ((key, Part("event", key)) for key in keys)
    yield from ((CASE + key, Part("own", key)) for key in own)
    for other in log.types:
        if other != kind:
            yield other, Part("object", kind=other)
            yield from _details(log, other)


def _details(log: OcelLog, kind: str) -> Iterator[tuple[str, Part]]:
    of_kind = pa.array(log.of_type(kind)[log.relation_object])
    for role in sorted(pc.unique(log.qualifier.filter(of_kind).drop_null()).to_pylist()):
        yield f"{kind}/{role}", Part("object", kind=kind, qualifier=role)
    for key in log.keys_of_objects(kind):
        yield f"{kind}.{key}", Part("object", key, kind)


def _too_many(name: str, example: str) -> SourceError:
    return SourceError(
        f"{name}: the log has more than {MAX_KEYS:,} different attributes, such as "
        f"'{example[:60]}'. Export it with fewer.",
        code="too-many-columns",
        path=name,
        limit=MAX_KEYS,
    )


def map_parts(columns: Columns, wanted: dict[str, str]) -> tuple[Mapped, tuple[str, ...]]:
    """Map columns to the canonical table of events, and say what was taken from related objects.

    The user's word goes first, then what the standard fixes (id, activity, time), then attributes
    by synonyms, then related objects by the name of their type.

    Raises
    ------
    SourceError
        unknown-column, unknown-canonical, missing-column where nothing says who held the case.
    """
    name = columns.log.name
    standard = {"case_id": columns.kind, "activity": ACTIVITY, "at": TIME}
    if "order" in wanted:
        del standard["at"]
    said = [
        columns.resolve(column) for column in wanted.get("text", "").split(TEXT_JOINT) if column
    ]
    explicit = {c: columns.resolve(column) for c, column in wanted.items() if c != "text"}
    named = dict.fromkeys([*explicit.values(), *said])
    known = [*columns.plain, *(column for column in named if column not in columns.plain)]
    if said:
        explicit["text"] = TEXT_JOINT.join(said)
    mapped = map_columns(name, "events", known, {**standard, **explicit})
    roles = {r: c for r, c in _by_type(columns).items() if r not in mapped.columns}
    if not {*_HOLDERS} & {*mapped.columns, *roles}:
        raise _no_holder(columns)
    notes = tuple(
        f"{name}: {role} was taken from related objects ('{column}'). Choose with "
        f"--map {role}=NAME."
        for role, column in roles.items()
    )
    taken = (*mapped.columns.values(), *roles.values(), *mapped.text)
    used = {part for column in taken for part in columns.parts[column]}
    used |= {Part("case"), Part("activity"), Part("time")}
    free = tuple(c for c in mapped.free if columns.parts[c][0] not in used)
    kept_out = tuple(c for c in mapped.kept_out if columns.parts[c][0] not in used)
    return replace(mapped, columns={**mapped.columns, **roles}, free=free, kept_out=kept_out), notes


def _by_type(columns: Columns) -> dict[str, str]:
    """Return for each role the types of objects that bear such a name, the commonest first."""
    log = columns.log
    commonness = np.bincount(log.relation_object, minlength=len(log.object_id))
    found: dict[str, list[tuple[int, str]]] = {}
    for kind in log.types:
        role = role_of(kind)
        if role and kind != columns.kind:
            common = int(commonness[log.of_type(kind)].sum())
            found.setdefault(role, []).append((-common, kind))
    named = {role: ", ".join(kind for _, kind in sorted(kinds)) for role, kinds in found.items()}
    return {role: columns.resolve(names) for role, names in named.items()}


def _no_holder(columns: Columns) -> SourceError:
    return SourceError(
        f"{columns.log.name}: no event says who held the case. Name one or more attributes or "
        f"types of objects with --map person=NAME,NAME or --map unit=NAME; there are "
        f"{columns.shown()}.",
        code="missing-column",
        path=columns.log.name,
        table="events",
        missing=["person", "unit"],
        columns=list(columns.parts),
    )


def fill(stories: Stories, columns: Columns, mapped: Mapped) -> tuple[pa.Table, tuple[str, ...]]:
    """Return the columns that are used, as text, and a sentence where one of several was taken."""
    filled: dict[str, pa.Array] = {}
    notes = []
    for canonical, name in mapped.columns.items():
        parts = columns.parts[name]
        filled[name] = _text(stories, parts, canonical)
        several = sum(stories.events_with_several(p) for p in parts if p.what == "object")
        if several and canonical in _HOLDERS:
            notes.append(
                f"{stories.log.name}: {several:,} events have several objects of '{name}'; the "
                f"first by its id was taken as {canonical}."
            )
    for name in (*mapped.free, *mapped.text):
        filled[name] = _text(stories, columns.parts[name], "")
    return pa.table(list(filled.values()), names=list(filled)), tuple(notes)


def _text(stories: Stories, parts: tuple[Part, ...], canonical: str) -> pa.Array:
    texts = []
    for part in parts:
        if part.what == "object" and canonical in CASE_TEXTS:
            texts.append(stories.named(stories.of_case(part), part.key))
        else:
            texts.append(stories.text(part, at_last=canonical in _FINAL))
    return pc.coalesce(*texts)
