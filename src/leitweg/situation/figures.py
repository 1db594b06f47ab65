"""The headline figures: how many, how long, how often right the first time.

Counts are over all imported cases (or those of the period asked for) and have no interval; shares,
medians and rates carry a bootstrap interval over cases. Method: docs/methods/figures.md.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from leitweg.domain.findings import Estimate
from leitweg.domain.situation import CAUSES, Figure
from leitweg.domain.states import State
from leitweg.engine.case_kernel import Level, walk_cases
from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import estimate
from leitweg.situation.causes import Causes
from leitweg.situation.congruence import congruence_figures
from leitweg.situation.constants import DAY_US, HOUR_US, MISSING
from leitweg.situation.measures import Measure, quantile_replicates, replicates_of
from leitweg.situation.service_lines import lines_of

CAUSE_FIGURES = tuple(f"waiting_hours_per_month_{cause}" for cause in CAUSES)


def figures_of(
    basis: Basis,
    union: Estimate | None,
    *,
    union_held_back: str | None = None,
    causes: Causes | None = None,
) -> tuple[Figure, ...]:
    """All figures of the contract, in its order.

    ``union`` is the waiting in any finding (`attribution.hours_if_all_repaired`); None with
    ``union_held_back`` where there are findings, but none that may leave. ``causes`` is the
    waiting by cause; None for answers to mails, which belong to no case.
    """
    maker = _Maker(basis, _n_people(basis), causes)
    figures = [*_counts(basis, maker)]
    figures += _ways(basis, maker, "unit") + _ways(basis, maker, "person")
    figures += [*_contacts(basis, maker), *_times(basis, maker), *_waiting(basis, maker, union)]
    figures += congruence_figures(basis)
    if union_held_back:
        figures = [_held_back(f, union_held_back) for f in figures]
    return tuple(replace(f, n_people=maker.n_people) for f in figures)


def _held_back(figure: Figure, reason: str) -> Figure:
    if figure.name != "waiting_hours_per_month_in_findings":
        return figure
    return replace(figure, value=None, low=None, high=None, why=None, held_back=reason)


def _n_people(basis: Basis) -> int | None:
    log = basis.log
    if len(log.persons) == 0:
        return None
    case_of_event = np.repeat(np.arange(basis.counted.size), np.diff(log.offsets))
    seen = np.unique(log.person[(log.person >= 0) & basis.counted[case_of_event]])
    return int((~log.machine[seen]).sum())


@dataclass(frozen=True)
class _Maker:
    """Turns per-case values into figures, or only notes the measures behind them."""

    basis: Basis
    n_people: int | None
    causes: Causes | None = None
    measures: list[Measure] = field(default_factory=list)
    draws: bool = True

    def count(self, name: str, value: float, cases: int | None = None) -> Figure:
        n = int(self.basis.counted.sum()) if cases is None else cases
        return Figure(name, float(value), None, None, "count", n)

    def null(self, name: str, unit: str, why: str) -> Figure:
        return Figure(name, None, None, None, unit, 0, why=why)

    def _figure(self, measure: Measure, replicates: Floats | None = None) -> Figure:
        self.measures.append(measure)
        name, unit, n = measure.name, measure.unit_of_measure, measure.n_cases
        if not self.draws or not n:
            return self.null(name, unit, "no-cases")
        drawn = replicates_of(measure, self.basis) if replicates is None else replicates
        e = estimate(drawn)
        return (
            Figure(name, e.value, e.low, e.high, unit, n)
            if e
            else self.null(name, unit, "no-cases")
        )

    def ratio(self, name: str, unit: str, cases: Ints, above: Floats, below: Floats) -> Figure:
        return self._figure(Measure(name, unit, "ratio", cases, above, below))

    def share(self, name: str, cases: Ints, yes: Flags) -> Figure:
        return self.ratio(name, "share", cases, yes.astype(np.float64), np.ones(cases.size))

    def quantiles(self, stem: str, cases: Ints, hours: Floats) -> list[Figure]:
        ends = (("median", 0.5), ("p90", 0.9))
        measures = [
            Measure(f"{stem}_{end}", "hours", "quantile", cases, hours, hours, share)
            for end, share in ends
        ]
        if not self.draws or not cases.size:
            return [self._figure(measure) for measure in measures]
        # one walk over the ordered values answers both
        drawn = quantile_replicates(measures[0], tuple(q for _, q in ends), self.basis)
        return [self._figure(measure, drawn[:, i]) for i, measure in enumerate(measures)]

    def per_month(self, name: str, cases: Ints, hours: Floats) -> Figure:
        if not np.isfinite(self.basis.months):
            return self.null(name, "hours per month", self.basis.no_rate or "no-closed-case")
        ones = np.ones(cases.size)
        return self._figure(Measure(name, "hours per month", "per_month", cases, hours, ones))


def measures_of(basis: Basis, causes: Causes | None = None) -> tuple[Measure, ...]:
    """Per-case values behind every figure that has an interval, in the order of the figures."""
    maker = _Maker(basis, None, causes, draws=False)
    _ways(basis, maker, "unit"), _ways(basis, maker, "person")
    _contacts(basis, maker), _times(basis, maker), _waiting(basis, maker, None)
    return tuple(maker.measures)


def _counts(basis: Basis, maker: _Maker) -> list[Figure]:
    log, counted = basis.log, basis.counted
    events = np.diff(log.offsets)
    return [
        maker.count("cases", int(counted.sum())),
        maker.count("open_cases", int(basis.accounts.is_open.sum()), int(counted.size)),
        maker.count("events", int(events[counted].sum())),
    ]


def _ways(basis: Basis, maker: _Maker, level: Level) -> list[Figure]:
    names = [
        f"handovers_{level}",
        f"ping_pong_{level}_bounces",
        f"ping_pong_{level}_cases",
        f"ping_pong_{level}_strict_cases",
    ]
    shares = [f"ping_pong_{level}_share", f"ping_pong_{level}_strict_share"]
    holders = basis.log.units if level == "unit" else basis.log.persons
    if len(holders) == 0:
        why = f"no-{'units' if level == 'unit' else 'people'}"
        return [maker.null(n, "count", why) for n in [*names, f"handovers_{level}_per_case"]] + [
            maker.null(n, "share", why) for n in shares
        ]
    walk = basis.walk if basis.level == level else walk_cases(basis.log, level=level)
    cases = np.flatnonzero(basis.counted)
    handovers = np.maximum(walk.n_handovers[cases], 0).astype(np.float64)
    bounces = walk.n_bounces[cases]
    strict = walk.strict[cases].astype(bool)
    return [
        maker.count(names[0], handovers.sum()),
        maker.ratio(f"handovers_{level}_per_case", "count", cases, handovers, np.ones(cases.size)),
        maker.count(names[1], bounces.sum()),
        maker.count(names[2], int((bounces > 0).sum())),
        maker.count(names[3], int(strict.sum())),
        maker.share(shares[0], cases, bounces > 0),
        maker.share(shares[1], cases, strict),
    ]


def _contacts(basis: Basis, maker: _Maker) -> list[Figure]:
    walk, log = basis.walk, basis.log
    cases = np.flatnonzero(basis.in_period & (walk.right_holder >= 0))
    once = walk.n_distinct[cases] == 1
    out = [
        maker.share("first_contact_resolution_share", cases, once & ~_back_soon(basis)[cases]),
        maker.share("right_first_time_share", cases, walk.right_first[cases].astype(bool)),
        _first_line(basis, maker),
    ]
    if not log.has_clock:
        return out + [
            maker.null(f"time_to_right_contact_hours_{end}", "hours", "no-clock")
            for end in ("median", "p90")
        ]
    hours = (walk.right_since_us[cases] - basis.accounts.opened_us[cases]) / HOUR_US
    # the first contact is reached at once, also where its own first piece of work takes a while
    hours = np.where(walk.right_first[cases].astype(bool), 0.0, np.maximum(hours, 0.0))
    return out + maker.quantiles("time_to_right_contact_hours", cases, hours)


def _back_soon(basis: Basis) -> Flags:
    """Cases with work again within 14 days after their first resolution (False if unknown)."""
    log = basis.log
    out = np.zeros(basis.counted.size, dtype=bool)
    if not (log.has_states and log.has_clock):
        return out
    case = np.repeat(np.arange(basis.counted.size), np.diff(log.offsets))
    first = np.full(basis.counted.size, np.iinfo(np.int64).max)
    resolved = log.state == State.RESOLVED
    np.minimum.at(first, case[resolved], log.at_us[resolved])
    again = (log.state == State.QUEUED) | (log.state == State.WORKING)
    limit = basis.constants.reopen_days * DAY_US
    after = log.at_us > first[case]
    soon = after & (log.at_us - np.minimum(first[case], log.at_us) <= limit)
    out[case[again & soon]] = True
    return out


def _first_line(basis: Basis, maker: _Maker) -> Figure:
    lines = lines_of(basis.log.units)
    if basis.level != "unit" or not (lines > 1).any():
        return maker.null("first_line_share", "share", "no-lines")
    walk = basis.walk
    beyond = np.zeros(basis.counted.size, dtype=bool)
    beyond[walk.stay_case[lines[walk.stay_holder] > 1]] = True
    cases = np.flatnonzero(basis.counted)
    return maker.share("first_line_share", cases, ~beyond[cases])


def _times(basis: Basis, maker: _Maker) -> list[Figure]:
    if not basis.log.has_clock:
        return [
            maker.null(f"cycle_time_hours_{end}", "hours", "no-clock") for end in ("median", "p90")
        ]
    cases = np.flatnonzero(basis.in_period)
    span = basis.accounts.closed_us[cases] - basis.accounts.opened_us[cases]
    return maker.quantiles("cycle_time_hours", cases, np.maximum(span, 0) / HOUR_US)


def _waiting(basis: Basis, maker: _Maker, union: Estimate | None) -> list[Figure]:
    log, accounts = basis.log, basis.accounts
    names = ("waiting_hours_per_month", "waiting_customer_hours_per_month")
    per_month = "hours per month"
    cases = np.flatnonzero(basis.in_period & (accounts.resolved_us != MISSING))
    reopened = _reopened(basis, maker)
    if not log.has_clock or cases.size == 0:
        why = "no-clock" if not log.has_clock else "no-closed-case"
        nulls = [*names, "waiting_hours_per_month_in_findings", *CAUSE_FIGURES]
        return [
            *(maker.null(n, per_month, why) for n in nulls),
            maker.null("waiting_share", "share", why),
            reopened,
        ]
    waiting = accounts.waiting_us[cases] / HOUR_US
    whole = np.maximum(accounts.resolved_us[cases] - accounts.opened_us[cases], 0) / HOUR_US
    in_findings = (
        Figure(
            "waiting_hours_per_month_in_findings",
            union.value,
            union.low,
            union.high,
            per_month,
            cases.size,
        )
        if union
        else maker.null(
            "waiting_hours_per_month_in_findings", per_month, basis.no_rate or "no-findings"
        )
    )
    customer = (
        maker.per_month(names[1], cases, accounts.waiting_customer_us[cases] / HOUR_US)
        if log.has_states
        else maker.null(names[1], per_month, "no-states")
    )
    return [
        maker.per_month(names[0], cases, waiting),
        in_findings,
        customer,
        maker.ratio("waiting_share", "share", cases, waiting, whole)
        if log.has_started or log.has_queue
        else maker.null("waiting_share", "share", "no-started"),
        *_causes(maker, cases),
        reopened,
    ]


def _causes(maker: _Maker, cases: Ints) -> list[Figure]:
    """Return the waiting by cause; from estimated starts under names of their own."""
    if maker.causes is None:
        return [maker.null(name, "hours per month", "no-threads") for name in CAUSE_FIGURES]
    hours = maker.causes.case_us[cases] / HOUR_US
    if not maker.causes.estimated:
        return [maker.per_month(n, cases, hours[:, i]) for i, n in enumerate(CAUSE_FIGURES)]
    estimated = [f"waiting_hours_per_month_estimated_{c}" for c in CAUSES]
    return [
        *(maker.null(n, "hours per month", "no-started") for n in CAUSE_FIGURES),
        *(maker.per_month(n, cases, hours[:, i]) for i, n in enumerate(estimated)),
    ]


def _reopened(basis: Basis, maker: _Maker) -> Figure:
    if not basis.log.has_states:
        return maker.null("reopened_share", "share", "no-states")
    cases = np.flatnonzero(basis.in_period)
    return maker.share("reopened_share", cases, basis.accounts.reopened[cases] > 0)


def without_cases(figures: tuple[Figure, ...], why: str = "no-threads") -> tuple[Figure, ...]:
    """Return the figures of a log whose rows are answers to mails: all about cases are null."""
    return tuple(replace(f, value=None, low=None, high=None, n_cases=0, why=why) for f in figures)
