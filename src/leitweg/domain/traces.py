"""Who worked where on which case: what the ledger of releases looks at. It never leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.signedinteger[Any]]


@dataclass(frozen=True)
class Traces:
    """Traces of people in the cases of a log; codes count from 0, machine accounts are left out.

    Attributes
    ----------
    case_ids
        Id of every case, as stored. A case may also be a day of mail, or whoever named a tie.
    content
        Per case, a 64-bit number that changes when the case holds something else.
    units
        Names of the units.
    worked
        ``case``, ``unit`` (-1 where none is known), ``person``, ``first_us``, ``last_us``: one row
        per case, unit and person.
    handed
        ``case``, ``from_unit``, ``to_unit``, ``sender``, ``receiver`` (-1 where unknown),
        ``at_us``: one row per transaction between two units.
    until_us
        The last time in the log.
    """

    case_ids: tuple[str, ...]
    content: NDArray[np.uint64]
    units: tuple[str, ...]
    worked: Mapping[str, Ints]
    handed: Mapping[str, Ints]
    until_us: int

    @property
    def n_cases(self) -> int:
        """Number of cases."""
        return len(self.case_ids)
