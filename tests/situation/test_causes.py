"""Causes of waiting in figures, links and units: they add up, and say so where they cannot."""

from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest
from hand_logs import HOUR, at

from canonical_rows import rows_of
from leitweg.domain.situation import CAUSES
from leitweg.domain.states import state_of
from leitweg.engine.calendars import discover_calendars
from leitweg.engine.event_log import load_event_log
from leitweg.situation.basis import basis_of
from leitweg.situation.causes import causes_of
from leitweg.situation.customer_line import customer_line
from leitweg.situation.figures import figures_of, measures_of
from leitweg.situation.links import links_of_units

# A works, queues to B, B works, asks the customer, resolves; C's case goes back and forth
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
        (1, "A", "t", "working"),
        (3, "B", "t", "queued"),
        (12, "B", "q", "working"),
        (12.5, "A", "q", "queued"),
        (14, "C", "q", "queued"),
        (17, "A", "s", "working"),
        (18, "A", "s", "resolved"),
        (19, "A", "s", "working"),
        (22, "A", "s", "resolved"),
    ],
    "open": [(3, "B", "q", "working"), (8, "C", "q", "queued")],
}


@pytest.fixture
def basis(load_cases):
    return basis_of(load_cases(STATES), level="unit", start_us=at(0), end_us=at(100))


def causes(basis):
    return causes_of(basis, discover_calendars(basis.log))


def per_month(figures, stem="waiting_hours_per_month_"):
    found = {f.name.removeprefix(stem): f for f in figures if f.name.startswith(stem)}
    return [found[cause] for cause in CAUSES]


def test_the_company(basis):
    figures = {f.name: f for f in figures_of(basis, None, causes=causes(basis))}
    split = per_month(figures.values())
    whole = figures["waiting_hours_per_month"]
    assert sum(f.value for f in split) == pytest.approx(whole.value, rel=1e-12)
    hours = {c: f.value * basis.months for c, f in zip(CAUSES, split, strict=True)}
    # one lay at B from 2 to 10 while q worked on the open case (3 to 8), which came later; three
    # from 3 to 12 while q worked on that, which came no later, and from 10 to 12 on one
    assert hours["contention"] == pytest.approx(7.0)
    assert hours["prioritisation"] == pytest.approx(5.0)
    assert (hours["batching"], hours["unavailability"]) == (0.0, 0.0)
    assert all(f.low <= f.value <= f.high for f in split)


def test_links_and_units_add_up(basis):
    known = causes(basis)
    rows = links_of_units(basis, known)
    assert len(rows) == 5
    for row in rows:
        assert sum(row.causes.values()) == pytest.approx(row.waiting_hours_per_month or 0.0)
    units = customer_line(basis, causes=known)
    for row in units:
        assert sum(row.causes.values()) == pytest.approx(row.waiting_hours_per_month.value)
    (there,) = (r for r in rows if (r.from_unit, r.to_unit) == ("A", "B"))
    hours = {c: h * basis.months for c, h in there.causes.items()}
    assert hours == pytest.approx(
        {**dict.fromkeys(CAUSES, 0.0), "contention": 7.0, "prioritisation": 5.0, "extraneous": 5.0}
    )


def test_every_handover_to_the_microsecond(basis):
    known, walk = causes(basis), basis.company_walk
    entered = walk.wait_us >= 0
    assert np.array_equal(known.stay_us.sum(axis=1)[entered], walk.wait_us[entered])
    assert not known.stay_us[~entered].any()
    resolved = basis.accounts.resolved_us > 0
    assert np.array_equal(known.case_us.sum(axis=1)[resolved], basis.accounts.waiting_us[resolved])


def test_another_period_stands_on_the_same_causes(basis):
    later = basis_of(basis.log, level="unit", start_us=at(35), end_us=at(60))
    known = causes(basis)
    one, other = (figures_of(later, None, causes=c) for c in (known, causes(later)))
    assert one == other
    names = [m.name for m in measures_of(later, known) if "per_month_" in m.name]
    assert names[-5:] == [f"waiting_hours_per_month_{c}" for c in CAUSES]


def test_without_starts_the_causes_are_estimated_under_names_of_their_own(load_cases):
    steps = {f"c{i}": [(10 * i, "A", "p"), (10 * i + 6, "B", "q")] for i in range(30)}
    basis = basis_of(load_cases(steps), level="unit", start_us=at(0), end_us=at(400))
    known = causes(basis)
    assert known.estimated
    figures = figures_of(basis, None, causes=known)
    assert {f.why for f in per_month(figures)} == {"no-started"}
    estimated = per_month(figures, "waiting_hours_per_month_estimated_")
    whole = next(f.value for f in figures if f.name == "waiting_hours_per_month")
    assert 0 <= sum(f.value for f in estimated) <= whole
    assert all(row.causes == {} for row in links_of_units(basis, known))
    assert all(row.causes == {} for row in customer_line(basis, causes=known))


def test_logs_with_starts_have_no_estimates(basis):
    figures = figures_of(basis, None, causes=causes(basis))
    assert [f.name for f in figures if "estimated" in f.name] == []


def test_answers_and_logs_without_a_clock_have_no_causes(basis):
    answers = replace(basis, answers=True)
    assert causes_of(answers, discover_calendars(basis.log)) is None
    assert {f.why for f in per_month(figures_of(answers, None))} == {"no-threads"}
    assert causes_of(basis, None) is None


def test_levels_of_people_and_starts_beside_queues(tmp_path):
    """A log that tells both: the account goes by its states, and so do the causes."""
    steps = [
        *(("c", 0, None, "A", "p", "working"), ("c", 2, None, "B", "p", "queued")),
        *(("c", 9, 7, "B", "q", "working"), ("c", 12, 11, "B", "q", "resolved")),
        *(("d", 1, None, "A", "q", "working"), ("d", 8, 5, "A", "q", "resolved")),
    ]
    events = rows_of(
        "events",
        case_id=[s[0] for s in steps],
        at_us=[at(s[1]) for s in steps],
        started_us=[None if s[2] is None else at(s[2]) for s in steps],
        unit=[s[3] for s in steps],
        person=[s[4] for s in steps],
        state=[int(state_of(s[5])) for s in steps],
        seq=list(range(len(steps))),
    )
    pq.write_table(events, tmp_path / "events.parquet")
    log = load_event_log({"events": [tmp_path / "events.parquet"]})
    for level in ("unit", "person"):
        basis = basis_of(log, level=level, start_us=at(0), end_us=at(100))
        known, walk = causes(basis), basis.company_walk
        entered = walk.wait_us >= 0
        assert np.array_equal(known.stay_us.sum(axis=1)[entered], walk.wait_us[entered])
        assert np.array_equal(known.case_us.sum(axis=1), basis.accounts.waiting_us)
        # from 2 to 8 of 9 q worked on the other case, which was there before
        assert (known.case_us[:, 1] / HOUR).tolist() == [6.0, 0.0]
