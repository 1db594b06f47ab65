"""What does a caller ask about? A request with ids as stored, and notes on what is unknown.

The caller speaks of people, customers and cases by his own ids. In a protected workspace they are
hashed with its key, and the names are kept only until the answer has left.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from leitweg.domain.routing import Ints, Level, Request
from leitweg.privacy.pseudonyms import canonical, pseudonym
from leitweg.privacy.release_routing import looked_at
from leitweg.privacy.text_features import MOST_CHARACTERS, TextFeatures, features_under
from leitweg.store.workspace_key import WorkspaceKey

TEXT_CUT = "text-cut"
CUSTOMER = "customer"
"""A customer of whom nothing is known yet is an everyday thing, and not noted."""
Stored = Callable[[Mapping[str, str]], Mapping[str, str]]
"""Turns attributes into what would be stored of them (`studies/routing_journal.py`)."""


@dataclass(frozen=True)
class Parts:
    """A request as the caller wrote it."""

    text: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    at_us: int | None = None
    first_contact: str | None = None
    tried: tuple[str, ...] = ()


@dataclass(frozen=True)
class AskedRequest:
    """A request as a router takes it.

    ``named`` are the stored ids of contacts to the caller's; ``notes`` codes of what is unknown.
    """

    request: Request
    named: Mapping[str, str]
    notes: tuple[str, ...]


class Spellings:
    """Turns what callers write into what is stored, for one router; kept as long as the router.

    Parameters
    ----------
    level
        Of the contacts.
    contacts
        Those the router knows, as stored.
    key
        The key of a protected workspace; None in an open one.
    stored_attributes
        What the entrance would store of attributes; None: all as they are.
    values
        Values of the attributes that the router has seen, by name; None: not known here, so that
        nothing is said of what is unknown.
    passed_on
        Attributes that the router understands though no case has them.
    has_text
        The router has learnt texts.
    """

    def __init__(
        self,
        level: Level,
        contacts: Collection[str],
        key: WorkspaceKey | None,
        *,
        stored_attributes: Stored | None = None,
        values: Mapping[str, Collection[str]] | None = None,
        passed_on: Collection[str] = (),
        has_text: bool = True,
    ) -> None:
        self._kind = "person" if level == "person" else ""
        self._key = key
        self._stored_attributes = stored_attributes or dict
        self._values = values
        self._passed_on = passed_on
        self._has_text = has_text
        self._contacts = {canonical(contact, self._kind): contact for contact in contacts}
        self._hashes_contacts = key is not None and level == "person"
        self._known = set(contacts)
        self._features: TextFeatures = features_under(key)

    def stored(self, contact: str) -> str:
        """Return the stored id of a contact; of one nobody knows, what it would be.

        In a protected workspace a person is hashed, so that an id that is a hash already is
        nobody: whoever reads the tables cannot ask about a person whose name he does not know.
        """
        if self._hashes_contacts and self._key is not None:
            return pseudonym("person", contact, self._key)
        return self._contacts.get(canonical(contact, self._kind), contact)

    def knows(self, stored: str) -> bool:
        """Whether a contact has resolved anything so far."""
        return stored in self._known

    def asked(self, parts: Parts) -> AskedRequest:
        """Return the request; empty attributes and texts are left out, and that is noted."""
        attributes, notes = self._attributes(parts.attributes)
        text, of_text = self._text(parts.text)
        named = {self.stored(contact): contact for contact in parts.tried}
        first = None if parts.first_contact is None else self.stored(parts.first_contact)
        if first is not None:
            named[first] = parts.first_contact or ""
        unknown = [own for id_, own in named.items() if not self.knows(id_)]
        notes += of_text
        notes += [f"unknown-contact: {', '.join(unknown)}"] if unknown else []
        if text is None and not attributes and first is None and not parts.tried and not notes:
            notes += ["nothing-known", *self._to_give()]
        tried = tuple(self.stored(contact) for contact in parts.tried)
        return AskedRequest(
            Request(parts.at_us, attributes, text, first, tried), named, tuple(notes)
        )

    def _attributes(self, given: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
        spelled = {canonical(name): name for name in self._values or ()}
        wanted = {
            spelled.get(canonical(name), name): value.strip()
            for name, value in given.items()
            if value.strip()
        }
        allowed, denied = looked_at(wanted)
        notes = [f"denied-attribute: {', '.join(denied)}"] if denied else []
        passed = {name: value for name, value in allowed.items() if name in self._passed_on}
        found = {**self._stored_attributes(allowed), **passed}
        if self._values is None:
            return found, notes
        known = {**self._values, **{name: [value] for name, value in passed.items()}}
        names = [name for name in allowed if name not in known or name not in found]
        values = [
            f"{name}={allowed[name]}"
            for name, value in found.items()
            if name in known and value not in known[name] and name != CUSTOMER
        ]
        notes += [f"unknown-attribute: {', '.join(names)}", *self._to_give()] if names else []
        notes += [f"unknown-value: {', '.join(values)}"] if values else []
        return found, notes

    def _to_give(self) -> list[str]:
        names = sorted(set(self._values or ()) - {CUSTOMER})
        return [f"attributes-to-give: {', '.join(names)}"] if names else []

    def _text(self, text: str | None) -> tuple[Ints | None, list[str]]:
        if text is None:
            return None, []
        if not text.strip():
            return None, ["empty-text"]
        if not self._has_text:
            return None, ["no-text-learnt"]
        features = self._features.of(text)
        if not features.size:
            return None, ["empty-text"]
        return features, [TEXT_CUT] if len(text) > MOST_CHARACTERS else []
