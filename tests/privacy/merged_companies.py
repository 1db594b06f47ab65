"""Companies drawn at random as tables of handovers, and an independent account of what is shown."""

from dataclasses import dataclass

import numpy as np

from leitweg.domain.findings import Estimate
from leitweg.domain.situation import (
    OTHERS,
    Bearers,
    Coverage,
    LinkRow,
    Period,
    Pools,
    Situation,
    UnitRow,
)

NO_COVERAGE = Coverage(1, 1, 0, 99, 2, 0.0, 0.0, True, ())


@dataclass(frozen=True)
class Company:
    """One row per handover: who from which unit hands over to whom in which, and the hours."""

    sender: np.ndarray
    receiver: np.ndarray
    unit_of: np.ndarray
    hours: np.ndarray

    def rows_of(self, links):
        pairs = zip(self.unit_of[self.sender], self.unit_of[self.receiver], strict=True)
        return np.array([i for i, (a, b) in enumerate(pairs) if (name(a), name(b)) in links])

    def links(self):
        pairs = zip(self.unit_of[self.sender], self.unit_of[self.receiver], strict=True)
        return sorted({(name(a), name(b)) for a, b in pairs})


def name(unit):
    return f"U{unit:02}"


def drawn(seed):
    """Ten units of one to forty people, few of whom make most handovers."""
    rng = np.random.default_rng(seed)
    sizes = rng.choice([1, 2, 4, 6, 9, 15, 40], size=int(rng.integers(3, 11)))
    unit_of = np.repeat(np.arange(sizes.size), sizes)
    busy = rng.pareto(1.5, size=unit_of.size) + 0.1
    n = int(rng.integers(50, 1500))
    ends = rng.choice(unit_of.size, size=(n, 2), p=busy / busy.sum())
    ends = ends[unit_of[ends[:, 0]] != unit_of[ends[:, 1]]]
    return Company(ends[:, 0], ends[:, 1], unit_of, rng.exponential(10, size=len(ends)))


def bearers(people):
    parts = np.sort(np.bincount(people, minlength=2))
    return Bearers(float(parts.sum()), float(parts[-1]), float(parts[-2]))


def link_row(company, links, ends=(OTHERS, OTHERS)):
    rows = company.rows_of(links)
    a, b, hours = company.sender[rows], company.receiver[rows], company.hours[rows]
    people = [np.unique(a).size, np.unique(b).size]
    return LinkRow(
        *ends,
        *(rows.size, rows.size, sum(people)),
        *(float(np.median(hours)), float(np.quantile(hours, 0.9)), float(hours.sum()), 1.0),
        *people,
        bearers=(bearers(a), bearers(b)),
    )


def unit_row(company, units, own=OTHERS):
    inside = np.array([name(u) in units for u in company.unit_of])
    into = inside[company.receiver]
    at_work = np.unique(np.concatenate([company.receiver, company.sender]))
    hours = float(company.hours[into].sum())
    return UnitRow(
        own,
        int(inside[at_work].sum()),
        int(into.sum()),
        *(None, None, None, None, 1.0),
        Estimate(hours, hours, hours),
        bearers=(bearers(company.receiver[into]),),
    )


def situation_of(company):
    links = company.links()
    units = sorted({unit for link in links for unit in link})
    return Situation(
        *("protected", "unit", Period(0, 10, 1.0, "rule"), NO_COVERAGE, ()),
        tuple(unit_row(company, {unit}, unit) for unit in units),
        tuple(link_row(company, {link}, link) for link in links),
        (),
        pools=Pools(lambda x: unit_row(company, x), lambda x: link_row(company, x)),
    )
