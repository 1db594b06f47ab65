"""The time in which the customer has to answer is no waiting of the company."""

from hand_logs import at

from leitweg.situation.basis import basis_of
from leitweg.situation.customer_time import without_customer_time


def test_asking_the_customer_stops_the_clock(load_cases):
    log = load_cases(
        {
            "c": [
                (0, "A", "p", "working"),
                (2, "A", "p", "waiting_customer"),
                (50, "B", "p", "queued"),
                (53, "B", "q", "working"),
                (55, "B", "q", "resolved"),
            ]
        }
    )
    cut = without_customer_time(log)
    assert ((cut.at_us - cut.at_us[0]) / 3.6e9).tolist() == [0.0, 2.0, 2.0, 5.0, 7.0]
    basis = basis_of(log, level="unit", start_us=at(0), end_us=at(100))
    # B took three hours; the 48 before were the customer's
    assert basis.stays.wait_hours[basis.stays.handover].tolist() == [3.0]
    # the day of pick-up is the real one
    assert basis.stays.day[1] - basis.stays.day[0] == 2


def test_a_handover_straight_after_asking_has_not_waited(load_cases):
    log = load_cases(
        {
            "c": [
                (0, "A", "p", "waiting_customer"),
                (30, "B", "q", "working"),
                (31, "B", "q", "resolved"),
                (40, "A", "p", "queued"),
            ]
        }
    )
    basis = basis_of(log, level="unit", start_us=at(0), end_us=at(100))
    assert basis.stays.wait_hours[basis.stays.handover][0] == 0.0


def test_a_log_that_never_asks_is_left_alone(load_cases):
    log = load_cases({"c": [(0, "A", "p", "working"), (3, "A", "p", "resolved")]})
    assert without_customer_time(log) is log
