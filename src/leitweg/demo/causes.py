"""A company in which each cause of waiting has a unit of its own, and what was planted there.

Every case passes through all of them. One works in batches, one has too few people, one takes
urgent cases first, one works on three days a week and closes once, one waits for something outside.
Everybody works on one case at a time, from Monday to Friday, 8 to 17 o'clock UTC.
"""

import numpy as np

from leitweg.demo.company import GeneratedLog
from leitweg.demo.plan import HOUR_US, CompanyPlan, QueueUnit, TopicPath
from leitweg.domain.situation import CAUSES

ENTRY, BATCHES, BUSY, URGENT_FIRST, PART_TIME, OUTSIDE, HOME = range(7)
CAUSE_UNITS = dict(zip((BATCHES, BUSY, URGENT_FIRST, PART_TIME, OUTSIDE), CAUSES, strict=True))
# enough people everywhere but where waiting for people is the point
PEOPLE = (10, 4, 3, 3, 6, 60, 10)
ORDERS = ((1, 2, 3, 4, 5), (3, 5, 1, 4, 2), (4, 2, 5, 3, 1))


def cause_company(seed: int, n_cases: int = 3000) -> CompanyPlan:
    """Return the plan of a company with known causes of waiting.

    Parameters
    ----------
    n_cases
        Cases in half a year; the work grows less as they grow more, so that people are as busy.
    """
    topics = tuple(TopicPath(1.0, (ENTRY,), (1.0,), order, (HOME,), (1.0,)) for order in ORDERS)
    return CompanyPlan(
        seed=seed,
        n_units=7,
        n_topics=len(topics),
        n_cases=n_cases,
        months=6.0,
        people=PEOPLE,
        wait_hours=2.0,
        work_hours=0.55 * 3000 / n_cases,
        unit_work=((BATCHES, 0.3), (URGENT_FIRST, 1.15)),
        office_hours=True,
        time_zone="UTC",
        real_people=True,
        one_piece=True,
        urgent_share=0.6,
        queue_units=(
            QueueUnit(ENTRY, ordinary=0.0),
            QueueUnit(BATCHES, ordinary=0.0, batch=8),
            QueueUnit(BUSY, ordinary=0.0),
            QueueUnit(URGENT_FIRST, ordinary=0.0, urgent_first=True),
            QueueUnit(PART_TIME, ordinary=0.0, weekdays=(0, 1, 2), closures=((84, 98),)),
            QueueUnit(OUTSIDE),
            QueueUnit(HOME, ordinary=0.0),
        ),
        topics=topics,
    )


def true_causes(log: GeneratedLog) -> dict[int, dict[str, float]]:
    """Return the hours that stays waited in each unit, by cause, by the calendar.

    Parameters
    ----------
    log
        Of a company with queues; where people are not real (`CompanyPlan.real_people`), what is
        ordinary about a wait counts as extraneous, though its people may be seen at work.

    Raises
    ------
    ValueError
        The company has no queue: nothing was recorded.
    """
    if not len(log.cause_us):
        raise ValueError("the causes of waiting are recorded only where units have queues")
    hours = {}
    for unit in range(log.plan.n_units):
        sums = log.cause_us[log.unit == unit].sum(axis=0) / HOUR_US
        hours[unit] = dict(zip(CAUSES, np.asarray(sums).tolist(), strict=True))
    return hours
