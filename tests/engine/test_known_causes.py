"""Queues whose causes of waiting are known: each share within three percentage points."""

import numpy as np
import pytest
from queue_simulator import Desk, rows_of_items, simulate, true_shares
from slow_causes import slow_causes

from leitweg.domain.situation import CAUSES
from leitweg.engine.calendars import discover_calendars
from leitweg.engine.case_accounts import account_cases
from leitweg.engine.person_kernel import causes_of_windows, customer_windows
from leitweg.engine.work_rules import RULES
from leitweg.engine.work_times import work_times

POINTS = 0.03
DAY, LATE = (9, 17), (14, 22)
# name: desks, cases an hour, days, whether the log names the people
QUEUES = {
    "busy": ([Desk("a", 3, 0.8), Desk("b", 3, 0.7)], 3.0, 60, True),
    "calm": ([Desk("a", 3, 0.3), Desk("b", 3, 0.2)], 1.5, 60, True),
    "urgent": ([Desk("a", 3, 0.8, urgent=0.3), Desk("b", 3, 0.7, urgent=0.3)], 3.0, 60, True),
    "shifts": ([Desk("a", 3, 0.5, (6, 14)), Desk("b", 3, 0.4, LATE)], 0.7, 120, True),
    "few a day": ([Desk("a", 8, 0.5, DAY), Desk("b", 8, 0.4, DAY)], 0.6, 150, True),
    "batches": ([Desk("a", 3, 0.3, batch=5), Desk("b", 3, 0.2)], 1.5, 60, True),
    "busy with batches": ([Desk("a", 3, 0.6, batch=4), Desk("b", 3, 0.2)], 3.5, 60, True),
    "batches in shifts": ([Desk("a", 3, 0.3, DAY, 4), Desk("b", 3, 0.2, DAY)], 1.0, 120, True),
    "outside": ([Desk("a", 3, 0.3, outside=(1, 4)), Desk("b", 3, 0.2)], 1.5, 60, True),
    "busy and outside": ([Desk("a", 3, 0.5, outside=(1, 3)), Desk("b", 3, 0.2)], 3.0, 60, True),
    "half outside": ([Desk("a", 3, 0.3, outside=(0.5, 4)), Desk("b", 3, 0.2)], 5.0, 60, True),
    "outside in shifts": (
        [Desk("a", 3, 0.3, DAY, outside=(0.5, 10)), Desk("b", 3, 0.2, DAY)],
        *(1.0, 120, True),
    ),
    "three at once": ([Desk("a", 2, 1.2, at_once=3), Desk("b", 3, 0.7)], 4.0, 60, True),
    "units without names": (
        [Desk("a", 1, 0.6, DAY, at_once=4), Desk("b", 1, 0.5, (8, 18), at_once=3)],
        *(1.0, 150, False),
    ),
    "all together": (
        [
            Desk("a", 4, 0.4, DAY, urgent=0.2),
            Desk("b", 3, 0.4, (8, 16), outside=(0.2, 6)),
            Desk("c", 3, 0.2, DAY, 6),
        ],
        *(0.9, 180, True),
    ),
    "all around the clock": (
        [Desk("a", 3, 0.5, urgent=0.3, outside=(0.2, 3)), Desk("b", 3, 0.3, batch=4)],
        *(3.0, 90, True),
    ),
}


def kernel(log):
    work = work_times(log, account_cases(log))
    windows = [customer_windows(work, log.offsets)]
    return causes_of_windows(work, log.activity, discover_calendars(log), windows)[0]


@pytest.mark.parametrize("seed", [1, *(pytest.param(s, marks=pytest.mark.verify) for s in (2, 3))])
@pytest.mark.parametrize("name", QUEUES)
def test_every_share_is_within_three_points(load, name, seed):
    desks, per_hour, days, named = QUEUES[name]
    items, servers = simulate(desks, per_hour=per_hour, days=days, seed=seed)
    truth, waited = true_shares(items, servers)
    events, cases = rows_of_items(items, servers, named=named)
    found = kernel(load(events, cases)).sum(axis=0)
    assert found.sum() / 1e6 == pytest.approx(waited, rel=0.01)
    shares = dict(zip(CAUSES, found / found.sum(), strict=True))
    assert {c: s for c, s in shares.items() if abs(s - truth[c]) > POINTS} == {}, truth


def test_the_simulator_knows_every_cause(load):
    """The queues above hold every cause in earnest, so that the test above says something."""
    most = dict.fromkeys(CAUSES, 0.0)
    for name in ("busy", "urgent", "shifts", "batches", "outside"):
        desks, per_hour, days, _ = QUEUES[name]
        truth, _ = true_shares(*simulate(desks, per_hour=per_hour, days=days // 4, seed=1))
        most = {c: max(most[c], truth[c]) for c in CAUSES}
    assert min(most.values()) > 0.15


def test_simulated_queues_against_the_slow_twin(load):
    """Own and shared calendars, batches and priorities, to the microsecond."""
    desks, per_hour, _, named = QUEUES["all together"]
    items, servers = simulate(desks, per_hour=per_hour, days=60, seed=5)
    log = load(*rows_of_items(items, servers, named=named))
    found = kernel(log)
    slow, _ = slow_causes(log, account_cases(log), RULES)
    assert found.tolist() == slow
    assert (found.sum(axis=0) > 0).all()
    assert np.unique(discover_calendars(log).source).size > 1
