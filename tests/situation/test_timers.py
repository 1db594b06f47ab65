"""A wait that comes back to the minute is a clock's."""

from hand_logs import at

from leitweg.situation.basis import basis_of
from leitweg.situation.timers import timer_ticks


def ticked(load_cases, waits):
    """Hours of the waits for unit B that are called ticks."""
    log = load_cases({f"c{i}": [(i, "A", "p"), (i + h, "B", "q")] for i, h in enumerate(waits)})
    basis = basis_of(log, level="unit", start_us=at(0), end_us=at(10_000))
    return sorted(round(float(h), 6) for h in basis.stays.wait_hours[timer_ticks(basis)])


SPREAD = [round(1.5 * 1.07**i, 4) for i in range(45)]


def test_one_value_with_more_than_a_tenth_of_the_waits_is_a_tick(load_cases):
    ticks = [360.0, 360.5, 361.0, 362.0, 363.0, 363.5]
    assert ticked(load_cases, SPREAD + ticks) == ticks


def test_a_tenth_is_not_more_than_a_tenth(load_cases):
    assert ticked(load_cases, SPREAD + [360.0] * 5) == []


def test_few_waits_show_no_clock(load_cases):
    assert ticked(load_cases, [360.0] * 39) == []
    assert ticked(load_cases, [360.0] * 40) == [360.0] * 40


def test_waits_under_an_hour_are_no_clock(load_cases):
    assert ticked(load_cases, SPREAD + [0.5] * 30) == []


def test_in_a_log_of_days_equal_waits_are_no_clock(load_cases):
    waits = [24.0 * (1 + i % 3) for i in range(120)]
    log = load_cases(
        {f"c{i}": [(24 * i, "A", "p"), (24 * i + h, "B", "q")] for i, h in enumerate(waits)}
    )
    basis = basis_of(log, level="unit", start_us=at(0), end_us=at(10_000))
    assert not timer_ticks(basis).any()
