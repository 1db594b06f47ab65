"""Key positions: few holders whose work nobody else does, and what their absence cost."""

import numpy as np
import pytest
from hand_logs import at

from leitweg.engine.staff import Staff
from leitweg.situation.absences import absent_together, both, overlaps
from leitweg.situation.basis import basis_of
from leitweg.situation.key_position import index_of, key_positions, positions_of

NONE = np.zeros(0, dtype=np.int64)


def staff_of(log, held, *, skills=(), needs=(), absences=(), until=None):
    """``held`` person -> position; skills (person, skill); needs (position, skill)."""
    until = until or {}
    code = {person: i for i, person in enumerate(log.persons)}
    positions = sorted(set(held.values()))
    names = sorted({skill for _, skill in skills})
    skill = np.array([names.index(s) for _, s in skills], dtype=np.int32)
    return Staff(
        position=np.array([positions.index(held[p]) if p in held else -1 for p in log.persons]),
        positions=tuple(positions),
        titles=tuple(positions),
        holder_position=np.array([positions.index(p) for p in held.values()]),
        holder_person=np.array([code.get(person, -1) for person in held]),
        holder_until_us=np.array([at(until.get(p, 99_999)) for p in held], dtype=np.int64),
        skill_person=np.array([code.get(p, -1) for p, _ in skills], dtype=np.int32),
        skill=skill,
        skill_count=np.bincount(skill, minlength=len(names)),
        skills=tuple(names),
        need_position=np.array([positions.index(p) for p, _ in needs], dtype=np.int64),
        need_skill=np.array([names.index(s) for _, s in needs], dtype=np.int64),
        absent_person=np.array([code[p] for p, _, _ in absences], dtype=np.int64),
        absent_from_us=np.array([at(a) for _, a, _ in absences], dtype=np.int64),
        absent_to_us=np.array([at(b) for _, _, b in absences], dtype=np.int64),
    )


HELD = {"expert": "Specialist", "c1": "Clerk", "c2": "Clerk", "front": "Front"}


def company(load_cases):
    """60 cases of topic s worked by the expert alone, 60 of topic o by two clerks in turn.

    One arrives every ten hours and waits one hour; from hour 200 to 300 the expert is absent, and
    those that arrive then wait until hour 300.
    """
    cases, topics = {}, {}
    for i in range(120):
        now, topic = 10.0 * i, "s" if i % 2 else "o"
        worker = "expert" if topic == "s" else f"c{1 + (i // 2) % 2}"
        start = 300.0 if topic == "s" and 200 <= now < 300 else now + 1
        cases[f"k{i:03}"] = [(now, "desk", "front"), (start, "back", worker)]
        topics[f"k{i:03}"] = topic
    return basis_of(load_cases(cases, topics), level="unit", start_us=at(0), end_us=at(9_999))


def test_the_position_that_works_alone_is_named_and_never_the_person(load_cases):
    basis = company(load_cases)
    staff = staff_of(
        basis.log,
        HELD,
        skills=[("expert", "meters"), ("c1", "letters"), ("c2", "letters")],
        needs=[("Specialist", "meters"), ("Clerk", "letters")],
        absences=[("expert", 200, 300)],
    )
    found = {c.where["position"]: c for c in key_positions(basis, staff)}
    # the front desk and the clerks work alone on their topics too, and few hold them
    special = found["Specialist"]
    assert special.evidence["holders"] == 1
    assert special.evidence["reach_lost_share"] == pytest.approx(0.5)
    assert (special.evidence["scarce_skill"], special.certainty) == ("meters", 1.0)
    # ordered at 210, 230 ... 290: waits of 90, 70, 50, 30 and 10 hours instead of one
    assert special.price.value == pytest.approx((250 - 5) / basis.months)
    assert special.evidence["hours_per_absent_day"] == pytest.approx(245 / (100 / 24))
    assert "expert" not in str(special.evidence)


def test_without_absences_the_price_is_null_and_says_why(load_cases):
    basis = company(load_cases)
    (found,) = [
        c
        for c in key_positions(basis, staff_of(basis.log, HELD))
        if c.where["position"] == "Specialist"
    ]
    assert (found.price, found.why) == (None, "no-absences")
    assert found.certainty == 0.5


def test_more_holders_are_no_key_position(load_cases):
    basis = company(load_cases)
    held = {**HELD, **dict.fromkeys(("x", "y", "z"), "Specialist")}
    names = {c.where["position"] for c in key_positions(basis, staff_of(basis.log, held))}
    assert "Specialist" not in names


def test_who_left_before_the_period_holds_no_position(load_cases):
    basis = company(load_cases)
    gone = dict.fromkeys(("x", "y", "z"), "Specialist")
    absences = [("expert", 200, 300)]
    staff = staff_of(basis.log, {**HELD, **gone}, until=dict.fromkeys(gone, -1), absences=absences)
    (found,) = [c for c in key_positions(basis, staff) if c.where["position"] == "Specialist"]
    assert found.evidence["holders"] == 1
    assert found.price is not None


def test_nothing_known_of_positions_names_none(load_cases):
    basis = company(load_cases)
    assert key_positions(basis, None) == []
    assert key_positions(basis, staff_of(basis.log, {})) == []


def test_the_index_is_the_sum_of_four_standard_scores(load_cases):
    basis = company(load_cases)
    known = positions_of(basis, staff_of(basis.log, HELD))
    columns = np.array([[p.weight, p.reach_lost, p.scarcity, p.broker] for p in known])
    spread = columns.std(axis=0)
    scores = (columns - columns.mean(axis=0))[:, spread > 0] / spread[spread > 0]
    assert index_of(known) == pytest.approx(scores.sum(axis=1))


def test_two_holders_must_be_absent_at_once(load_cases):
    basis = company(load_cases)
    absences = [("c1", 0, 50), ("c2", 40, 90), ("c2", 10, 20)]
    staff = staff_of(basis.log, HELD, absences=absences)
    both = [basis.log.persons.index(p) for p in ("c1", "c2")]
    assert absent_together(staff, np.array(both)).tolist() == [[at(10), at(20)], [at(40), at(50)]]
    assert absent_together(staff, np.array([-1])).size == 0


def test_overlap_is_half_open():
    stretches = np.array([[10, 20], [30, 40]])
    start, end = np.array([0, 0, 20, 25, 40]), np.array([10, 11, 30, 31, 50])
    assert overlaps(start, end, stretches).tolist() == [False, True, False, True, False]


def test_what_two_sets_of_stretches_have_in_common():
    rng = np.random.default_rng(6)
    for _ in range(50):
        sets = [np.sort(rng.choice(60, 12, replace=False)).reshape(-1, 2) for _ in range(2)]
        inside = [{t for a, b in s for t in range(a, b)} for s in sets]
        found = both(*sets)
        assert {t for a, b in found for t in range(a, b)} == inside[0] & inside[1]


def test_absences_by_the_hour_over_twenty_years_meet_quickly():
    hours = np.arange(80_000, dtype=np.int64) * 2
    one, other = np.column_stack([hours, hours + 1]), np.column_stack([hours + 1, hours + 2])
    assert both(one, other).size == 0
    assert both(one, one).shape == one.shape
