"""What does a protected workspace keep of an id? A keyed pseudonym, made at the entrance.

The pseudonym is HMAC-SHA256 of the workspace key over the kind of id and the canonical id. Equal
ids get equal pseudonyms, so cases, people and threads still join; without the key nobody can tell
from a name what its pseudonym is (docs/methods/privacy.md).
"""

from collections.abc import Collection, Mapping, Sequence

import pyarrow as pa

from leitweg.domain.tables import TABLES, Column
from leitweg.privacy.canonical import canonical
from leitweg.privacy.kept_attributes import only_kept
from leitweg.privacy.text_columns import exchanged_column
from leitweg.privacy.text_features import features_under
from leitweg.store.workspace_key import WorkspaceKey

__all__ = ["PREFIXES", "canonical", "pseudonym", "pseudonymise", "pseudonyms"]

PREFIXES = {"person": "p-", "customer": "c-", "case": "v-", "message": "m-"}
_DIGITS = 32
_ATTRIBUTES = "attributes"
_TEXT, _FEATURES = "text", "text_features"


def pseudonym(kind: str, id_: str, key: WorkspaceKey) -> str:
    """Return the pseudonym of an id.

    Parameters
    ----------
    kind
        ``person``, ``customer``, ``case`` or ``message``: the name space, so that a person and a
        case of one id stay apart.
    id_
        The id as the source writes it.
    key
        The key of the workspace, 256 bits.

    Returns
    -------
    str
        A letter for the kind, a hyphen and 32 hex digits (128 bits: among a billion ids, two are
        equal by chance with a probability below 10^-20).
    """
    return pseudonyms(kind, [id_], key)[0]


def pseudonyms(kind: str, ids: Sequence[str], key: WorkspaceKey) -> list[str]:
    """Return the pseudonyms of ids of one kind; see `pseudonym`."""
    messages = [f"{kind}\x1f{canonical(id_, kind)}".encode() for id_ in ids]
    return [PREFIXES[kind] + digest.hex()[:_DIGITS] for digest in key.digests(messages)]


def pseudonymise(
    tables: Mapping[str, pa.Table], key: WorkspaceKey, *, keep: Collection[str] = ()
) -> dict[str, pa.Table]:
    """Replace every personal id of canonical tables; keep named attributes and no text.

    Parameters
    ----------
    tables
        Canonical rows by table; they are not changed.
    key
        The key of the workspace.
    keep
        Names of the free attributes that stay.

    Returns
    -------
    dict of pyarrow.Table
        The same tables. What was missing stays missing; units, topics and channels stay readable;
        of texts hashed features are left.
    """
    return {name: _pseudonymous(name, rows, key, keep) for name, rows in tables.items()}


def _pseudonymous(name: str, rows: pa.Table, key: WorkspaceKey, keep: Collection[str]) -> pa.Table:
    if name == "cases":
        rows = _with_features(rows, key)
    for place, column in enumerate(TABLES[name].columns):
        if column.personal:
            values = _column_of_pseudonyms(rows[column.name], column, key)
        elif column.name == _ATTRIBUTES:
            values = only_kept(rows[column.name], keep)
        else:
            continue
        rows = rows.set_column(place, rows.schema.field(place), values)
    return rows


def _with_features(rows: pa.Table, key: WorkspaceKey) -> pa.Table:
    """Return cases with hashed features in the place of texts."""
    text, features = (rows.column_names.index(name) for name in (_TEXT, _FEATURES))
    if rows[_TEXT].null_count == len(rows):
        return rows
    found = features_under(key).of_column(rows[_TEXT])
    rows = rows.set_column(features, rows.schema.field(features), found)
    return rows.set_column(text, rows.schema.field(text), pa.nulls(len(rows), pa.string()))


def _column_of_pseudonyms(
    values: pa.ChunkedArray, column: Column, key: WorkspaceKey
) -> pa.ChunkedArray:
    return exchanged_column(values, lambda ids: pseudonyms(column.personal, ids, key))
