"""What does the router see of one case of a history? What was known, who had it, who resolved.

Nothing of a case is looked at before it is asked for: what it holds at arrival when it is asked,
its right contact when it is learnt.
"""

from collections.abc import Mapping
from copy import copy

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.routing import Coded, History, Ints, Level, Ragged
from leitweg.routing.contexts import FIRST, UNIT
from leitweg.routing.delays import delays
from leitweg.routing.history import rows_of

Int64 = NDArray[np.int64]
NEVER = int(np.iinfo(np.int64).max)


class Rows:
    """Cases of a history at one level.

    Parameters
    ----------
    history
        The cases.
    level
        Whether units or persons are the contacts.
    attributes
        Those that the router may use.
    immediate
        The right contact of a case is known as soon as it was asked for; else when it was resolved.
    """

    def __init__(
        self,
        history: History,
        level: Level,
        attributes: Mapping[str, Coded],
        *,
        immediate: bool = False,
    ) -> None:
        self.history = history
        self.attributes = dict(attributes)
        self.label = history.unit if level == "unit" else history.person
        self.path = history.unit_path if level == "unit" else history.person_path
        self._unit = history.unit if level == "person" and history.unit.labels else None
        order = np.arange(history.n_cases, dtype=np.int64)
        self.asked_at: Int64 = order if immediate else np.asarray(history.opened, np.int64)
        self.known_at: Int64 = order if immediate else np.asarray(history.closed, np.int64)
        self.resolved_at = self.known_at

    def learnt_as_of(self, until: int) -> "Rows":
        """Return the rows with contacts that become known as late as they do at a moment.

        Parameters
        ----------
        until
            The moment: what is known by then is learnt, all else never.
        """
        rows = copy(self)
        is_known = self.known_at < until
        moment = until if until < NEVER else _end(self.asked_at, self.known_at[is_known])
        rows.known_at = np.full(self.n, NEVER, np.int64)
        late = delays(moment - self.asked_at, is_known)
        rows.known_at[is_known] = self.asked_at[is_known] + late
        return rows

    @property
    def n(self) -> int:
        """Number of cases."""
        return self.history.n_cases

    @property
    def has_units(self) -> bool:
        """Persons belong to units here."""
        return self._unit is not None

    @property
    def text(self) -> Ragged | None:
        """Hashed features of all cases."""
        return self.history.text

    def has_contact(self) -> NDArray[np.bool_]:
        """Say for each case whether its right contact is known."""
        return np.asarray(self.label.codes >= 0)

    def values(self, i: int) -> dict[str, str]:
        """Return what was known of a case when it arrived."""
        found = {}
        for name, column in self.attributes.items():
            code = column.codes[i]
            if code >= 0:
                found[name] = column.labels[code]
        return found

    def text_of(self, i: int) -> Ints | None:
        """Return the hashed features of a case, None where it has no text."""
        return None if self.text is None else self.text.row(i)

    def contact(self, i: int) -> str | None:
        """Return the right contact of a case, None where it is not known."""
        code = int(self.label.codes[i])
        return self.label.labels[code] if code >= 0 else None

    def unit(self, i: int) -> str | None:
        """Return the right unit of a case, at the level of persons."""
        if self._unit is None or self._unit.codes[i] < 0:
            return None
        return self._unit.labels[int(self._unit.codes[i])]

    def first(self, i: int) -> str | None:
        """Return who had the case first."""
        path = self.path.row(i)
        return self.label.labels[int(path[0])] if path.size else None

    def others(self, i: int) -> list[str]:
        """Return who had the case without being the right contact, in order, each once."""
        right = self.label.codes[i]
        return [self.label.labels[c] for c in dict.fromkeys(self.path.row(i)) if c != right]

    def first_codes(self) -> Int64:
        """Return the code of the first holder of each case, -1 where nobody is known."""
        starts, ends = self.path.offsets[:-1], self.path.offsets[1:]
        out = np.full(self.n, -1, np.int64)
        held = np.flatnonzero(starts < ends)
        out[held] = self.path.values[starts[held]]
        return out

    def columns(self, rows: Int64) -> dict[str, Coded]:
        """Return attributes and circumstances of some cases as columns."""
        found = {name: Coded(c.codes[rows], c.labels) for name, c in self.attributes.items()}
        found[FIRST] = Coded(self.first_codes()[rows], self.label.labels)
        if self._unit is not None:
            found[UNIT] = Coded(self._unit.codes[rows], self._unit.labels)
        return found

    def handed(self, rows: Int64) -> tuple[Int64, NDArray[np.int32], tuple[str, ...]]:
        """Return who handed which of these cases on: place among them, code, names of codes."""
        path = rows_of(self.path, rows)
        place = np.repeat(np.arange(rows.size), np.diff(path.offsets))
        right = self.label.codes[rows][place]
        # each once: whoever had it twice handed one case on
        pair = place.astype(np.int64) * (len(self.label.labels) + 1) + path.values
        once = np.zeros(place.size, dtype=bool)
        once[np.unique(pair, return_index=True)[1]] = True
        kept = np.flatnonzero((path.values != right) & once)
        return place[kept], path.values[kept].astype(np.int32), self.label.labels


def _end(asked_at: Int64, known_at: Int64) -> int:
    return 1 + int(max(asked_at.max(initial=0), known_at.max(initial=0)))
