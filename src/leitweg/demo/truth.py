"""What a planted fault costs the customer, exactly.

The log is written twice with the same random numbers, with the fault and without it; the
difference of the customers' waiting is its price. Other faults stay: the price is what would go if
this place alone were repaired.

Where units have queues, the log without a fault keeps for every stay how long it lay in a queue
that is still there. Otherwise a price would hold what the repair does to the queues elsewhere,
which is chance: cases that come an hour earlier shuffle everybody behind them.
"""

from dataclasses import replace

import numpy as np

from leitweg.demo.company import GeneratedLog, generate
from leitweg.demo.plan import HOUR_US, CompanyPlan, Fault


def without(plan: CompanyPlan, *faults: Fault) -> CompanyPlan:
    """Return the plan without these faults; every other draw of its log stays the same."""
    absent = [f for f in faults if f not in plan.faults]
    if absent:
        raise ValueError(f"not a fault of this plan: {absent[0]}")
    return replace(plan, faults=tuple(f for f in plan.faults if f not in faults))


def waiting_hours(plan: CompanyPlan, *, kept: GeneratedLog | None = None) -> float:
    """Return the hours from opening to resolution, over all cases, by the calendar."""
    return hours_waited(generate(plan, kept=kept))


def hours_waited(log: GeneratedLog) -> float:
    """Return the hours from opening to resolution, over all cases of a log."""
    return float(np.sum(log.resolved_us - log.opened_us)) / HOUR_US


def true_price(plan: CompanyPlan, *faults: Fault) -> float:
    """Return the customer waiting hours per month that would go without a fault.

    Parameters
    ----------
    plan
        The company with all its faults.
    faults
        One fault of the plan, or several that are repaired together (prices overlap: the price of
        two is not the sum of theirs). For a `smooth_link`: what it saves, also as a positive
        number; it cannot be asked for together with faults.

    Returns
    -------
    float
        Calendar hours per month of 30.4375 days, from opening to resolution, over all cases that
        arrive in the period.
    """
    log = generate(plan)
    kept = log if len(log.queued_us) else None
    difference = hours_waited(log) - waiting_hours(without(plan, *faults), kept=kept)
    smooth = {f.kind == "smooth_link" for f in faults}
    if len(smooth) > 1:
        raise ValueError("what is saved and what is lost are not one price")
    return (-difference if smooth == {True} else difference) / plan.months
