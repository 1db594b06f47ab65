"""One fault, one finding: in which order are the kinds looked for, and what do all of them cost?

Ping-pong first, then dead ends, misrouting, bottlenecks, and links for what they wait beyond their
receiver. Method: docs/methods/attribution.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from leitweg.domain.findings import Estimate
from leitweg.engine.staff import Staff
from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import estimate, resampled_sums, wider
from leitweg.situation.bottleneck import bottlenecks
from leitweg.situation.candidate import Candidate, stay_hours
from leitweg.situation.cells import Cells, cells_of
from leitweg.situation.circles import circles_of, together
from leitweg.situation.constants import HOUR_US, MISSING
from leitweg.situation.dead_end import dead_ends, receipts_of
from leitweg.situation.gap import gaps
from leitweg.situation.key_position import key_positions
from leitweg.situation.link_contrast import link_contrasts
from leitweg.situation.load import BusyWeeks
from leitweg.situation.misrouting import misroutings
from leitweg.situation.overload import Loaded, overloads, with_load
from leitweg.situation.ping_pong import Stretches, ping_pongs, stretches_of
from leitweg.situation.silo import silos
from leitweg.situation.slow_link import slow_links
from leitweg.situation.smooth_link import smooth_links
from leitweg.situation.spared_ways import Guides
from leitweg.situation.timers import timer_ticks

# a good example saves, and a risk is no fault
OUT_OF_SUM = frozenset({"smooth_link", "key_position"})
NO_LOAD = Loaded([], {})
NO_CELLS: Ints = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Beside:
    """What is known beside the log.

    ``agrees`` says whether the network, too, has fewer transactions between two units than
    expected (None: it cannot say); ``busy_weeks`` the share of weeks in which a unit was used
    above 85 %; ``staff`` who holds which position; ``guides`` what a router would have answered.
    """

    agrees: Callable[[int, int], bool | None] = lambda _a, _b: None
    busy_weeks: Mapping[int, BusyWeeks] = field(default_factory=dict)
    staff: Staff | None = None
    guides: Guides = lambda _: None


NOTHING_ELSE = Beside()


def candidates_of(basis: Basis, beside: Beside = NOTHING_ELSE) -> list[Candidate]:
    """All places of all kinds, each fault under one name.

    In a log of answers to mails only waits are compared: an answer is no case that could bounce,
    stray or get stuck.
    """
    stays = basis.stays
    stretches = stretches_of(stays.case, stays.unit)
    if basis.answers:
        return slow_and_smooth(basis, waits_to_compare(basis, stretches, []), beside)
    circles = circles_of(basis, stretches)
    kept_inside = silos(basis, circles)
    found = ping_pongs(basis, stretches) + kept_inside
    stretches = together(stretches, circles.among(_stays_of(kept_inside)))
    if not basis.log.has_clock:
        return found + misroutings(basis, stretches)
    risks = key_positions(basis, beside.staff)
    empty = _stays_at_risk(risks)
    stuck = [c for c in dead_ends(basis, receipts_of(basis)) if not _mostly(c, empty)]
    cells = waits_to_compare(basis, stretches, stuck, empty)
    absent = gaps(basis, stretches, cells, agrees=beside.agrees)
    found_astray = misroutings(basis, stretches, beside.guides)
    strayed = [c for c in found_astray if not _part_of_gap(c, absent)]
    found += stuck + absent + strayed + slow_and_smooth(basis, cells, beside)
    return found + risks


def _stays_at_risk(risks: list[Candidate]) -> Ints:
    """Stays before which a case lay because nobody who could take it was there."""
    return np.concatenate([NO_CELLS, *(c.stays[c.wait_saved > 0] for c in risks)])


def _mostly(stuck: Candidate, stays: Ints) -> bool:
    """Whether what got stuck lay there for want of the one position: no fault of the unit."""
    return bool(np.isin(stuck.stays, stays).mean() >= 0.5)


def _part_of_gap(strayed: Candidate, absent: list[Candidate]) -> bool:
    """Whether a topic that always goes round about is named as straying from the same sender."""
    return any(
        gap.from_unit == strayed.from_unit and set(strayed.topics) <= set(gap.topics)
        for gap in absent
    )


def slow_and_smooth(basis: Basis, cells: Cells, beside: Beside) -> list[Candidate]:
    """Bottlenecks, links for what they wait beyond their receiver, and the smooth ones."""
    if len(cells) == 0:
        return []
    loaded = overloads(basis, cells, beside.busy_weeks) if not basis.answers else NO_LOAD
    # what waits for want of hands is no slowness of its own
    slow_units = [c for c in bottlenecks(basis, cells) if c.unit not in loaded.units]
    slow_units = [*loaded.candidates, *with_load(slow_units, loaded)]
    names = frozenset(c.unit for c in slow_units)
    margin = basis.constants.margin
    slow = slow_links(basis, link_contrasts(cells, names, margin, NO_CELLS))
    named = np.unique(cells.cell[np.isin(cells.rows, _stays_of(slow))])
    smooth = smooth_links(basis, link_contrasts(cells, names, margin, named))
    return slow_units + slow + smooth


def _stays_of(candidates: list[Candidate]) -> Ints:
    return np.concatenate([NO_CELLS, *(c.stays for c in candidates)])


def waits_to_compare(
    basis: Basis, stretches: Stretches, stuck: list[Candidate], empty: Ints = NO_CELLS
) -> Cells:
    """Cells without what another finding explains.

    Inside ping-pong, stuck, before an empty position, or a clock's tick.
    """
    stays = basis.stays
    left_out = timer_ticks(basis)
    for candidate in stuck:
        left_out[candidate.stays] = True
    left_out[empty] = True
    inside: Flags = stretches.inside(len(stays))
    return cells_of(basis, estimates=~inside, left_out=left_out)


def hours_if_all_repaired(basis: Basis, candidates: list[Candidate]) -> Estimate | None:
    """Return customer waiting hours per month in any finding: their union, never their sum.

    Every stretch of time is saved by the finding that saves most of it. The interval is the wider
    of two: cases resampled, and the intervals of the findings for what each of them saves.
    """
    stays = basis.stays
    counted = [c for c in candidates if c.kind not in OUT_OF_SUM and c.price is not None]
    wait, wait_by = _most_saved(len(stays), [(c.stays, c.wait_saved) for c in counted])
    stay, stay_by = _most_saved(len(stays), [(c.stays, c.stay_saved) for c in counted])
    # open cases are only in dead ends, with their hours inside the period
    closed = basis.in_period[stays.case] | stays.is_open
    wait_hours, in_stay = wait * stays.wait_hours * closed, stay * stay_hours(basis) * closed
    most = _most_of_case(basis, wait_hours + in_stay)
    wait_hours, in_stay = wait_hours * most, in_stay * most
    sums = resampled_sums(
        stays.case[closed],
        np.zeros(int(closed.sum()), dtype=np.int64),
        (wait_hours + in_stay)[closed][:, None],
        1,
        seed=basis.seed,
        replicates=basis.constants.replicates,
    )
    by_case = estimate(basis.per_month(1.0) * sums[:, 0, 0])
    parts = np.zeros(len(counted) + 1)
    parts += np.bincount(wait_by, weights=wait_hours, minlength=parts.size)
    parts += np.bincount(stay_by, weights=in_stay, minlength=parts.size)
    return wider(by_case, _by_findings(by_case, basis.per_month(1.0) * parts[1:], counted))


def _most_of_case(basis: Basis, saved: Floats) -> Floats:
    """Share of what would be saved in each stay, so that no case saves more than it waited.

    A wait of a link may hold time in which the sender still worked, and a detour holds work.
    """
    case, waited = basis.stays.case, basis.accounts.waiting_us
    total = np.bincount(case, weights=saved, minlength=waited.size)
    known = (waited != MISSING) & (total > 0)
    share = np.ones(waited.size)
    share[known] = np.minimum(1.0, waited[known] / HOUR_US / total[known])
    return np.asarray(share[case])


def _most_saved(count: int, saved: list[tuple[Ints, Floats]]) -> tuple[Floats, Ints]:
    """Largest share that any finding saves of each stretch, and its number (0: none)."""
    share, by = np.zeros(count), np.zeros(count, dtype=np.int64)
    for number, (stays, own) in enumerate(saved, start=1):
        most = np.zeros(count)
        np.maximum.at(most, stays, own)
        better = most > share
        share[better], by[better] = most[better], number
    return share, by


def _by_findings(
    together: Estimate | None, parts: Floats, counted: list[Candidate]
) -> Estimate | None:
    """Add up the squared half-widths of the findings, each for its part of the union."""
    if together is None:
        return None
    below = above = 0.0
    for part, candidate in zip(parts, counted, strict=True):
        price = candidate.price
        if price is not None and price.value > 0:
            below += (part * (price.value - price.low) / price.value) ** 2
            above += (part * (price.high - price.value) / price.value) ** 2
    value = together.value
    return Estimate(value, max(value - float(np.sqrt(below)), 0.0), value + float(np.sqrt(above)))
