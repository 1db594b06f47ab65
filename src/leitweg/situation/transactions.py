"""Which transactions make the network: between which people, between which units, of which case?

From cases: handovers. From mail: messages. From a survey or another system: ties. One row is one
transaction, or several alike with their number as weight. Method: docs/methods/network.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from leitweg.engine.case_kernel import CaseWalk, walk_cases
from leitweg.engine.message_traffic import Traffic
from leitweg.engine.network_graph import Graph, graph_of
from leitweg.engine.network_tables import Members, TieNetwork
from leitweg.situation.arrays import Flags, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.constants import DAY_US
from leitweg.situation.transaction_rows import NOBODY, Rows, Transactions, in_canonical_order


def transactions_of_cases(basis: Basis, members: Members) -> Transactions:
    """Handovers of the counted cases, between people and between units."""
    log = basis.log
    units = _joined(log.units, members.units)
    people = _joined(log.persons, members.people)
    machine = np.zeros(len(people), dtype=bool)
    machine[: len(log.persons)] = log.machine
    unit_rows = None
    if log.units:
        unit_walk = basis.walk if basis.level == "unit" else walk_cases(log, level="unit")
        unit_rows = _handovers(basis, unit_walk, machine)
    person_rows = None
    if log.persons:
        walk = basis.walk if basis.level == "person" else walk_cases(log, level="person")
        person_rows = _handovers(basis, walk, machine)
    found = Transactions(
        "handovers",
        people,
        _units_of_people(basis, people, units, members),
        person_rows,
        units,
        _parents(units, members),
        np.full(len(units), NOBODY),
        unit_rows,
    )
    return in_canonical_order(_without_machines(found, machine))


def transactions_of_mail(
    traffic: Traffic, members: Members, *, days: tuple[int | None, int | None], derived_units: bool
) -> Transactions:
    """Messages between people inside and between their units; the bootstrap is over weeks.

    Parameters
    ----------
    days
        First day (inclusive) and last one (exclusive) asked for, days since the epoch.
    derived_units
        The units are communities of these messages.
    """
    first, last = days
    keep = np.ones(traffic.day.size, dtype=bool)
    if first is not None:
        keep &= traffic.day >= first
    if last is not None:
        keep &= traffic.day < last
    # 1 January 1970 was a Thursday: weeks begin on Monday
    week = (traffic.day[keep] + 3) // 7
    week = week - week.min(initial=0) if week.size == 0 else week - week.min()
    rows = Rows(
        week,
        traffic.sender[keep],
        traffic.receiver[keep],
        traffic.n_messages[keep].astype(np.float64),
        traffic.sender[keep],
        traffic.receiver[keep],
    )
    units = _joined(sorted({u for u in traffic.unit if u is not None}), members.units)
    person_unit = _coded(traffic.unit, units)
    parents = _parents(units, members)
    return in_canonical_order(
        Transactions(
            "messages",
            traffic.people,
            person_unit,
            rows if traffic.people else None,
            units,
            parents,
            np.full(len(units), NOBODY),
            _between_units(rows, person_unit) if units else None,
            derived_units=derived_units,
        )
    )


def transactions_of_ties(ties: TieNetwork, members: Members) -> Transactions:
    """Ties from elsewhere; the bootstrap is over those who named them."""
    unknown = np.full(ties.source.size, NOBODY)
    ends = (ties.source, ties.target)
    rows = Rows(ties.source, *ends, ties.value, *((unknown, unknown) if ties.of_units else ends))
    graph = graph_of(ties.source, ties.target, ties.value, len(ties.ends))
    once = _listed_once(graph)
    if ties.of_units:
        units = _joined(ties.ends, members.units)
        told = [NOBODY if n is None else n for n in ties.people]
        counted = np.array(told + [NOBODY] * (len(units) - len(told)), np.int64)
        nobody = (), np.zeros(0, np.int64), None
        parents = _parents(units, members)
        return in_canonical_order(
            Transactions(
                ties.name, *nobody, units, parents, counted, rows, from_ties=True, listed_once=once
            )
        )
    people = _joined(ties.ends, members.people)
    units = tuple(members.units)
    person_unit = _coded([members.people.get(person) for person in people], units)
    return in_canonical_order(
        Transactions(
            ties.name,
            people,
            person_unit,
            rows,
            units,
            _parents(units, members),
            np.full(len(units), NOBODY),
            _between_units(rows, person_unit) if units else None,
            from_ties=True,
            listed_once=once,
        )
    )


def _listed_once(graph: Graph) -> bool:
    """Whether no pair of nodes stands in both directions, as in a list of undirected ties."""
    forth = graph.source.astype(np.int64) * graph.n + graph.target
    back = graph.target.astype(np.int64) * graph.n + graph.source
    return graph.n_edges > 0 and not np.isin(back, forth).any()


def _joined(first: Sequence[str], more: Mapping[str, object]) -> tuple[str, ...]:
    known = set(first)
    return (*first, *(name for name in more if name not in known))


def _coded(names: Sequence[str | None], units: Sequence[str]) -> Ints:
    code = {name: i for i, name in enumerate(units)}
    return np.array([NOBODY if u is None else code[u] for u in names], np.int64)


def _parents(units: Sequence[str], members: Members) -> Ints:
    """Group of each unit: the unit above it; -1 where none is named."""
    above = [members.units.get(unit) for unit in units]
    code = {name: i for i, name in enumerate(sorted({a for a in above if a is not None}))}
    return np.array([NOBODY if a is None else code[a] for a in above], np.int64)


def _handovers(basis: Basis, walk: CaseWalk, machine: Flags) -> Rows:
    """Every change of holder in the counted cases, and who worked on each side."""
    later = np.flatnonzero(walk.stay_case[1:] == walk.stay_case[:-1]) + 1
    later = later[basis.counted[walk.stay_case[later]]]
    return Rows(
        walk.stay_case[later].astype(np.int64),
        walk.stay_holder[later - 1].astype(np.int64),
        walk.stay_holder[later].astype(np.int64),
        np.ones(later.size),
        _human(walk.last_worker[later - 1].astype(np.int64), machine),
        _human(walk.first_worker[later].astype(np.int64), machine),
    )


def _human(person: Ints, machine: Flags) -> Ints:
    if machine.size == 0:
        return person
    return np.where((person >= 0) & machine[np.maximum(person, 0)], NOBODY, person)


def _units_of_people(
    basis: Basis, people: Sequence[str], units: Sequence[str], members: Members
) -> Ints:
    """Find the unit of each person: by the people table, else where most of its events stand."""
    log = basis.log
    found = _coded([members.people.get(person) for person in people], units)
    found[: len(log.persons)] = np.where(
        log.person_unit >= 0, log.person_unit, found[: len(log.persons)]
    )
    known = (log.person >= 0) & (log.unit >= 0)
    pairs = log.person[known].astype(np.int64) * max(len(units), 1) + log.unit[known]
    pair, count = np.unique(pairs, return_counts=True)
    person, unit = pair // max(len(units), 1), pair % max(len(units), 1)
    # the last one written stands: the unit with the most events, of equals the first
    order = np.lexsort((-unit, count))
    usual = np.full(len(people), NOBODY)
    usual[person[order]] = unit[order]
    return np.where(found >= 0, found, usual)


def _without_machines(found: Transactions, machine: Flags) -> Transactions:
    """Leave machine accounts out of the people: they are no partners to hang together with."""
    if found.person_rows is None or not machine.any():
        return found
    rows = found.person_rows
    keep = ~machine
    new = np.where(keep, np.cumsum(keep) - 1, NOBODY)
    rows = rows.only(keep[rows.source] & keep[rows.target])
    units = found.unit_rows
    return replace(
        found,
        people=tuple(name for name, kept in zip(found.people, keep, strict=True) if kept),
        person_unit=found.person_unit[keep],
        person_rows=rows.between(new).with_people(new),
        unit_rows=None if units is None else units.with_people(new),
    )


def _between_units(rows: Rows, person_unit: Ints) -> Rows:
    """Return the rows whose people belong to two different units."""
    one, other = person_unit[rows.source], person_unit[rows.target]
    keep = (one >= 0) & (other >= 0) & (one != other)
    return replace(rows, source=one, target=other).only(keep)


def day_of(us: int | None) -> int | None:
    """Return the day since the epoch of a time, None where there is none."""
    return None if us is None else us // DAY_US
