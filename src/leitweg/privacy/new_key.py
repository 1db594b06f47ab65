"""What do stored ids become when the key is exchanged? Those of the new key, wherever they stand.

A pseudonym is told by its form, not by its column: units and attributes hold some too. Exchanging
is exact: rows that were equal stay equal, and files imported later still join.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from leitweg.privacy.pseudonyms import PREFIXES
from leitweg.privacy.text_columns import with_texts
from leitweg.privacy.text_features import renumbered
from leitweg.store.workspace_key import WorkspaceKey

_ID = re.compile(rf"({'|'.join(PREFIXES.values())})([0-9a-f]{{32}})")
_INSIDE = re.compile(rf"(?<![0-9A-Za-z])({'|'.join(PREFIXES.values())})([0-9a-f]{{32}})(?!\w)")
# the pseudonym of a quarter whose key is gone: nothing joins it again, so that one way is enough
_OF_QUARTER = re.compile(r"(q-.+-)([0-9a-f]+)")
_FEATURES = "text_features"
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Exchange:
    """The key that was, and the key that takes its place."""

    old: WorkspaceKey
    new: WorkspaceKey

    def id(self, stored: str) -> str:
        """Return an id, or a label with ids in it, under the new key; other texts as they are."""
        if found := _ID.fullmatch(stored):
            return found[1] + self._digest(found[2])
        if found := _OF_QUARTER.fullmatch(stored):
            key = self.new.wrapping or b""
            digits = hmac.digest(key, stored.encode(), hashlib.sha256).hex()
            return found[1] + digits[: len(found[2])]
        # a label that named somebody holds the pseudonym in the place of the name
        return _INSIDE.sub(lambda found: found[1] + self._digest(found[2]), stored)

    def digest(self, stored: str) -> str:
        """Return the hash by which a file is known again under the new key."""
        return self._digest(stored) if _DIGEST.fullmatch(stored) else stored

    def rows(self, rows: pa.Table) -> pa.Table:
        """Return rows with every stored id and every hashed word under the new key."""
        rows = with_texts(rows, lambda texts: [self.id(text) for text in texts])
        if _FEATURES not in rows.column_names or rows[_FEATURES].null_count == len(rows):
            return rows
        place = rows.column_names.index(_FEATURES)
        numbers = renumbered(rows[_FEATURES], self.old, self.new)
        return rows.set_column(place, rows.schema.field(place), numbers)

    def setting(self, value: object) -> object:
        """Return a setting, plain JSON, with every stored id under the new key."""
        if isinstance(value, str):
            return self.id(value)
        if isinstance(value, Mapping):
            return {name: self.setting(entry) for name, entry in value.items()}
        if isinstance(value, list):
            # lists of ids are kept in order of the alphabet, which must not tell old from new
            entries = [self.setting(entry) for entry in value]
            return sorted(entries, key=str) if all(isinstance(e, str) for e in entries) else entries
        return value

    def _digest(self, digits: str) -> str:
        return self.new.wrapped(self.old.unwrapped([bytes.fromhex(digits)]))[0].hex()
