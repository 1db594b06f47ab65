"""What was asked before about which cases? The ledger keeps it over users, processes and restarts.

Method: docs/methods/release-ledger.md.
"""

import hashlib
from collections.abc import Sequence

import numpy as np

from leitweg.domain.traces import Traces
from leitweg.privacy.gate import Gate, gate_of
from leitweg.privacy.pieces import Flags, Numbers, Told
from leitweg.store.application.database import Database
from leitweg.store.application.scopes import StoredScope, remember_scope, scopes_of


def decide_scopes(
    database: Database,
    key: bytes,
    traces: Traces,
    scopes: Sequence[tuple[str, Flags]],
    *,
    k: int,
    now_us: int,
) -> tuple[Gate, ...]:
    """Say what may be told about sets of cases, and remember that it is told.

    One write transaction holds all of it, so that of two who ask at once the second is asked with
    the answer of the first in the ledger.

    Parameters
    ----------
    key
        The key of the ledger: cases are kept as keyed numbers.
    traces
        Who worked where on which case.
    scopes
        Variables (``counts``, ``hours``) with the cases behind them, in the order in which they
        are told. Answers to different variables cannot be subtracted.

    Returns
    -------
    tuple of Gate
        One per scope. Where nothing about the company may be told, nothing is remembered.
    """
    ids = numbers_of(traces.case_ids, key)
    gates = []
    with database.writing() as connection:
        for variable, scope in scopes:
            before = scopes_of(connection, variable)
            own = np.flatnonzero(scope)[np.argsort(ids[scope])]
            print_ = fingerprint_of(ids[own], traces.content[own])
            known = next((s for s in before if s.fingerprint == print_), None)
            gate = gate_of(traces, ids, scope, _told(before, known), k)
            gates.append(gate)
            if known is None and own.size and not gate.everything:
                told = Told(ids[own], traces.content[own], traces.until_us, gate.units, gate.links)
                remember_scope(connection, variable, print_, told, now_us)
    return tuple(gates)


def _told(scopes: Sequence[StoredScope], known: StoredScope | None) -> list[Told]:
    # who asks again gets what the first answer told, whatever was asked since
    return [
        Told(s.ids, s.content, s.until_us, s.units, s.links)
        for s in scopes
        if known is None or s.id < known.id
    ]


def numbers_of(ids: Sequence[str], key: bytes) -> Numbers:
    """Return a keyed 64-bit number of each id."""
    found = [hashlib.blake2b(id_.encode(), key=key, digest_size=8).digest() for id_ in ids]
    return np.frombuffer(b"".join(found), "<u8").astype(np.uint64)


def fingerprint_of(ids: Numbers, content: Numbers) -> bytes:
    """Return the number by which cases and what they hold are known again."""
    told = np.ascontiguousarray(np.stack([ids, content]), "<u8").tobytes()
    return hashlib.blake2b(told, digest_size=16).digest()
