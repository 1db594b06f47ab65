"""What do the three experts say of each candidate? Counts of circumstances, words, nearest cases.

The state that learns: every closed case moves it, in steps whose number does not grow with the
cases learnt (the nearest cases grow by one). Method: docs/methods/routing.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.routing import Coded, Ints
from leitweg.routing.asking_loops import Told
from leitweg.routing.contexts import CIRCUMSTANCES, HANDED, UNIT, Encoder, Kind, stand_ins
from leitweg.routing.count_loops import NONE
from leitweg.routing.counts import MOST_CANDIDATES, WIDTH, Counts
from leitweg.routing.linear_words import LinearWords
from leitweg.routing.nearest_cases import Nearest, NearestCases

Float32 = NDArray[np.float32]
Int32 = NDArray[np.int32]

EXTRAS = ("words", "similar", "most_similar", "is_first", "unit_share")
"""Features beside those of the contexts, in this order."""
FROM_SIMILAR = 40
DEPTH_OF_ALL, DEPTH = 15, 60
PSEUDO_OF_ALL, PSEUDO = 5.0, 2.0
_NOBODY, _NOTHING = np.empty(0, np.int32), np.empty(0, np.float32)


@dataclass(frozen=True)
class Asked:
    """Candidates of one request: their codes and features, and what they rest on.

    ``contexts`` are the contexts asked, one per kind; ``similar`` the nearest closed cases.
    """

    contacts: Int32
    features: Float32
    contexts: Int32
    similar: Nearest | None


class Experts:
    """The experts of one level.

    Parameters
    ----------
    kinds
        In which contexts cases are counted; the first one holds all cases.
    contacts
        Names of the contacts; others are added as they resolve cases.
    """

    def __init__(self, kinds: Sequence[Kind], contacts: Sequence[str]) -> None:
        self.kinds = tuple(kinds)
        self.encoder = Encoder(kinds)
        depth = [DEPTH if kind.names else DEPTH_OF_ALL for kind in kinds]
        pseudo = [PSEUDO if kind.names else PSEUDO_OF_ALL for kind in kinds]
        self.counts = Counts([kind.parent for kind in kinds], stand_ins(kinds), depth, pseudo)
        self.contacts = list(contacts)
        self._place = {name: code for code, name in enumerate(contacts)}
        self.units: list[str] = []
        self.unit_codes = np.full(max(1 << 8, len(self.contacts)), NONE, np.int32)
        self._unit_place: dict[str, int] = {}
        self.words: LinearWords | None = None
        self.cases: NearestCases | None = None
        self.case_ids: list[str] = []
        self.handed = np.array([kind.needs(HANDED) for kind in kinds])
        self._plain = ~self.handed
        self.n_learnt = 0
        # all cases are a context before there is any
        self.encoder.of({}, adding=True)
        self.counts.make_room(contexts=1, contacts=0, entries=1)
        self.counts.meet(len(self.contacts))

    @property
    def n_features(self) -> int:
        """Number of features of a candidate."""
        return len(self.kinds) * WIDTH + len(EXTRAS)

    def code(self, contact: str, *, adding: bool = False) -> int:
        """Return the code of a contact, -1 where it never resolved anything and none is added."""
        code = self._place.get(contact, -1)
        if code < 0 and adding:
            code = self._place[contact] = len(self.contacts)
            self.contacts.append(contact)
            if code >= self.unit_codes.size:
                self.unit_codes = np.pad(self.unit_codes, (0, code), constant_values=NONE)
        return code

    def unit_of(self, code: int) -> str | None:
        """Return the unit in which a contact resolved last, by its code."""
        unit = self.unit_codes[code]
        return self.units[unit] if unit != NONE else None

    def unit_code(self, unit: str) -> int:
        """Return the code of a unit in `unit_codes`; a new one if need be."""
        code = self._unit_place.get(unit, NONE)
        if code == NONE:
            code = self._unit_place[unit] = len(self.units)
            self.units.append(unit)
        return code

    def place(self, code: int, unit: str) -> None:
        """Note in which unit a contact resolves."""
        self.unit_codes[code] = self.unit_code(unit)

    def ask(
        self,
        values: Mapping[str, str],
        text: Ints | None,
        *,
        first: int = NONE,
        gone: Int32 = _NOBODY,
        also: Int32 = _NOBODY,
        unit_shares: Mapping[str, float] | None = None,
        most: int = MOST_CANDIDATES,
    ) -> Asked:
        """Describe the candidates of a request.

        Parameters
        ----------
        values
            Attributes and circumstances (`FIRST`, `HANDED`) by name.
        text
            Hashed features.
        first
            Code of the contact that has the request first, -1 if nobody has.
        gone
            Codes of contacts that are not described.
        also
            Codes of contacts that are described whatever speaks for them.
        unit_shares
            Probability of each unit, where the level is the person.
        most
            How many candidates are looked at.
        """
        if unit_shares:
            values = {**values, UNIT: max(unit_shares, key=unit_shares.__getitem__)}
        contexts = self.encoder.of(values)
        words, similar = self.read(text)
        told = Told(
            _NOTHING if words is None else words,
            _NOBODY if similar is None else similar.labels,
            _NOTHING if similar is None else similar.scores,
            *self.likely_units(unit_shares),
        )
        self.counts.make_room(contexts=0, contacts=len(self.contacts), entries=0)
        contacts, features = self.counts.ask(
            contexts, told, unit_of=self.unit_codes, first=first, gone=gone, also=also, most=most
        )
        return Asked(contacts, features, contexts, similar)

    def read(self, text: Ints | None) -> tuple[Float32 | None, Nearest | None]:
        """Return what words and nearest cases say of a text; None where they say nothing."""
        if text is None or text.size == 0:
            return None, None
        words = None if self.words is None else self.words.scores(text)
        return words, None if self.cases is None else self.cases.nearest(text, FROM_SIMILAR)

    def likely_units(self, shares: Mapping[str, float] | None) -> tuple[Int32, Float32]:
        """Return the codes of units and their probabilities; of a unit nobody is known of, -1."""
        if shares is None:
            return _NOBODY, _NOTHING
        codes = [self._unit_place.get(unit, NONE) for unit in shares]
        return np.array(codes, np.int32), np.array(list(shares.values()), np.float32)

    def learn(
        self,
        values: Mapping[str, str],
        text: Ints | None,
        contact: str,
        at_us: int,
        *,
        handed_by: Sequence[str] = (),
        unit: str | None = None,
        case_id: str = "",
    ) -> None:
        """Learn one closed case; ``handed_by`` held it before the right contact did."""
        own = {**values, UNIT: unit} if unit is not None else dict(values)
        code = self.code(contact, adding=True)
        contexts = self.encoder.of(own, adding=True)
        others = [self.encoder.of({**own, HANDED: h}, adding=True) for h in handed_by]
        self._learn_counts(contexts, others, code, at_us)
        if unit is not None:
            self.place(code, unit)
        self.learn_text(text, code, case_id)
        self.n_learnt += 1

    def learn_text(self, text: Ints | None, code: int, case_id: str) -> None:
        """Learn the text of a closed case."""
        if text is None or text.size == 0:
            return
        if self.words is not None:
            self.words.learn(text, code)
        if self.cases is not None:
            self.cases.add(text, code, len(self.case_ids))
            self.case_ids.append(case_id)

    def learn_handover(self, values: Mapping[str, str], contact: str, at_us: int) -> None:
        """Learn who took a request over; ``values`` name who handed it on (`HANDED`)."""
        code = self.code(contact, adding=True)
        contexts = self.encoder.of(values, adding=True)
        self.counts.make_room(
            contexts=len(self.encoder), contacts=len(self.contacts), entries=len(self.kinds)
        )
        self.counts.learn(np.where(self.handed, contexts, -1).astype(np.int32), code, at_us)

    def learn_pseudo_case(self, values: Mapping[str, str], contact: str) -> None:
        """Count a contact for values that it answers for; no case passes."""
        code = self.code(contact, adding=True)
        contexts = self.encoder.of(values, adding=True)
        # not the context of all cases: it knows nothing of values
        contexts[0] = -1
        self._learn_counts(contexts, (), code, 0, passing=0)

    def _learn_counts(
        self,
        contexts: Int32,
        others: Sequence[Int32],
        code: int,
        at_us: int,
        *,
        passing: int = 1,
    ) -> None:
        self.counts.make_room(
            contexts=len(self.encoder),
            contacts=len(self.contacts),
            entries=len(self.kinds) * (1 + len(others)),
        )
        self.counts.learn(np.where(self._plain, contexts, -1).astype(np.int32), code, at_us)
        for other in others:
            self.counts.learn(np.where(self.handed, other, -1).astype(np.int32), code, at_us)
        self.counts.tick(passing)

    def learn_many(
        self,
        columns: Mapping[str, Coded],
        contact: Int32,
        at_us: NDArray[np.int64],
        handed: tuple[NDArray[np.int64], Int32, tuple[str, ...]],
    ) -> None:
        """Learn the circumstances of many closed cases at once, oldest first; no texts.

        ``columns`` are attributes and circumstances over the cases; ``contact`` codes of
        `contacts`; ``handed`` rows, codes and names of those who handed cases on.
        """
        n = contact.size
        contexts, later, row = self.contexts_of(columns, contact, handed)
        clock = self.counts.clock + np.arange(n)
        self.counts.learn_many(contexts, contact, clock, at_us)
        self.counts.learn_many(later, contact[row], clock[row], at_us[row])
        self.counts.tick(n)
        self.n_learnt += n

    def contexts_of(
        self,
        columns: Mapping[str, Coded],
        contact: Int32,
        handed: tuple[NDArray[np.int64], Int32, tuple[str, ...]],
    ) -> tuple[Int32, Int32, NDArray[np.int64]]:
        """Return the contexts of closed cases, and make room to learn them; see `learn_many`.

        Returns
        -------
        contexts
            One row per case.
        handed
            One row per contact that handed a case on, the kinds of handing on alone.
        row
            The case of each of those rows, ascending.
        """
        row, by, names = handed
        contexts = self.encoder.of_columns(
            {name: column for name, column in columns.items() if name != HANDED}, contact.size
        )
        later = self.encoder.of_columns(
            {
                **{name: Coded(c.codes[row], c.labels) for name, c in columns.items()},
                HANDED: Coded(by, names),
            },
            row.size,
        )
        later[:, self._plain] = NONE
        self.counts.make_room(
            contexts=len(self.encoder),
            contacts=len(self.contacts),
            entries=0,
        )
        return contexts, later, row


def prior_of(kinds: Sequence[Kind]) -> NDArray[np.float64]:
    """Return the weight of each feature without data: trust shares in the narrowest context.

    The words count fully, the nearest cases a little: with few cases they say the same with more
    noise (chosen on tickets with 5 and 15 cases per department).
    """
    prior = np.zeros(len(kinds) * WIDTH + len(EXTRAS))
    plain = [k for k, kind in enumerate(kinds) if not set(kind.names) & set(CIRCUMSTANCES)]
    # of equally narrow ones the first, which tells most
    chain = max(plain, key=lambda k: (len(kinds[k].names), -k))
    prior[chain * WIDTH + 1] = 1.0
    split = len(kinds) * WIDTH
    prior[split : split + 2] = 1.0, 0.1
    prior[split + 4] = 1.0
    return prior
