"""About which sets of cases did answers leave? The memory of the ledger for whole questions."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, insert, select

from leitweg.store.application.schema import SCOPES

Numbers = NDArray[np.uint64]


class Scope(Protocol):
    """What is kept of an answer."""

    @property
    def ids(self) -> Numbers:
        """Keyed numbers of its cases, ascending."""

    @property
    def content(self) -> Numbers:
        """A number for what each case held."""

    @property
    def until_us(self) -> int:
        """The last time in the log then."""

    @property
    def units(self) -> Collection[str]:
        """Units that stayed inside."""

    @property
    def links(self) -> Collection[tuple[str, str]]:
        """Links that stayed inside."""


@dataclass(frozen=True)
class StoredScope:
    """An answer that left, as `Scope` says, with its number and what it is known again by."""

    id: int
    fingerprint: bytes
    ids: Numbers
    content: Numbers
    until_us: int
    units: frozenset[str]
    links: frozenset[tuple[str, str]]


def scopes_of(connection: Connection, variable: str) -> tuple[StoredScope, ...]:
    """Return the scopes of a variable, the oldest first."""
    rows = connection.execute(
        select(SCOPES).where(SCOPES.c.variable == variable).order_by(SCOPES.c.id)
    )
    return tuple(_scope(row) for row in rows)


def _scope(row: Row[Any]) -> StoredScope:
    inside = json.loads(row.stayed_inside)
    return StoredScope(
        row.id,
        row.fingerprint,
        np.frombuffer(row.cases, "<u8"),
        np.frombuffer(row.content, "<u8"),
        row.until_us,
        frozenset(inside["units"]),
        frozenset((a, b) for a, b in inside["links"]),
    )


def remember_scope(
    connection: Connection, variable: str, fingerprint: bytes, scope: Scope, now_us: int
) -> None:
    """Note that an answer about these cases leaves."""
    inside = {"units": sorted(scope.units), "links": sorted(scope.links)}
    connection.execute(
        insert(SCOPES).values(
            variable=variable,
            fingerprint=fingerprint,
            cases=_bytes(scope.ids),
            content=_bytes(scope.content),
            until_us=scope.until_us,
            n_cases=int(scope.ids.size),
            stayed_inside=json.dumps(inside, ensure_ascii=False),
            released_at_us=now_us,
        )
    )


def _bytes(numbers: Numbers) -> bytes:
    return numbers.astype("<u8").tobytes()
