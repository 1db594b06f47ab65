"""When cases come in, and how the company's clock relates to UTC."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np

from leitweg.demo.draws import key_of, numbers, uniform
from leitweg.demo.plan import DAY_US, HOUR_US, MONTH_DAYS, CompanyPlan
from leitweg.demo.way import Floats, Ints
from leitweg.engine.compiled import compiled

(ARRIVAL,) = numbers(400, 401)
# how many cases come in at each hour of the day; none at night, when clocks are changed
HOURS = (0, 0, 0, 0, 0, 0, 1, 4, 9, 11, 11, 9, 6, 8, 9, 8, 6, 4, 3, 2, 2, 1, 0, 0)
WEEKDAYS = (1.25, 1.1, 1.0, 1.0, 0.85, 0.2, 0.1)


def seed_key_of(plan: CompanyPlan) -> np.uint64:
    """Return the key above all draws of a company."""
    return np.uint64(plan.seed * 2 + 1)


@compiled
def _arrival_draws(seed_key: np.uint64, n: int) -> Floats:
    draws = np.empty(n)
    for case in range(n):
        draws[case] = uniform(key_of(seed_key, case), ARRIVAL)
    return draws


def opened_us(plan: CompanyPlan) -> Ints:
    """Return when each case is opened, in order, on the company's clock.

    Without office hours every moment of the period is as likely as any other.
    """
    draws = np.sort(_arrival_draws(seed_key_of(plan), plan.n_cases))
    n_hours = round(plan.months * MONTH_DAYS * 24)
    if not plan.office_hours and not plan.wave_share:
        return np.asarray(plan.start_us + (draws * n_hours * HOUR_US).astype(np.int64))
    cumulated = np.concatenate([[0.0], np.cumsum(_hourly_rates(plan, n_hours))])
    hours = np.interp(draws * cumulated[-1], cumulated, np.arange(n_hours + 1))
    return np.asarray(plan.start_us + (hours * HOUR_US).astype(np.int64))


def _hourly_rates(plan: CompanyPlan, n_hours: int) -> Floats:
    """Return how many cases come in at each hour of the period, relative to the others."""
    rates = np.ones(n_hours)
    if plan.office_hours:
        weekday = (plan.start_us // DAY_US + 3) % 7
        rates = np.resize(np.multiply.outer(np.roll(WEEKDAYS, -weekday), HOURS).ravel(), n_hours)
    if plan.wave_share:
        phase = 2.0 * np.pi * np.arange(n_hours) / (24.0 * plan.wave_days)
        rates = rates * (1.0 - plan.wave_share * np.cos(phase))
    return np.asarray(rates, np.float64)


def to_utc(plan: CompanyPlan, local_us: Ints) -> Ints:
    """Return company times in UTC: those of a company with office hours are local times."""
    if not plan.office_hours or not len(local_us):
        return local_us
    zone = ZoneInfo(plan.time_zone)
    first, last = local_us.min() // DAY_US, local_us.max() // DAY_US
    epoch = dt.date(1970, 1, 1).toordinal()
    offsets = [_noon_offset_us(zone, int(day) + epoch) for day in range(first, last + 1)]
    return np.asarray(local_us - np.array(offsets, np.int64)[local_us // DAY_US - first])


def _noon_offset_us(zone: ZoneInfo, ordinal: int) -> int:
    noon = dt.datetime.combine(dt.date.fromordinal(ordinal), dt.time(12), zone)
    return (noon.utcoffset() or dt.timedelta()) // dt.timedelta(microseconds=1)
