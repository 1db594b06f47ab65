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

from leitweg.demo.arrays import pace_of, paths_of, queues_of
from leitweg.demo.arrivals import opened_us, seed_key_of, to_utc
from leitweg.demo.clock import Rows
from leitweg.demo.layout import topics_of
from leitweg.demo.plan import CompanyPlan, Fault, NeededStep, QueueUnit, TopicPath
from leitweg.demo.queue_notes import Lain
from leitweg.demo.queue_rules import Queues, urgent_cases
from leitweg.demo.queue_state import Company
from leitweg.demo.queues import run_queues
from leitweg.demo.takers import Kept
from leitweg.demo.way import Ints
from leitweg.demo.writing import first_rows, no_rows, write_log
from leitweg.domain.situation import CAUSES

__all__ = [
    "CompanyPlan",
    "Fault",
    "GeneratedLog",
    "NeededStep",
    "QueueUnit",
    "TopicPath",
    "generate",
]

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

    Where units have queues, ``queued_us`` tells per event how long the stay that it begins lay in
    a queue after its ordinary wait, on the company's clock, ``stay_key`` which stay it is, and
    ``cause_us`` (events, 5) why it waited since it was possible, by the calendar, in the order of
    `leitweg.domain.situation.CAUSES`; otherwise all three are empty.
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
    stay_key: npt.NDArray[np.uint64]
    queued_us: Ints
    cause_us: Ints

    @property
    def urgent(self) -> npt.NDArray[np.bool_]:
        """Whether each case is urgent."""
        draws = urgent_cases(seed_key_of(self.plan), len(self.opened_us), self.plan.urgent_share)
        return np.asarray(draws)

    @property
    def event_topic(self) -> Ints:
        """Recorded topic of each event."""
        return self.topic[self.case]


def generate(plan: CompanyPlan, *, kept: GeneratedLog | None = None) -> GeneratedLog:
    """Write the log of a company.

    Parameters
    ----------
    plan
        The same plan gives the same log, bit by bit, on every machine with the same libm.
    kept
        Another log of the same company, with other faults: each stay lies in a queue as long as
        it did there, so that taking a fault out moves no queue elsewhere (`demo/truth.py`).

    Returns
    -------
    GeneratedLog
        One row per event; times in UTC.

    References
    ----------
    Model and limits: docs/methods/demo-company.md
    """
    topics = topics_of(plan)
    opened = opened_us(plan)
    per_case = np.empty((5, plan.n_cases), np.int64)
    first_row = np.zeros(plan.n_cases + 1, np.int64)
    company = (seed_key_of(plan), paths_of(plan, topics), pace_of(plan))
    queues = queues_of(plan)
    lying = _kept(kept, queues)
    room = ROWS_PER_CASE * plan.n_cases
    rows = no_rows(room)
    n = write_log(*company, lying, opened, rows, per_case, first_row)
    if n > room:
        # cases are longer than usual here: now the number of rows is known
        rows = no_rows(n)
        write_log(*company, lying, opened, rows, per_case, first_row)
    rows, lain = first_rows(rows, n), _nothing_lain(n if np.any(queues.people) else 0)
    if np.any(queues.people) and kept is None:
        run_queues(Company(*company, queues, per_case[2]), opened, first_row, rows, per_case, lain)
    return _log_of(plan, opened, rows, per_case, first_row, lain)


def _nothing_lain(n: int) -> Lain:
    return Lain(np.zeros(n, np.uint64), np.zeros(n, np.int64), np.zeros((n, len(CAUSES)), np.int64))


def _kept(log: GeneratedLog | None, queues: Queues) -> Kept:
    """Return how long stays lay in those queues of the other log that are still there."""
    if log is None or not len(log.queued_us):
        return Kept(np.zeros(1, np.int64), np.zeros(0, np.uint64), np.zeros(0, np.int64))
    still = queues.people[log.unit] > 0
    return Kept(log.first_row, log.stay_key, np.where(still, log.queued_us, 0))


def _log_of(
    plan: CompanyPlan, opened: Ints, rows: Rows, per_case: Ints, first_row: Ints, lain: Lain
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
        stay_key=lain.key,
        queued_us=lain.queued,
        cause_us=lain.cause_us,
    )
