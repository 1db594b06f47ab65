"""Links and figures of a log small enough to count by hand."""

import pytest
from hand_logs import at

from leitweg.situation.basis import basis_of
from leitweg.situation.coverage import coverage_of
from leitweg.situation.figures import figures_of
from leitweg.situation.links import links_of_units

# hours: A works, queues to B, B works, asks the customer, resolves; somebody closes
STATES = {
    "one": [
        (0, "A", "p", "working"),
        (2, "B", "p", "queued"),
        (10, "B", "q", "working"),
        (12, "B", "q", "waiting_customer"),
        (20, "B", "q", "working"),
        (21, "B", "q", "resolved"),
        (50, "Archive", "r", "closed"),
    ],
    "two": [(30, "A", "s", "working"), (33, "A", "s", "resolved"), (34, "A", "s", "closed")],
    "three": [
        (40, "A", "p", "working"),
        (41, "B", "p", "queued"),
        (43, "B", "q", "working"),
        (44, "A", "q", "queued"),
        (47, "A", "p", "working"),
        (48, "A", "p", "resolved"),
        (60, "A", "p", "working"),
        (62, "A", "p", "resolved"),
    ],
}


@pytest.fixture
def basis(load_cases):
    return basis_of(load_cases(STATES), level="unit", start_us=at(0), end_us=at(100))


def test_links(basis):
    links = {(row.from_unit, row.to_unit): row for row in links_of_units(basis)}
    assert {pair: (row.handovers, row.cases) for pair, row in links.items()} == {
        ("A", "B"): (2, 2),
        ("B", "A"): (1, 1),
        ("B", "Archive"): (1, 1),
    }
    there, back, close = links["A", "B"], links["B", "A"], links["B", "Archive"]
    # queued at 2, picked up at 10; queued at 41, picked up at 43
    assert (there.waiting_hours_median, there.waiting_hours_p90) == (5.0, pytest.approx(7.4))
    assert there.waiting_hours_per_month == pytest.approx(basis.per_month(8 + 2))
    # A held the first case from 0 to 2 and the third from 40 to 41
    assert there.holding_hours_median == 1.5
    assert (there.n_people, there.n_people_from, there.n_people_to) == (2, 1, 1)
    assert back.waiting_hours_median == 3.0
    # after the resolution nobody waits
    assert (close.waiting_hours_median, close.waiting_hours_per_month) == (None, 0.0)
    assert close.why == "after-resolution"


def test_figures(basis):
    figures = {figure.name: figure for figure in figures_of(basis, None)}
    values = {name: figure.value for name, figure in figures.items()}
    counted = {
        "cases": 3,
        "open_cases": 0,
        "events": 18,
        "handovers_unit": 4,
        "handovers_unit_per_case": pytest.approx(4 / 3),
        "handovers_person": 4,
        "ping_pong_unit_bounces": 1,
        "ping_pong_unit_cases": 1,
        "ping_pong_unit_strict_cases": 0,
        "ping_pong_unit_share": pytest.approx(1 / 3),
        "ping_pong_unit_strict_share": 0.0,
    }
    assert {name: values[name] for name in counted} == counted
    # one: B solves what A got; two: A alone; three: A again, reopened within 14 days
    assert values["right_first_time_share"] == pytest.approx(2 / 3)
    assert values["first_contact_resolution_share"] == pytest.approx(1 / 3)
    assert values["reopened_share"] == pytest.approx(1 / 3)
    # B holds the first case from hour two on; the others are where they belong at once
    assert values["time_to_right_contact_hours_median"] == 0.0
    assert values["time_to_right_contact_hours_p90"] == 2.0
    # closed after 50, 4 and 22 hours
    assert values["cycle_time_hours_median"] == 22.0
    assert values["cycle_time_hours_p90"] == 50.0
    # one 8, two 0, three 2 + 3, and 12 from a resolution that did not hold to new work
    waiting = 8 + 0 + 2 + 3 + 12
    assert values["waiting_hours_per_month"] == pytest.approx(basis.per_month(waiting))
    assert values["waiting_customer_hours_per_month"] == pytest.approx(basis.per_month(8))
    assert values["waiting_share"] == pytest.approx(waiting / (21 + 3 + 22))
    assert figures["first_line_share"].why == "no-lines"
    assert {figure.n_people for figure in figures.values()} == {4}
    for figure in figures.values():
        if figure.low is not None:
            assert figure.low <= figure.value <= figure.high


def test_counts_of_a_period_are_those_of_its_cases(load_cases):
    basis = basis_of(load_cases(STATES), level="unit", start_us=at(35), end_us=at(55))
    values = {figure.name: figure.value for figure in figures_of(basis, None)}
    # only the first case closes between hours 35 and 55
    assert (values["cases"], values["events"], values["handovers_unit"]) == (1, 7, 2)
    assert values["cycle_time_hours_median"] == 50.0
    assert {(row.from_unit, row.to_unit): row.handovers for row in links_of_units(basis)} == {
        ("A", "B"): 1,
        ("B", "Archive"): 1,
    }


def test_coverage_counts_and_says_what_is_missing(load_cases):
    cases = {
        "c": [(0, "A", "p"), (1, None, "q"), (2, "B", None), (3, "B", "r")],
        "d": [(400, "A", "p"), (900, "A", "p")],
    }
    log = load_cases(cases)
    coverage = coverage_of(basis_of(log, level="unit", start_us=at(0), end_us=at(1000)))
    assert (coverage.cases, coverage.events, coverage.people, coverage.units) == (2, 6, 3, 2)
    assert coverage.events_without_person_share == pytest.approx(1 / 6)
    assert coverage.events_without_unit_share == pytest.approx(1 / 6)
    assert not coverage.complete
    found = {note.split(":")[0] for note in coverage.missing}
    assert {"events-without-unit", "events-without-person", "no-started", "no-states"} <= found
    assert {"no-topic", "no-channel", "thin-units: 2 of 2"} <= found | set(coverage.missing)
    # whole weeks between hour 3 and 400, and between 400 and 900
    assert "quiet-weeks: 3" in coverage.missing


def test_queues_tell_work_by_states_and_coverage_says_so(load_cases):
    basis = basis_of(load_cases(STATES), level="unit", start_us=at(0), end_us=at(1000))
    missing = coverage_of(basis).missing
    assert "states-as-work" in missing
    assert "no-started" not in missing


def test_a_few_events_without_person_are_not_none(load_cases):
    cases = {f"c{i}": [(i, "A", "p"), (i + 1, "B", "q")] for i in range(9000)}
    cases["c0"] = [(0, "A", None), (1, "B", "q")]
    basis = basis_of(load_cases(cases), level="unit", start_us=at(0), end_us=at(1000))
    assert "events-without-person: 0.0001" in coverage_of(basis).missing
