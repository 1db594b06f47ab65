"""Which rows of a table are not taken, each with its number, column and reason."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leitweg.domain.errors import SourceError
from leitweg.domain.imports import Reject
from leitweg.sources.clocks import Times
from leitweg.sources.raw import RawTable

Mask = npt.NDArray[np.bool_]


@dataclass
class Sieve:
    """Collects the faults of the rows of one table; a row is rejected for its first fault."""

    raw: RawTable
    keep: Mask = field(init=False)
    rejects: list[Reject] = field(init=False)

    def __post_init__(self) -> None:
        self.keep = np.ones(len(self.raw.rows), dtype=bool)
        self.rejects = list(self.raw.rejects)

    def reject(self, mask: Mask, column: str, reason: str) -> None:
        """Reject the rows of a mask that are still kept."""
        places = np.flatnonzero(mask & self.keep)
        if len(places) == 0:
            return
        texts = self.raw.column(column).take(pa.array(places)).cast(pa.string()).to_pylist()
        self.rejects.extend(
            Reject(int(self.raw.rows[place]), column, reason, (text or "")[:200])
            for place, text in zip(places, texts, strict=True)
        )
        self.keep[places] = False

    def reject_missing(self, column: str, what: str) -> None:
        """Reject the rows in which a column is empty."""
        self.reject(np.asarray(self.raw.column(column).is_null()), column, f"{what} is missing")

    def reject_times(self, times: Times, column: str) -> None:
        """Reject the rows whose time could not be taken."""
        for reason, mask in times.faults.items():
            self.reject(mask, column, reason)

    def finished(self) -> tuple[Reject, ...]:
        """Return all rejects in the order of the rows.

        Raises
        ------
        SourceError
            no-usable-rows where nothing is left.
        """
        if not self.keep.any():
            first = min(self.rejects, key=lambda reject: reject.row)
            where = f", column '{first.column}'" if first.column else ""
            raise SourceError(
                f"{self.raw.name}: no row can be used; row {first.row}{where}: {first.reason}. "
                "Map other columns or export it again.",
                code="no-usable-rows",
                path=self.raw.name,
                row=first.row,
                column=first.column,
            )
        return tuple(sorted(self.rejects, key=lambda reject: reject.row))


def unusable_times(file: str, times: Times, column: str) -> tuple[str, ...]:
    """Return the sentence on optional times that were left empty."""
    count = int(times.faulty.sum())
    if not count:
        return ()
    reasons = ", ".join(times.faults)
    return (f"{file}: column '{column}': {count} values were left empty ({reasons}).",)
