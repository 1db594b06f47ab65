"""After retention one person is several ids; an answer must not take them for several people."""

from pathlib import Path

import pytest
from rights_fixture import at, bring

from leitweg.domain.errors import QuestionError
from leitweg.studies.breaking_down import break_down
from leitweg.studies.retaining import retain
from leitweg.studies.situation import analyse
from purposes import allow

QUARTERS = ("2025-08", "2025-11", "2026-02")


def company(folder: Path, n_people: int) -> Path:
    """Two units of a few people each; 36 cases a quarter go from one to the other."""
    rows = []
    for month in QUARTERS:
        for i in range(36):
            case, day, who = f"{month}-{i}", f"{month}-{i % 27 + 1:02}", i % n_people
            rows += [
                (case, f"{day}T08:00:00", f"s{who}", "Sales", "take"),
                (case, f"{day}T1{i % 8}:00:00", f"c{who}", "Claims", "solve"),
            ]
    bring(folder, "events", "case_id,at,person,unit,activity", rows)
    return allow(folder)


@pytest.mark.parametrize(("n_people", "leaves"), [(3, False), (6, True)])
def test_an_id_of_each_quarter_does_not_make_few_many(tmp_path, n_people, leaves):
    folder = company(tmp_path / "w", n_people)
    # two quarters are over and a third is not: every person is three ids
    retain(folder, clock=at("2026-06-01T00:00:00"))
    released = analyse(folder)
    assert released.k == 15
    told = {unit.unit: unit.held_back is None for unit in released.units}
    assert (told["Sales"], told["Claims"]) == (leaves, leaves)
    assert [link.held_back is None for link in released.links] == [leaves]


def test_a_question_about_one_quarter_needs_no_more_people(tmp_path):
    folder = company(tmp_path / "w", 6)
    retain(folder, clock=at("2026-06-01T00:00:00"))
    released = analyse(folder, start="2025-10-01", end="2026-01-01")
    assert released.k == 5
    assert [unit.held_back for unit in released.units] == [None, None]


def test_answers_before_and_after_say_the_same_where_enough_people_stand(tmp_path):
    before = analyse(company(tmp_path / "a", 6))
    folder = company(tmp_path / "b", 6)
    retain(folder, clock=at("2026-06-01T00:00:00"))
    after = analyse(folder)
    assert [(u.unit, u.n_cases) for u in after.units] == [(u.unit, u.n_cases) for u in before.units]
    waits = [[link.waiting_hours_median for link in s.links] for s in (before, after)]
    assert waits[0] == waits[1]


@pytest.mark.parametrize(("n_people", "leaves"), [(3, False), (7, True)])
def test_a_breakdown_does_not_take_ids_for_people_either(tmp_path, n_people, leaves):
    folder = company(tmp_path / "w", n_people)
    retain(folder, clock=at("2026-06-01T00:00:00"))
    released = break_down(folder, of="events", by=["unit"])
    # three people are nine ids in each unit; seven do not share the work alike
    assert {cell.held_back is None for cell in released.row_totals} == {leaves}
    with pytest.raises(QuestionError) as caught:
        break_down(folder, of="events", by=["unit"], epsilon="1", most_per_person=100)
    assert caught.value.code == "noise-over-quarters"
