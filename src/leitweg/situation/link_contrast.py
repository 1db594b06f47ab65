"""How does a link stand against the other receipts of its receiver?

Shared by slow_link and smooth_link. Method: docs/methods/slow-links.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from leitweg.domain.findings import Estimate
from leitweg.situation.arrays import Flags, Floats, Ints, groups_of
from leitweg.situation.backlog import cleared_backlog
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import estimate, standard_normals
from leitweg.situation.bottleneck import UnitLevels, unit_levels
from leitweg.situation.candidate import (
    Candidate,
    busiest_day,
    decided,
    stability,
    support,
    without_longest,
)
from leitweg.situation.cells import (
    Cells,
    Levels,
    grouped_level,
    spread_between,
    weighted_median,
)
from leitweg.situation.tails import normal_tail, passed


@dataclass(frozen=True)
class Place:
    """Some cells of one link that are judged together: the whole link, or one topic of it.

    ``references`` are the cells of the same receiver it is held against; ``excess`` is its level
    less the reference, ``error`` the standard error of that.
    """

    members: Ints
    references: Ints
    count: float
    excess: float
    error: float


@dataclass(frozen=True)
class Contrasts:
    """How each link stands against the other receipts of its receiver."""

    cells: Cells
    company: UnitLevels
    levels: Levels
    bottlenecks: frozenset[int]
    tau_link: float
    margin: float
    conspicuous: Flags
    of_receiver: Mapping[int, Ints]

    def reference(self, levels: Levels, place: Place, receiver: int) -> Floats:
        """Level expected at this receiver from its other receipts, per replicate.

        Shrunk towards the company by how much ordinary units differ, unless the receiver is a
        bottleneck: then its own level is the reference.
        """
        if place.references.size == 0:
            return np.zeros(levels.level.shape[0])
        level = grouped_level(levels, place.references)
        if receiver in self.bottlenecks:
            return level
        return np.asarray(level * self._shrinkage(place.references))

    def _shrinkage(self, references: Ints) -> float:
        count = self.cells.counts[references].sum()
        links = np.unique(self.cells.from_unit[references]).size
        noise = self.cells.variance / max(count, 1.0) + self.tau_link**2 / max(links, 1)
        between = self.company.tau**2
        return float(between / (between + noise)) if between > 0 else 0.0

    def reference_variance(self, references: Ints, receiver: int) -> float:
        """Variance of the reference: of its own cells, and of what shrinking leaves open."""
        if references.size == 0:
            return self.company.tau**2
        count = self.cells.counts[references].sum()
        links = np.unique(self.cells.from_unit[references]).size
        noise = self.cells.variance / max(count, 1.0) + self.tau_link**2 / max(links, 1)
        if receiver in self.bottlenecks:
            return float(noise)
        between = self.company.tau**2
        return float(noise * between / (between + noise)) if between > 0 else 0.0

    def reference_error(self, place: Place, receiver: int) -> float:
        """Return the standard deviation of ordinary links into this receiver."""
        return float(
            np.sqrt(self.tau_link**2 + self.reference_variance(place.references, receiver))
        )

    def place(self, members: Ints) -> Place:
        """Judge some cells of one link against the receiver's other cells."""
        cells = self.cells
        receiver = int(cells.to_unit[members[0]])
        others = self._ordinary(members, receiver)
        count = float(cells.counts[members].sum())
        draft = Place(members, others, count, 0.0, 0.0)
        reference = self.reference(self.levels, draft, receiver)[0]
        excess = float(grouped_level(self.levels, members)[0] - reference)
        variance = cells.variance / max(count, 1.0) + self.reference_variance(others, receiver)
        return Place(members, others, count, excess, float(np.sqrt(variance)))

    def _ordinary(self, members: Ints, receiver: int) -> Ints:
        """Other cells of the receiver without those that are themselves conspicuous."""
        cells = self.cells
        others = self.of_receiver[receiver]
        others = others[~self.conspicuous[others] & ~np.isin(others, members)]
        if others.size == 0:
            return others
        level = self.levels.level[:1, others]
        middle = float(weighted_median(level, cells.counts[None, others])[0])
        error = np.sqrt(cells.variance / np.maximum(cells.counts[others], 1))
        return np.asarray(others[np.abs(level[0] - middle) <= np.log(self.margin) + 1.64 * error])


