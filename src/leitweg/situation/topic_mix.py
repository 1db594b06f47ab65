"""Are both sides about the same things? Topics on each side, and weights that make them equal.

Direct standardisation: every topic gets on both sides the weight it has in both together.
Method: docs/methods/comparison.md.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.domain.comparison import Mix, TopicShare
from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.tails import normal_tail

# a mix that moved by less is the same for all that anybody would do about it
LEAST_MOVED = 0.05
CHANCE = 0.01


@dataclass(frozen=True)
class CommonTopics:
    """Topics with enough cases on both sides, their weights, and their share of all cases.

    ``codes`` are topic codes of the log in ascending order. ``why`` says why there are none.
    """

    codes: Ints
    weights: Floats
    share: float | None
    why: str | None = None

    def place_of(self, topic: Ints) -> Ints:
        """Position of each topic among these, -1 for others."""
        if self.codes.size == 0:
            return np.full(topic.size, -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.codes, topic), self.codes.size - 1)
        return np.where(self.codes[at] == topic, at, -1)


def common_topics(first: Basis, second: Basis, *, by_topic: bool = False) -> CommonTopics:
    """Topics that both sides have enough cases of, weighted by the cases of both together."""
    why = _no_mix(first, by_topic)
    nothing = np.zeros(0, dtype=np.int64)
    if why:
        return CommonTopics(nothing, np.zeros(0), None, why)
    one, two = _cases_per_topic(first), _cases_per_topic(second)
    codes = np.flatnonzero(np.minimum(one, two) >= first.constants.min_pool)
    both = (one + two)[codes].astype(np.float64)
    if codes.size == 0:
        return CommonTopics(nothing, np.zeros(0), 0.0, "no-common-topic")
    whole = float(first.in_period.sum() + second.in_period.sum())
    return CommonTopics(codes, both / both.sum(), float(both.sum()) / whole)


def _no_mix(basis: Basis, by_topic: bool) -> str | None:
    if by_topic:
        return "parts-by-topic"
    return None if len(basis.log.topics) else "no-topic"


def _cases_per_topic(basis: Basis) -> Ints:
    topic = basis.log.topic[basis.in_period]
    return np.bincount(topic[topic >= 0], minlength=len(basis.log.topics))


def mix_of(first: Basis, second: Basis, topics: CommonTopics) -> Mix:
    """Compare the topics of both sides, the most frequent first."""
    if topics.why and topics.why != "no-common-topic":
        return Mix(None, False, None, why=topics.why)
    one, two = _cases_per_topic(first), _cases_per_topic(second)
    if not one.sum() or not two.sum():
        return Mix(None, False, None, why="no-common-topic")
    moved = float(np.abs(one / one.sum() - two / two.sum()).sum()) / 2
    differs = moved >= LEAST_MOVED and homogeneity_p(one, two) < CHANCE
    names = first.log.topics
    order = sorted(np.flatnonzero(one + two).tolist(), key=lambda t: (-(one[t] + two[t]), names[t]))
    people = [_people_per_topic(first), _people_per_topic(second)]
    rows = tuple(
        TopicShare(names[t], int(one[t]), int(two[t]), _at(people[0], t), _at(people[1], t))
        for t in order
    )
    return Mix(moved, differs, topics.share, rows, topics.why)


def _at(counts: Ints | None, topic: int) -> int | None:
    return None if counts is None else int(counts[topic])


def homogeneity_p(one: Ints, two: Ints) -> float:
    """Probability of such a chi-square distance where both sides had one mix.

    The tail is that of the cube root (Wilson & Hilferty 1931), close where it is small.

    >>> homogeneity_p(np.array([50, 50]), np.array([80, 20])) < 0.001
    True
    """
    seen = (one + two) > 0
    table = np.array([one[seen], two[seen]], dtype=np.float64)
    freedom = table.shape[1] - 1
    if freedom < 1:
        return 1.0
    usual = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    distance = float(((table - usual) ** 2 / usual).sum())
    shrunk = 2 / (9 * freedom)
    z = ((distance / freedom) ** (1 / 3) - (1 - shrunk)) / np.sqrt(shrunk)
    return float(normal_tail(np.array([z]))[0])


def _people_per_topic(basis: Basis) -> Ints | None:
    """Count distinct people, machines left out, at work on the cases of each topic."""
    log = basis.log
    if not len(log.persons):
        return None
    case = np.repeat(np.arange(log.n_cases), np.diff(log.offsets))
    topic = log.topic[case].astype(np.int64)
    seen: Flags = basis.in_period[case] & (topic >= 0) & (log.person >= 0)
    seen &= ~log.machine[np.maximum(log.person, 0)]
    pairs = np.unique(topic[seen] * len(log.persons) + log.person[seen])
    return np.bincount(pairs // len(log.persons), minlength=len(log.topics))
