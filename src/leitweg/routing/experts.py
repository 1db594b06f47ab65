"""What do the three experts say of each candidate? Counts of circumstances, words, nearest cases.

The state that learns: every closed case moves it, in steps whose number does not grow with the
cases learnt (the nearest cases grow by one). Method: docs/methods/routing.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.routing import Coded, Ints
from leitweg.routing.contexts import CIRCUMSTANCES, HANDED, UNIT, Encoder, Kind, stand_ins
from leitweg.routing.count_loops import CONTACT_BITS
from leitweg.routing.counts import MOST_CANDIDATES, WIDTH, Counts
from leitweg.routing.linear_words import LinearWords
from leitweg.routing.nearest_cases import Nearest, NearestCases

Float32 = NDArray[np.float32]
Int32 = NDArray[np.int32]

EXTRAS = ("words", "similar", "most_similar", "is_first", "unit_share")
"""Features beside those of the contexts, in this order."""
FROM_WORDS = 20
FROM_SIMILAR = 40
DEPTH_OF_ALL, DEPTH = 15, 60
PSEUDO_OF_ALL, PSEUDO = 5.0, 2.0
LEAST_SHARE = 0.01


@dataclass(frozen=True)
class Asked:
    """Candidates of one request: their codes and features, and what they rest on.

    ``contexts`` are the contexts asked, one per kind; ``similar`` the nearest closed cases.
    """

    contacts: Int32
    features: Float32
    contexts: Int32
    similar: Nearest | None

    def without(self, gone: Int32) -> "Asked":
        """Return the same without some contacts."""
        kept = ~np.isin(self.contacts, gone)
        return Asked(self.contacts[kept], self.features[kept], self.contexts, self.similar)


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
        self.unit_of: list[str | None] = [None] * len(self.contacts)
        self.words: LinearWords | None = None
        self.cases: NearestCases | None = None
        self.case_ids: list[str] = []
        self.handed = np.array([kind.needs(HANDED) for kind in kinds])
        self._plain = ~self.handed
        self.n_learnt = 0
        # all cases are a context before there is any
        self.encoder.of({}, adding=True)
        self.counts.make_room(contexts=1, contacts=len(self.contacts), entries=1)

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
            self.unit_of.append(None)
        return code

    def ask(
        self,
        values: Mapping[str, str],
        text: Ints | None,
        *,
        first: int = -1,
        also: Int32 | None = None,
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
        return self.asked(
            contexts, text, first=first, also=also, unit_shares=unit_shares, most=most
        )

    def asked(
        self,
        contexts: Int32,
        text: Ints | None,
        *,
        first: int = -1,
        also: Int32 | None = None,
        unit_shares: Mapping[str, float] | None = None,
        most: int = MOST_CANDIDATES,
    ) -> Asked:
        """Describe the candidates of a request whose contexts are numbered already."""
        scores = self._word_scores(text)
        similar = None
        if self.cases is not None and text is not None and text.size:
            similar = self.cases.nearest(text, FROM_SIMILAR)
        contacts = self.counts.candidates(contexts, self._given(first, scores, similar), most)
        if also is not None:
            contacts = np.concatenate([contacts, also[~np.isin(also, contacts)]])
        features = np.zeros((contacts.size, self.n_features), np.float32)
        split = len(self.kinds) * WIDTH
        features[:, :split] = self.counts.describe(contexts, contacts)
        extras = features[:, split:]
        if scores is not None:
            extras[:, 0] = _picked(scores, contacts, float(scores.min(initial=0.0)))
        if similar is not None:
            extras[:, 1], extras[:, 2] = self._votes(similar, contacts)
        extras[:, 3] = contacts == first
        if unit_shares is not None:
            extras[:, 4] = [
                np.log(LEAST_SHARE + unit_shares.get(self.unit_of[c] or "", 0.0)) for c in contacts
            ]
        return Asked(contacts, features, contexts, similar)

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
            self.unit_of[code] = unit
        if text is not None and text.size:
            if self.words is not None:
                self.words.learn(text, code)
            if self.cases is not None:
                self.cases.add(text, code, len(self.case_ids))
                self.case_ids.append(case_id)
        self.n_learnt += 1

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
        row, by, names = handed
        contexts = self.encoder.of_columns(
            {name: column for name, column in columns.items() if name != HANDED}, n
        )
        later = self.encoder.of_columns(
            {
                **{name: Coded(c.codes[row], c.labels) for name, c in columns.items()},
                HANDED: Coded(by, names),
            },
            row.size,
        )
        later[:, self._plain] = -1
        self.counts.make_room(
            contexts=len(self.encoder),
            contacts=len(self.contacts),
            entries=_n_pairs(contexts, contact) + _n_pairs(later, contact[row]),
        )
        clock = self.counts.clock + np.arange(n)
        self.counts.learn_many(contexts, contact, clock, at_us)
        self.counts.learn_many(later, contact[row], clock[row], at_us[row])
        self.counts.tick(n)
        self.n_learnt += n

    def _word_scores(self, text: Ints | None) -> Float32 | None:
        if self.words is None or text is None or text.size == 0:
            return None
        return self.words.scores(text)

    def _given(
        self,
        first: int,
        scores: Float32 | None,
        similar: Nearest | None,
    ) -> Int32:
        parts = [np.array([first] if first >= 0 else [], np.int32)]
        if scores is None and similar is None:
            return parts[0]
        if scores is not None:
            n = min(FROM_WORDS, scores.size)
            parts.append(np.argpartition(-scores, n - 1)[:n].astype(np.int32))
        if similar is not None:
            parts.append(similar.labels)
        together = np.concatenate(parts)
        _, place = np.unique(together, return_index=True)
        return together[np.sort(place)]

    def _votes(self, similar: Nearest, contacts: Int32) -> tuple[Float32, Float32]:
        """Log share of the nearest cases (by score) that each contact resolved; its best score."""
        votes = np.zeros(len(self.contacts) + 1, np.float32)
        best = np.zeros(len(self.contacts) + 1, np.float32)
        np.add.at(votes, similar.labels, similar.scores)
        np.maximum.at(best, similar.labels, similar.scores)
        total = max(float(votes.sum()), 1e-9)
        return (
            np.log(LEAST_SHARE + votes[contacts] / total),
            best[contacts] / max(float(best.max()), 1e-9),
        )


def _picked(scores: Float32, contacts: Int32, otherwise: float) -> Float32:
    """Return the scores of contacts; those that the classifier has never seen get the least."""
    known = contacts < scores.size
    return np.where(known, scores[np.where(known, contacts, 0)], np.float32(otherwise))


def _n_pairs(contexts: Int32, contact: Int32) -> int:
    keys = (contexts.astype(np.int64) << CONTACT_BITS) + contact[:, None]
    return int(np.unique(keys[contexts >= 0]).size)


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
