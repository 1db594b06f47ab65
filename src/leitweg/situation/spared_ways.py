"""Which detours of the last quarter would the router have spared, and what would that save?

Every handover at which a way begins is asked again of a router that knows what was known then.
What it answers comes from outside (`Guide`): this room knows no router.
Method: docs/methods/misrouting.md.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from leitweg.domain.findings import Estimate
from leitweg.domain.situation import Period
from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import estimate, resampled_sums, wider
from leitweg.situation.candidate import Candidate
from leitweg.situation.constants import DAY_US, MONTH_US
from leitweg.situation.ways import Ways

QUARTER_US = 91 * DAY_US
QUARTER_SHARE = 4
"""Of a period that is shorter than four quarters its last fourth is replayed."""
MOST_ASKED = 5_000
"""Of more handovers every second one is asked, or every third."""
PSEUDO_WAYS = 10
NOBODY, NOT_ASKED = -1, -2


@dataclass(frozen=True)
class Handover:
    """A case leaves a unit, at a time; ``tried`` are the units that had it so far, in order."""

    case: int
    at_us: int
    tried: tuple[int, ...]


@dataclass(frozen=True)
class Guide:
    """A router that learnt until the quarter and learns on with every closing.

    Attributes
    ----------
    suggested
        Unit that it would have suggested at each handover, -1 where it leaves it to a human.
    known
        What was known of the cases of the log when they arrived: codes by attribute, -1 unknown.
    """

    suggested: Callable[[Sequence[Handover]], Ints]
    known: Mapping[str, Ints]


Guides = Callable[[int], Guide | None]
"""Guide of a quarter by its start; None where there is nothing to learn from."""


@dataclass(frozen=True)
class Strayed:
    """A misrouting with its ways.

    ``via`` lead through the unit between, ``direct`` to the same units without it.
    """

    candidate: Candidate
    via: Ints
    direct: Ints


def quarter_start(period: Period) -> int | None:
    """Return where the last quarter of a period begins; None without a clock.

    >>> quarter_start(Period(0, 100 * DAY_US, 100 / 30.4375, "")) == 75 * DAY_US
    True
    """
    if period.start_us is None or period.end_us is None or not period.months:
        return None
    return period.end_us - min(QUARTER_US, (period.end_us - period.start_us) // QUARTER_SHARE)


def with_spared_ways(
    basis: Basis, ways: Ways, strayed: Sequence[Strayed], guides: Guides
) -> list[Candidate]:
    """Add to misroutings what the router would have saved, where enough cases can say it."""
    found = [s.candidate for s in strayed]
    start = quarter_start(basis.period) if basis.level == "unit" else None
    if start is None:
        return found
    later = _left_us(basis, ways) >= start
    enough = [s for s in strayed if later[s.via].sum() >= basis.constants.min_affected]
    guide = guides(start) if enough else None
    if guide is None:
        return found
    others = [_others(ways, s) for s in enough]
    every = np.unique(np.concatenate([*(s.via for s in enough), *others]))
    rows = every[later[every]]
    step = math.ceil(rows.size / MOST_ASKED)
    answers = np.full(ways.case.size, NOT_ASKED, dtype=np.int64)
    answers[rows[::step]] = guide.suggested(_handovers(basis, ways, rows[::step]))
    replay = _Replay(basis, ways, guide, answers, step / ((_end(basis) - start) / MONTH_US))
    return [replay.with_facts(s) for s in strayed]


def _others(ways: Ways, strayed: Strayed) -> Ints:
    """Every other handover of the same sender in the same topic, wherever it leads."""
    one = strayed.via[0]
    same = (ways.via < 0) & (ways.a == ways.a[one]) & (ways.topic == ways.topic[one])
    # a way through the unit between begins with one to it
    same &= ~np.isin(ways.next_stay, ways.via_stay[strayed.via])
    return np.flatnonzero(same)


def _end(basis: Basis) -> int:
    return basis.period.end_us or 0


def _left_us(basis: Basis, ways: Ways) -> Ints:
    """When the case left the sender, by the real clock."""
    return np.asarray(basis.walk.entered_us[basis.stays.walked[ways.next_stay]])


def _handovers(basis: Basis, ways: Ways, rows: Ints) -> list[Handover]:
    stays = basis.stays
    cases, at, last = ways.case[rows], _left_us(basis, ways)[rows], ways.start_stay[rows]
    first = np.searchsorted(stays.case, cases)
    return [
        Handover(int(c), int(t), tuple(dict.fromkeys(stays.unit[f : e + 1].tolist())))
        for c, t, f, e in zip(cases, at, first, last, strict=True)
    ]


@dataclass(frozen=True)
class _Replay:
    """The answers at the handovers of the quarter; ``rate`` turns their hours into a month's."""

    basis: Basis
    ways: Ways
    guide: Guide
    answers: Ints
    rate: float

    def with_facts(self, strayed: Strayed) -> Candidate:
        """Return the misrouting with what the router would have saved."""
        candidate, ways = strayed.candidate, self.ways
        asked = strayed.via[self.answers[strayed.via] > NOT_ASKED]
        if asked.size < self.basis.constants.min_affected:
            return candidate
        spared = asked[self._is_spared(strayed, asked)]
        others = _others(ways, strayed)
        others = others[self.answers[others] > NOT_ASKED]
        astray = others[self._is_astray(others)]
        saved = self._saved(strayed, asked, spared, astray)
        if saved is None:
            return candidate
        facts = {
            "router_saved_hours_per_month": {
                "value": saved.value,
                "low": saved.low,
                "high": saved.high,
            },
            "router_spared_share": spared.size / asked.size,
            "router_astray_share": astray.size / others.size if others.size else 0.0,
            "router_cases": int(np.unique(ways.case[asked]).size),
        }
        rest = np.setdiff1d(strayed.via, asked)
        behind = min(self._people(part) for part in (asked, spared, rest) if part.size)
        return replace(
            candidate,
            evidence={**candidate.evidence, **facts},
            fact_people={**candidate.fact_people, **dict.fromkeys(facts, behind)},
        )

    def _is_spared(self, strayed: Strayed, asked: Ints) -> Flags:
        """Whether the first choice was finally right, and the unit between no step of the case."""
        answer = self.answers[asked]
        right = self.basis.walk.right_holder[self.ways.case[asked]]
        hit = (answer == right) & (answer >= 0) & (answer != strayed.candidate.unit)
        return np.asarray(hit & ~self._is_step(strayed)[np.isin(strayed.via, asked)])

    def _is_step(self, strayed: Strayed) -> Flags:
        """Say of each way through: do nearly all cases of which the same is known go through?"""
        constants, case = self.basis.constants, self.ways.case
        found = np.zeros(strayed.via.size, dtype=bool)
        for codes in self.guide.known.values():
            # unknown values come first: they are compared with each other
            via, direct = codes[case[strayed.via]] + 1, codes[case[strayed.direct]] + 1
            k = np.bincount(via, minlength=int(codes.max(initial=-1)) + 2)
            n = k + np.bincount(direct, minlength=k.size)
            is_step = (n >= constants.min_pool) & (k > constants.step_share * n)
            found |= is_step[via]
        return found

    def _is_astray(self, others: Ints) -> Flags:
        """Whether a way would have led to a unit where it did not lead, and that was not right."""
        answer = self.answers[others]
        right = self.basis.walk.right_holder[self.ways.case[others]]
        return np.asarray((answer >= 0) & (answer != right) & (answer != self.ways.to[others]))

    def _saved(self, strayed: Strayed, asked: Ints, spared: Ints, astray: Ints) -> Estimate | None:
        """Hours per month of spared detours beyond direct ways, less those of cases sent astray."""
        ways, evidence = self.ways, strayed.candidate.evidence
        parts = (strayed.direct, asked, spared, astray)
        rows = np.concatenate(parts)
        which = np.repeat(np.arange(len(parts)), [part.size for part in parts])
        counted = (which[:, None] == np.arange(len(parts))).astype(np.float64)
        values = np.column_stack([counted, counted[:, :3] * ways.hours[rows][:, None]])
        ends, place = np.unique(ways.to[rows], return_inverse=True)
        # as in the price: what goes astray everywhere is none of this place
        usual, share = float(str(evidence["usual_share"])), float(str(evidence["share"]))
        rate = self.rate * max(0.0, 1 - usual / share)
        drawn = []
        for group in (ways.case, ways.day):
            sums = resampled_sums(
                group[rows],
                place.reshape(-1),
                values,
                ends.size,
                seed=self.basis.seed,
                replicates=self.basis.constants.replicates,
            )
            drawn.append(estimate(rate * _net_hours(sums)))
        return wider(*drawn)

    def _people(self, rows: Ints) -> int:
        """People who worked on some ways through, at the sender or at the unit between."""
        ways = self.ways
        return min(self._workers(ways.start_stay[rows]), self._workers(ways.via_stay[rows]))

    def _workers(self, at: Ints) -> int:
        stays, machine = self.basis.stays, self.basis.log.machine
        persons = np.union1d(stays.first_worker[at], stays.last_worker[at])
        persons = persons[persons >= 0]
        return int((~machine[persons]).sum()) if persons.size else 0


def _net_hours(sums: Floats) -> Floats:
    """Hours saved in each replicate; direct means are shrunk as in the price."""
    n, k, spared, astray, straight, around, spared_hours = np.moveaxis(sums, 2, 0)
    pooled = straight.sum(axis=1) / np.maximum(n.sum(axis=1), 1e-12)
    direct = (straight + PSEUDO_WAYS * pooled[:, None]) / (n + PSEUDO_WAYS)
    detour = (around - k * direct).sum(axis=1) / np.maximum(k.sum(axis=1), 1e-12)
    saved = (spared_hours - spared * direct).sum(axis=1)
    return np.asarray(saved - astray.sum(axis=1) * np.maximum(detour, 0.0))
