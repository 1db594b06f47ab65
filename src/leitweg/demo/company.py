"""A company's log with planted truths.

The model in words: cases arrive over the period. Each has a topic; a topic enters at one of its
front units, runs through its middle units and ends at one of its homes, which resolves it
(`demo/layout.py`). Each handover waits a lognormal time, each stay consists of one to three
pieces of work by one person of the unit (`demo/clock.py`). In a *plain* company all units and
links wait alike. In a *rough* one they differ by themselves, topics are recorded wrongly, cases
stray through a random unit or bounce once. Faults change the way or the waits where they lie
(`demo/plan.py`).

Every draw is keyed by seed, case, step and purpose (`demo/draws.py`): the log without a fault has
the same cases with the same random numbers, so the difference is what the fault costs, exactly
(`demo/truth.py`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leitweg.demo.arrays import pace_of, paths_of
from leitweg.demo.arrivals import opened_us, seed_key_of, to_utc
from leitweg.demo.clock import Pace, Rows, live
from leitweg.demo.draws import key_of, uniform
from leitweg.demo.layout import topics_of
from leitweg.demo.plan import CompanyPlan, Fault, NeededStep, TopicPath
from leitweg.demo.walk import (
    LABEL_WRONG_TOPIC,
    TOPIC,
    WRONG,
    WRONG_TOPIC,
    Paths,
    pick,
    way_of,
)
from leitweg.demo.way import START, Ints, empty_way
from leitweg.engine.compiled import compiled

__all__ = ["CompanyPlan", "Fault", "GeneratedLog", "NeededStep", "TopicPath", "generate"]

ROWS_PER_CASE = 8


@dataclass(frozen=True)
class GeneratedLog:
    """A log as arrays, sorted by case and time, with what is true about each case.

    Per event: ``case``, ``at_us``, ``started_us``, ``person`` (-1: a machine), ``unit`` and
    ``activity`` (the codes of `demo/clock.py`). ``started_us`` is -1 in a log that records no
    start; in a status log both times are when the status was set. Per case: ``opened_us``,
    ``resolved_us``, ``topic`` as recorded, ``true_topic``, ``touched`` (bit i: fault i of the plan
    acted on it), ``labels`` (1 wrong topic, 2 stray, 4 bounced, 8 needed step) and ``first_row``
    (one more than cases). ``person_unit`` tells the unit of each person. Times are UTC.
    """

    plan: CompanyPlan
    case: npt.NDArray[np.int32]
    at_us: Ints
    started_us: Ints
    person: npt.NDArray[np.int32]
    unit: npt.NDArray[np.int16]
    activity: npt.NDArray[np.int8]
    opened_us: Ints
    resolved_us: Ints
    topic: Ints
    true_topic: Ints
    touched: Ints
    labels: Ints
    first_row: Ints
    person_unit: Ints

    @property
    def event_topic(self) -> Ints:
        """Recorded topic of each event."""
        return self.topic[self.case]


@compiled
def _topic_of(paths: Paths, case_key: np.uint64) -> tuple[int, int]:
    true = pick(paths.topic_cum, uniform(case_key, TOPIC))
    n_topics = len(paths.topic_cum)
    if n_topics < 2 or uniform(case_key, WRONG) >= paths.wrong_topic_share:
        return true, true
    other = int(uniform(case_key, WRONG_TOPIC) * (n_topics - 1))
    return true, other + 1 if other >= true else other


@compiled
def _write_log(
    seed_key: np.uint64,
    paths: Paths,
    pace: Pace,
    opened: Ints,
    rows: Rows,
    per_case: Ints,
    first_row: Ints,
) -> int:
    """Write all events as far as there is room; return how many there are."""
    usual, way = empty_way(), empty_way()
    r = START
    for case in range(len(opened)):
        case_key = key_of(seed_key, case)
        true, recorded = _topic_of(paths, case_key)
        n, bits, labels = way_of(paths, pace.ins, case_key, true, usual, way)
        resolved, r, more = live(pace, case_key, true, opened[case], way, n, rows, r)
        if recorded != true:
            labels |= LABEL_WRONG_TOPIC
        per_case[0, case], per_case[1, case], per_case[2, case] = resolved, recorded, true
        per_case[3, case], per_case[4, case] = bits | more, labels
        first_row[case + 1] = r
    return r


def _no_rows(n: int) -> Rows:
    return Rows(
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.empty(n, np.int32),
        np.empty(n, np.int16),
        np.empty(n, np.int8),
    )


def _first_rows(rows: Rows, n: int) -> Rows:
    # copied, so that the room that was not needed goes back
    return Rows(
        rows.at[:n].copy(),
        rows.started[:n].copy(),
        rows.person[:n].copy(),
        rows.unit[:n].copy(),
        rows.activity[:n].copy(),
    )


def generate(plan: CompanyPlan) -> GeneratedLog:
    """Write the log of a company.

    Parameters
    ----------
    plan
        The same plan gives the same log, bit by bit, on every machine with the same libm.

    Returns
    -------
    GeneratedLog
        One row per event; times in UTC.

    References
    ----------
    Model and limits: docs/methods/demo-company.md
    """
    topics = topics_of(plan)
    seed_key = seed_key_of(plan)
    opened = opened_us(plan)
    per_case = np.empty((5, plan.n_cases), np.int64)
    first_row = np.zeros(plan.n_cases + 1, np.int64)
    arguments = (seed_key, paths_of(plan, topics), pace_of(plan), opened)
    room = ROWS_PER_CASE * plan.n_cases
    rows = _no_rows(room)
    n = _write_log(*arguments, rows, per_case, first_row)
    if n > room:
        # cases are longer than usual here: now the number of rows is known
        rows = _no_rows(n)
        _write_log(*arguments, rows, per_case, first_row)
    return _log_of(plan, opened, _first_rows(rows, n), per_case, first_row)


def _log_of(
    plan: CompanyPlan, opened: Ints, rows: Rows, per_case: Ints, first_row: Ints
) -> GeneratedLog:
    unrecorded = plan.record == "completion"
    started = np.full_like(rows.at, -1) if unrecorded else to_utc(plan, rows.started)
    return GeneratedLog(
        plan=plan,
        case=np.repeat(np.arange(plan.n_cases, dtype=np.int32), np.diff(first_row)),
        at_us=to_utc(plan, rows.at),
        started_us=started,
        person=rows.person,
        unit=rows.unit,
        activity=rows.activity,
        opened_us=to_utc(plan, opened),
        resolved_us=to_utc(plan, per_case[0]),
        topic=per_case[1],
        true_topic=per_case[2],
        touched=per_case[3],
        labels=per_case[4],
        first_row=first_row,
        person_unit=np.repeat(np.arange(plan.n_units), plan.unit_people),
    )
