"""About which sets of cases did answers leave? The memory of the ledger for whole questions."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, insert, select

from leitweg.store.application.schema import SCOPES


@dataclass(frozen=True)
class StoredScope:
    """One set of cases an answer left about: keyed 64-bit numbers of its cases, ascending.

    ``units`` and ``links`` stayed inside, for earlier answers would have told of few.
    """

    id: int
    fingerprint: bytes
    cases: NDArray[np.uint64]
    units: frozenset[str] = frozenset()
    links: frozenset[tuple[str, str]] = frozenset()


def scopes_of(connection: Connection, variable: str) -> tuple[StoredScope, ...]:
    """Return the scopes of a variable, the oldest first."""
    rows = connection.execute(
        select(SCOPES.c.id, SCOPES.c.fingerprint, SCOPES.c.cases, SCOPES.c.stayed_inside)
        .where(SCOPES.c.variable == variable)
        .order_by(SCOPES.c.id)
    )
    return tuple(_scope(row) for row in rows)


def _scope(row: Row[Any]) -> StoredScope:
    inside = json.loads(row.stayed_inside)
    return StoredScope(
        row.id,
        row.fingerprint,
        np.frombuffer(row.cases, "<u8"),
        frozenset(inside["units"]),
        frozenset((a, b) for a, b in inside["links"]),
    )


def remember_scope(
    connection: Connection, variable: str, scope: StoredScope, now_us: int
) -> StoredScope:
    """Note that an answer about these cases leaves; the id is given here."""
    inside = {"units": sorted(scope.units), "links": sorted(scope.links)}
    done = connection.execute(
        insert(SCOPES).values(
            variable=variable,
            fingerprint=scope.fingerprint,
            cases=scope.cases.astype("<u8").tobytes(),
            n_cases=int(scope.cases.size),
            stayed_inside=json.dumps(inside, ensure_ascii=False),
            released_at_us=now_us,
        )
    )
    (id_,) = done.inserted_primary_key or (0,)
    return replace(scope, id=int(id_))


def rename_cases(
    connection: Connection, renamed: Sequence[tuple[StoredScope, bytes, NDArray[np.uint64]]]
) -> None:
    """Give scopes other numbers for their cases: the key of the workspace was exchanged."""
    for scope, fingerprint, cases in renamed:
        connection.execute(
            SCOPES.update()
            .where(SCOPES.c.id == scope.id)
            .values(fingerprint=fingerprint, cases=cases.astype("<u8").tobytes())
        )
