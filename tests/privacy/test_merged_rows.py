"""Units and links of a released answer: nothing is dropped, and no hidden link can be computed.

The auditor knows all rows of the answer, the handovers of the company and which links are not
named; it is a linear programme, not the method of the door.
"""

import numpy as np
import pytest
from merged_companies import drawn, link_row, situation_of, unit_row
from scipy.optimize import linprog

from leitweg.domain.situation import OTHERS, Refused
from leitweg.privacy.release import release
from leitweg.privacy.threshold import K


def groups_of(released, company):
    """Links that each row of links must be about, told by names alone."""
    named = {(x.from_unit, x.to_unit) for x in released.links if not x.merged}
    shown = {u.unit for u in released.units if u.held_back is None}
    rest, found = set(company.links()) - named, {}
    merged = [(x.from_unit, x.to_unit) for x in released.links if x.merged and x.held_back is None]
    for a, b in sorted(merged, key=lambda ends: ends == (OTHERS, OTHERS)):
        if a != OTHERS:
            found[a, b] = {x for x in rest if x[0] == a and x[1] not in shown}
        elif b != OTHERS:
            found[a, b] = {x for x in rest if x[1] == b}
        else:
            found[a, b] = set(rest)
        rest -= found[a, b]
    return named, found, rest


def check(company, released):
    named, groups, rest = groups_of(released, company)
    rows = {(x.from_unit, x.to_unit): x for x in released.links if x.held_back is None}
    for link in named:
        assert rows[link].handovers == link_row(company, {link}).handovers
    for ends, links in groups.items():
        told, true = rows[ends], link_row(company, links)
        # of all its handovers together: not a sum of medians
        assert (told.handovers, told.n_people) == (true.handovers, true.n_people)
        assert told.waiting_hours_median == true.waiting_hours_median
        assert len(links) >= 2
    for row in rows.values():
        assert min(row.n_people_from, row.n_people_to) >= K
        assert row.bearers == ()
    if not rest:
        total = sum(row.handovers for row in rows.values())
        assert total == company.sender.size
    else:
        assert [x.held_back for x in released.links] == ["below-k"]
    _units(company, released)
    _no_hidden_link_is_told(company, groups)


def _units(company, released):
    held = {u.unit for u in released.units if u.held_back is not None}
    others = [u for u in released.units if u.unit == OTHERS]
    assert all(u.people >= K for u in released.units if u.held_back is None)
    if others:
        true = unit_row(company, held)
        assert len(held) >= 2
        assert others[0].people == true.people
        assert others[0].waiting_hours_per_month == true.waiting_hours_per_month
    else:
        assert not held or len(held) == len(released.units)


def _no_hidden_link_is_told(company, groups):
    """Handovers of each hidden link lie in a range of k or more, for whom all rows are known."""
    hidden = sorted(link for links in groups.values() for link in links)
    if not hidden:
        return
    # a wait is a magnitude of its own; the handovers into a unit are not told beside the links
    known = np.array([[link in links for link in hidden] for links in groups.values()], float)
    sums = [link_row(company, links).handovers for links in groups.values()]
    for at, link in enumerate(hidden):
        ends = []
        for sign in (1, -1):
            goal = np.zeros(len(hidden))
            goal[at] = sign
            ends.append(sign * linprog(goal, A_eq=known, b_eq=sums, bounds=(0, None)).fun)
        assert ends[1] - ends[0] >= K, link


@pytest.mark.parametrize("seed", range(40))
def test_what_is_too_small_is_shown_together(seed):
    company = drawn(seed)
    check(company, release(situation_of(company)))


@pytest.mark.verify
@pytest.mark.parametrize("block", range(10))
def test_a_thousand_companies(block):
    for seed in range(1000 + 100 * block, 1100 + 100 * block):
        company = drawn(seed)
        check(company, release(situation_of(company)))


@pytest.mark.parametrize("seed", range(10))
def test_refused_places_are_hidden_like_small_ones(seed):
    company = drawn(100 + seed)
    before = release(situation_of(company))
    named = [(x.from_unit, x.to_unit) for x in before.links if not x.merged]
    units = [u.unit for u in before.units if u.held_back is None and u.unit != OTHERS]
    refused = Refused(units=frozenset(units[:1]), links=frozenset(named[-1:]))
    found = release(situation_of(company), refused=refused)
    check(company, found)
    assert not {(x.from_unit, x.to_unit) for x in found.links} & refused.links
    assert {u.unit for u in found.units if u.held_back} >= refused.units


def test_refused_as_a_whole_nothing_leaves():
    company = drawn(3)
    found = release(situation_of(company), refused=Refused(everything=True))
    assert all(row.held_back == "below-k" for row in (*found.units, *found.links))
    assert found.k == K


def test_a_link_of_which_one_person_makes_most_is_merged():
    company = drawn(1)
    for row in release(situation_of(company)).links:
        if not row.merged:
            rows = company.rows_of({(row.from_unit, row.to_unit)})
            for side in (company.sender[rows], company.receiver[rows]):
                parts = np.sort(np.bincount(side))
                assert parts[-1] <= 0.5 * parts.sum()
                assert parts.sum() - parts[-1] - parts[-2] >= 0.15 * parts[-1]
