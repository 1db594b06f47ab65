"""How often may one person have been counted? Once per era that an answer spans.

Retention leaves one pseudonym per person and quarter, and nobody can tell any more which belong
together. So n ids of E eras are n / E people at least, and the threshold is asked for E times
(docs/methods/retention-and-rights.md).
"""

from collections.abc import Iterable

import numpy as np

from leitweg.engine.message_traffic import Traffic
from leitweg.engine.network_tables import TieNetwork
from leitweg.privacy.eras import n_eras
from leitweg.privacy.threshold import K
from leitweg.situation.basis import Basis
from leitweg.situation.transaction_rows import Transactions


def threshold_of(
    *bases: Basis,
    traffic: Traffic | None = None,
    ties: TieNetwork | None = None,
    k: int = K,
) -> int:
    """Return the number of ids that an answer needs to be about k people."""
    names = {name for basis in bases for name in _named(basis)}
    names |= set(traffic.people if traffic else ()) | set(ties.ends if ties else ())
    return k * n_eras(names)


def times_in(found: Transactions) -> int:
    """Return how often one person may be counted in the transactions of a network."""
    some = [rows for rows in (found.person_rows, found.unit_rows) if rows is not None]
    ends = [end for rows in some for end in (rows.from_person, rows.to_person)]
    if not ends or not found.people:
        return 1
    codes = np.unique(np.concatenate(ends))
    return n_eras(found.people[code] for code in codes[codes >= 0].tolist())


def _named(basis: Basis) -> Iterable[str]:
    """Name who stands behind the counts and hours of an answer: open cases are in both."""
    log = basis.log
    asked = basis.counted | basis.in_period | np.asarray(basis.accounts.is_open, bool)
    case = np.repeat(np.arange(log.n_cases), np.diff(log.offsets))
    codes = np.unique(log.person[asked[case]])
    return (log.persons[code] for code in codes[codes >= 0].tolist())
