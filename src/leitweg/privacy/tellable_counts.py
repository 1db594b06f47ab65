"""May the number of cases that a unit resolved be told? Where no few people resolved them.

A unit of many people may hold a topic that one of them handles alone: what is told of the unit and
that topic would be told of that person. So the people behind the very cases of a sentence are
counted, and nobody may stand out among them. Method: docs/methods/routing-answers.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.routing import Coded, History
from leitweg.domain.situation import Bearers
from leitweg.privacy.dominance import dominated
from leitweg.privacy.eras import n_eras
from leitweg.privacy.threshold import K

Flags = NDArray[np.bool_]
Place = tuple[str, tuple[tuple[str, str], ...]]


@dataclass
class TellableCounts:
    """Answers for the cases of one history; each answer is worked out once.

    Parameters
    ----------
    history
        Cases with who resolved them, both levels.
    k
        People who must have resolved the cases.
    """

    history: History
    k: int = K
    _known: dict[Place, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Ask for more ids where retention left several of one person."""
        self._least = self.k * n_eras(self.history.person.labels)

    def tells(self, unit: str, values: Mapping[str, str]) -> bool:
        """Whether counts about the cases of a unit with these values may leave."""
        place = (unit, tuple(sorted(values.items())))
        if place not in self._known:
            self._known[place] = self._told(unit, values)
        return self._known[place]

    def _told(self, unit: str, values: Mapping[str, str]) -> bool:
        chosen = _is(self.history.unit, unit)
        for name, value in values.items():
            column = self.history.attributes.get(name)
            if column is None:
                return False
            chosen &= _is(column, value)
        people = self.history.person.codes[chosen]
        counts = np.sort(np.bincount(people[people >= 0], minlength=2))[::-1]
        if np.count_nonzero(counts) < self._least:
            return False
        return not dominated([Bearers(float(counts.sum()), float(counts[0]), float(counts[1]))])


def _is(column: Coded, label: str) -> Flags:
    if label not in column.labels:
        return np.zeros(column.codes.size, bool)
    return np.asarray(column.codes == column.labels.index(label))