def link_contrasts(
    cells: Cells, bottlenecks: frozenset[int], margin: float, conspicuous: Ints
) -> Contrasts:
    """Prepare the comparison of links within receivers.

    ``conspicuous`` are cells that a finding already names: they are no reference.
    """
    levels = cells.by_case.sample
    company = unit_levels(cells)
    residual, noise = [], []
    for _, members in links_of(cells):
        receiver = cells.to_unit[members[0]]
        count = cells.counts[members].sum()
        if count >= 20:
            at = np.flatnonzero(company.units == receiver)[0]
            residual.append(grouped_level(levels, members) - company.level[at])
            noise.append(cells.variance / count)
    tau = spread_between(np.array(residual), np.array(noise))
    flagged = np.zeros(len(cells), dtype=bool)
    flagged[conspicuous] = True
    receivers = {unit: members for (unit,), members in groups_of(cells.to_unit)}
    return Contrasts(cells, company, levels, bottlenecks, tau, margin, flagged, receivers)


def links_of(cells: Cells) -> list[tuple[tuple[int, int], Ints]]:
    """Cells of each link, in the order of (from, to)."""
    return [((a, b), members) for (a, b), members in groups_of(cells.from_unit, cells.to_unit)]


def judged_links(basis: Basis, contrasts: Contrasts, *, sign: float) -> list[list[Place]]:
    """Places per link that are slow (``sign`` 1) or smooth (-1) beyond the margin.

    A link that is so in nearly all its topics is one place; otherwise its topics are, each on its
    own. Links in the order of (from, to).
    """
    cells = contrasts.cells
    least = basis.constants.min_pool
    links = [link for link in links_of(cells) if cells.counts[link[1]].sum() >= least]
    whole = _beyond(basis, [contrasts.place(members) for _, members in links], sign)
    alone = np.flatnonzero((cells.topic >= 0) & (cells.counts >= least))
    topics = _beyond(basis, [contrasts.place(np.array([c])) for c in alone], sign)
    first = {int(p.members[0]): p for p in whole}
    single = {int(p.members[0]): p for p in topics}
    judged = []
    for _, members in links:
        all_of_it = [first[int(members[0])]] if int(members[0]) in first else []
        parts = [single[int(m)] for m in members if int(m) in single]
        throughout = bool(all_of_it) and _throughout(basis, contrasts, all_of_it[0], sign)
        judged.append(all_of_it if throughout or not parts else parts)
    return [places for places in judged if places]


def _beyond(basis: Basis, places: list[Place], sign: float) -> list[Place]:
    """Places whose excess passes the test against the margin; without a contrast there is none."""
    constants = basis.constants
    margin = np.log(constants.margin)
    tested = [
        p
        for p in places
        if p.count >= constants.min_pool and p.references.size and np.isfinite(p.error)
    ]
    p_values = np.array([normal_tail((sign * p.excess - margin) / p.error) for p in tested])
    hit = passed(p_values, constants.false_discovery_rate)
    return [p for p, h in zip(tested, hit, strict=True) if h and sign * p.excess > margin]


def _throughout(basis: Basis, contrasts: Contrasts, place: Place, sign: float) -> bool:
    """Whether topics that are slow (smooth) themselves hold nearly all handovers of the link."""
    counts = contrasts.cells.counts[place.members]
    receiver = int(contrasts.cells.to_unit[place.members[0]])
    reference = contrasts.reference(contrasts.levels, place, receiver)[0]
    excess = sign * (contrasts.levels.level[0, place.members] - reference)
    slow = excess > sign * place.excess / 2
    return bool(counts[slow].sum() >= basis.constants.every_share * counts.sum())


def link_prices(
    basis: Basis, contrasts: Contrasts, places: list[Place], sign: float
) -> tuple[Estimate | None, Estimate | None]:
    """Hours per month that the places cost (``sign`` 1) or save (-1) against their reference.

    With cases and with days resampled. The reference is drawn anew in each replicate: it is not
    observed at the place itself.
    """
    cells = contrasts.cells
    a, b = int(cells.from_unit[places[0].members[0]]), int(cells.to_unit[places[0].members[0]])
    draws = standard_normals(basis.seed + 211 + a * 7919 + b, basis.constants.replicates)
    drawn = []
    for levels in (cells.by_case, cells.by_day):
        hours = np.zeros(levels.count.shape[0])
        for place in places:
            unknown = contrasts.reference_error(place, b)
            hours += _saved(contrasts, levels, place, b, draws * unknown, sign)
        drawn.append(estimate(basis.per_month(1.0) * hours))
    return drawn[0], drawn[1]


