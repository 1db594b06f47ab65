"""How does what happens to a request get into the journal of the router, and what stays outside?

What comes in follows the rules of the entrance: in a protected workspace ids become pseudonyms, of
free attributes those stay that an import was told to keep, names in labels are exchanged, and of
text only hashed features are stored. Nothing of people who were erased or excluded is noted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from leitweg.domain.errors import WorkspaceError
from leitweg.domain.routing import Level, Request
from leitweg.domain.routing_journal import JournalEntry
from leitweg.engine.request_rows import NAMED
from leitweg.privacy.canonical import canonical
from leitweg.privacy.concealed import People, people_named, spellings
from leitweg.privacy.denied_features import denied_group
from leitweg.privacy.exclusions import Exclusions
from leitweg.privacy.pseudonyms import PREFIXES, pseudonym
from leitweg.privacy.rights import ERASURE, OBJECTION
from leitweg.privacy.text_features import TextFeatures, features_under
from leitweg.store import Workspace, open_workspace
from leitweg.store.application.routing_journal import add, last_of_case, position
from leitweg.store.workspace_key import WorkspaceKey
from leitweg.studies.entering import people_stored
from leitweg.studies.remembered_rights import hashes_of, recogniser_of, remembered

MOST_REMEMBERED = 10_000
_HEX = frozenset("0123456789abcdef")


class RoutingJournal:
    """The journal of one state of a workspace; what it has to look up is looked up once.

    Parameters
    ----------
    place
        The workspace. After `leitweg rekey` it has to be opened again.
    """

    def __init__(self, place: Workspace) -> None:
        self._place = place
        self._key: WorkspaceKey | None = place.key() if place.profile == "protected" else None

    def contact(self, name: str, level: Level) -> str:
        """Return the id under which a contact is stored; one that is stored so already as it is."""
        return self._stored("person", name) if level == "person" else self._label(name)

    def case(self, case_id: str) -> str:
        """Return the id under which a case is stored."""
        return self._stored("case", case_id)

    def request(
        self,
        *,
        level: Level,
        text: str | None = None,
        attributes: Mapping[str, str] | None = None,
        first_contact: str | None = None,
        tried: Sequence[str] = (),
        at_us: int | None = None,
    ) -> Request:
        """Return a request as it may be stored, from what somebody wrote."""
        return Request(
            at_us,
            self.attributes(attributes or {}),
            None if text is None else self._features.of(text),
            None if first_contact is None else self.contact(first_contact, level),
            tuple(self.contact(name, level) for name in tried),
        )

    def attributes(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return attributes as they may be stored: those that no rule keeps out."""
        allowed = {name: value for name, value in given.items() if denied_group(name) is None}
        if self._key is None:
            return allowed
        return {
            name: self._stored(name, value) if name == "customer" else self._label(value)
            for name, value in allowed.items()
            if name in NAMED or canonical(name) in self._kept
        }

    def request_of(self, case_id: str) -> Request | None:
        """Return what was known of a case when it was routed; None where it never was."""
        entry = last_of_case(self._place.database, case_id, kinds=("routed",))
        return entry.request if entry else None

    def append(self, entries: Iterable[JournalEntry]) -> int:
        """Note entries, all in one step; they are on the disk when this returns.

        Contacts, cases and attributes may be as stored or as somebody wrote them. Entries that
        name somebody who was erased or excluded are left out; of somebody who objected only the
        unit is noted.

        Returns
        -------
        int
            The place of the last one in the journal.

        Raises
        ------
        WorkspaceError
            ``workspace-replaced`` where the key was exchanged meanwhile.
        """
        write, database = self.keeping(entries), self._place.database
        with database.writing() as connection:
            write(connection)
        return position(database)

    def keeping(self, entries: Iterable[JournalEntry]) -> Callable[[Any], None]:
        """Return what notes entries within a transaction of somebody else; see `append`."""
        stored = [self._entered(entry) for entry in entries if not self._is_excluded(entry)]

        def write(connection: Any) -> None:
            # while nobody else writes: whoever is erased or exchanges the key comes before or after
            self._check_key()
            kept = self._with_rights(stored)
            add(connection, kept, key_fingerprint=self._place.key_fingerprint)

        return write

    def _entered(self, entry: JournalEntry) -> JournalEntry:
        level = entry.level or "unit"
        request = replace(
            entry.request,
            attributes=self.attributes(entry.request.attributes),
            first_contact=self._maybe(entry.request.first_contact, level),
            tried=tuple(self.contact(name, level) for name in entry.request.tried),
        )
        suggested = [replace(s, contact=self.contact(s.contact, level)) for s in entry.suggested]
        return replace(
            entry,
            request=request,
            case_id=None if entry.case_id is None else self.case(entry.case_id),
            suggested=tuple(suggested),
            from_contact=self._maybe(entry.from_contact, level),
            to_contact=self._maybe(entry.to_contact, level),
            unit=self._maybe(entry.unit, "unit"),
            person=self._maybe(entry.person, "person"),
            unit_path=tuple(self.contact(name, "unit") for name in entry.unit_path),
            person_path=tuple(self.contact(name, "person") for name in entry.person_path),
        )

    def _maybe(self, name: str | None, level: Level) -> str | None:
        return None if name is None else self.contact(name, level)

    def _is_excluded(self, entry: JournalEntry) -> bool:
        found = self._exclusions
        if not found.entries:
            return False
        return any(found.unit(name) for name in _named(entry, "unit")) or any(
            name in found.entries or found.account(name) for name in _named(entry, "person")
        )

    def _with_rights(self, entries: Sequence[JournalEntry]) -> list[JournalEntry]:
        hashes = hashes_of(remembered(self._place))
        if not any(hashes.values()):
            return list(entries)
        knows = recogniser_of(self._place)
        kept = []
        for entry in entries:
            people = _named(entry, "person")
            if knows.known(people, hashes[ERASURE]):
                continue
            is_nobody = bool(knows.known(people, hashes[OBJECTION]))
            kept += _of_unit_alone(entry) if is_nobody else [entry]
        return kept

    def _check_key(self) -> None:
        if open_workspace(self._place.folder).key_fingerprint != self._place.key_fingerprint:
            raise WorkspaceError(
                f"The key of {self._place.folder} has been exchanged meanwhile; open it again.",
                code="workspace-replaced",
                path=str(self._place.folder),
            )

    def _stored(self, kind: str, name: str) -> str:
        if self._key is None or _is_stored(kind, name):
            return name
        return pseudonym(kind, name, self._key)

    def _label(self, text: str) -> str:
        if self._key is None:
            return text
        if text in self._plain:
            return text
        found = self._people.concealed(text, lambda form: self._stored("person", form))
        if found == text and len(self._plain) < MOST_REMEMBERED:
            # the same few topics and products come again and again; names are not remembered
            self._plain.add(text)
        return found

    @cached_property
    def _plain(self) -> set[str]:
        """Labels that name nobody."""
        return set()

    @cached_property
    def _kept(self) -> frozenset[str]:
        """Names of free attributes that an import was told to keep."""
        return frozenset(canonical(n) for file in self._place.imports for n in file.attributes)

    @cached_property
    def _people(self) -> People:
        # of the newest state: files of this one may be gone where somebody was erased since
        known = people_stored(open_workspace(self._place.folder).distinct)
        if not known:
            return people_named(())
        domains = self._listed("domains")

        def is_stored(form: str) -> bool:
            return any(self._stored("person", one) in known for one in spellings(form, domains))

        return people_named((), is_stored)

    @cached_property
    def _exclusions(self) -> Exclusions:
        def mark(text: str) -> str:
            return canonical(text, "person") if self._key is None else self._stored("person", text)

        return Exclusions(frozenset(self._listed("excluded")), mark)

    def _listed(self, name: str) -> list[str]:
        kept = self._place.settings.get(name)
        return sorted(map(str, kept)) if isinstance(kept, list) else []

    @cached_property
    def _features(self) -> TextFeatures:
        return features_under(self._key)


def _named(entry: JournalEntry, level: Level) -> set[str]:
    """Return the contacts of a level that an entry names."""
    named = [entry.contact(level), *entry.path(level)]
    if entry.level == level:
        request = entry.request
        named += [entry.from_contact, entry.to_contact, request.first_contact, *request.tried]
        named += [one.contact for one in entry.suggested]
    return {name for name in named if name is not None}


def _of_unit_alone(entry: JournalEntry) -> list[JournalEntry]:
    if entry.level == "person" or entry.unit is None:
        return []
    return [replace(entry, person=None, person_path=())]


def _is_stored(kind: str, name: str) -> bool:
    mark, digits = PREFIXES[kind], name[2:]
    return name.startswith(mark) and len(digits) == 32 and _HEX.issuperset(digits)
