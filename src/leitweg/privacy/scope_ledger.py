"""What was asked before about which cases? The ledger keeps it over users, processes and restarts.

Method: docs/methods/release-ledger.md.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.traces import Traces
from leitweg.privacy.gate import Earlier, Gate, gate_of
from leitweg.store.application.database import Database
from leitweg.store.application.scopes import StoredScope, remember_scope, scopes_of

Flags = NDArray[np.bool_]
Numbers = NDArray[np.uint64]


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
    numbers = numbers_of(traces, key)
    gates = []
    with database.writing() as connection:
        for variable, scope in scopes:
            before = scopes_of(connection, variable)
            own = np.sort(numbers[scope])
            print_ = fingerprint_of(own)
            known = next((s for s in before if s.fingerprint == print_), None)
            gate = gate_of(traces, scope, _told(numbers, _older(before, known)), k)
            gates.append(gate)
            if known is None and own.size and not gate.everything:
                told = StoredScope(0, print_, own, gate.units, gate.links)
                remember_scope(connection, variable, told, now_us)
    return tuple(gates)


def _older(scopes: Sequence[StoredScope], known: StoredScope | None) -> Sequence[StoredScope]:
    # who asks again gets what the first answer told, whatever was asked since
    return scopes if known is None else [s for s in scopes if s.id < known.id]


def _told(numbers: Numbers, scopes: Sequence[StoredScope]) -> list[Earlier]:
    return [Earlier(np.isin(numbers, s.cases), s.units, s.links) for s in scopes]


def numbers_of(traces: Traces, key: bytes) -> Numbers:
    """Return a keyed 64-bit number of each case, another one once it holds something else."""
    ids = [
        hashlib.blake2b(id_.encode(), key=key, digest_size=8).digest() for id_ in traces.case_ids
    ]
    named = np.frombuffer(b"".join(ids), "<u8")
    return np.asarray(named ^ traces.content)


def fingerprint_of(numbers: Numbers) -> bytes:
    """Return the number by which a set of cases is known again."""
    return hashlib.blake2b(np.ascontiguousarray(numbers, "<u8").tobytes(), digest_size=16).digest()