def _saved(
    contrasts: Contrasts, levels: Levels, place: Place, receiver: int, shift: Floats, sign: float
) -> Floats:
    """Hours that a slow place costs, or a smooth one saves, per replicate.

    What a slow place would wait is a share of what it waits. What a smooth one would wait is the
    mean of its references: their waits are seen, no short wait has to be blown up.
    """
    waited = levels.hours[:, place.members].sum(axis=1)
    reference = contrasts.reference(levels, place, receiver)
    if sign > 0:
        excess = grouped_level(levels, place.members) - reference - shift
        return np.asarray(waited * (1 - np.exp(-excess)))
    count = levels.handovers[:, place.references].sum(axis=1)
    mean = levels.hours[:, place.references].sum(axis=1) / np.maximum(count, 1e-12)
    # the reference may have been shrunk towards the company
    mean *= np.exp(reference - grouped_level(levels, place.references) + shift)
    return np.asarray(levels.handovers[:, place.members].sum(axis=1) * mean - waited)


def _lay_at_sender(basis: Basis, rows: Ints, hours: Floats) -> dict[str, float]:
    """Share of the hours before a receiver that took the case without its being queued there.

    In a log that knows queues, such a case lay with the sender until somebody fetched it.
    """
    if not basis.log.has_queue or hours.sum() <= 0:
        return {}
    fetched = ~basis.company_walk.queued_first[basis.stays.walked[rows]]
    return {"lay_at_sender_share": float(hours[fetched].sum() / hours.sum())}


def link_candidate(
    basis: Basis, contrasts: Contrasts, places: list[Place], *, kind: str
) -> Candidate | None:
    """Price a slow or smooth link and put its evidence together; None if it may cost nothing."""
    cells, constants = contrasts.cells, basis.constants
    sign = 1.0 if kind == "slow_link" else -1.0
    members = np.concatenate([p.members for p in places])
    share_of_cell = np.zeros(len(cells))
    for place in places:
        share_of_cell[place.members] = 1 - np.exp(-place.excess)
    here = np.isin(cells.cell, members)
    rows, hours, share = cells.rows[here], cells.wait_hours[here], share_of_cell[cells.cell[here]]
    day, day_share = busiest_day(basis, rows, hours * np.abs(share))
    backlog = cleared_backlog(basis, rows, hours) if kind == "slow_link" else None
    if backlog is not None:
        share = backlog.saved
        price = decided(backlog.by_case, backlog.by_day, backlog=True)
    else:
        price = decided(*link_prices(basis, contrasts, places, sign), backlog=False)
    if price is None:
        return None
    margin = np.log(constants.margin)
    probability = np.mean([1 - normal_tail((sign * p.excess - margin) / p.error) for p in places])
    excess = float(np.average([p.excess for p in places], weights=[p.count for p in places]))
    centred = cells.log_wait[here] - cells.log_wait[here].mean() + excess
    sender, receiver = int(cells.from_unit[members[0]]), int(cells.to_unit[members[0]])
    of_link = (cells.from_unit == sender) & (cells.to_unit == receiver)
    whole = members.size == int(of_link.sum())
    return Candidate(
        kind,
        -1,
        sender,
        receiver,
        () if whole else tuple(int(t) for t in cells.topic[members] if t >= 0),
        price,
        rows,
        share,
        np.zeros(rows.size),
        float(probability) * stability(basis, rows, sign * centred) * support(basis, rows.size),
        int(rows.size),
        {
            "factor": float(np.exp(excess)),
            "waiting_hours_median": float(np.median(hours)),
            "waiting_hours_mean": float(hours.mean()),
            "waits_under_a_minute_share": float((hours < 1 / 60).mean()),
            "busiest_day": day,
            "busiest_day_share": day_share,
            **({"backlog_date": day} if backlog is not None else {}),
            **_lay_at_sender(basis, rows, hours),
            "hours_without_longest_1_percent": basis.per_month(
                without_longest(hours * np.abs(share))
            ),
            "spread_between_links": contrasts.tau_link,
        },
    )
