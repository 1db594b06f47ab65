"""Breakdowns with noise: what they say of it, what stays inside, and what they cost."""

import json

import pytest
from planted_breakdown import FULL, PART, events_of, imported, staff
from typer.testing import CliRunner

from leitweg.cli.main import app
from leitweg.domain.errors import QuestionError
from leitweg.studies.breakdown_document import breakdown_document
from leitweg.studies.breaking_down import break_down


@pytest.fixture(scope="module")
def people():
    return staff(
        (60, "Sales", "Kiel", "Clerk", FULL),
        (40, "Claims", "Bonn", "Clerk", FULL),
        (12, "Legal", "Bonn", "Clerk", PART),
    )


@pytest.fixture
def workspace(people, tmp_path):
    return imported(tmp_path, people, events_of(people))


def cells(released):
    return {g.label or g.kind: c for g, c in zip(released.rows, released.row_totals, strict=True)}


def test_values_bear_noise_around_the_truth_and_say_so(workspace):
    released = break_down(workspace, by=["unit"], of="people", epsilon="1")
    found = cells(released)
    # scale 1: farther than 20 off happens once in 10^9
    assert found["Sales"].value == pytest.approx(60, abs=20)
    assert found["Sales"].low < found["Sales"].value < found["Sales"].high
    assert found["Sales"].high - found["Sales"].low == pytest.approx(2 * 3, abs=2)
    assert released.noise.epsilon == "1"
    assert released.noise.scale == 1
    assert released.noise.left_of_budget == "0"
    document = breakdown_document(released, "en")
    assert document["noise"]["mechanism"] == "discrete Laplace (OpenDP)"
    assert any("epsilon 1" in note for note in document["notes"])


def test_no_exact_number_stands_beside_the_noise(workspace):
    released = break_down(workspace, by=["unit"], of="events", epsilon="0.5", most_per_person=10)
    assert {cell.n_people for cell in released.all_cells} == {None}
    assert released.total.value is None
    assert breakdown_document(released, "en")["total"]["why"] == "no-totals-with-noise"


def test_fewer_than_twenty_join_others_or_stay_inside(workspace):
    released = break_down(workspace, by=["unit"], of="people", epsilon="0.5")
    (other,) = [group for group in released.rows if group.kind == "other"]
    assert other.merged == ("Claims", "Legal")
    released = break_down(workspace, by=["unit", "site"], of="people", epsilon="0.5")
    shown = [cell for row in released.cells for cell in row if cell.held_back is None]
    assert len(shown) == 2


def test_the_mean_divides_a_sum_with_noise_by_a_number_with_noise(workspace):
    released = break_down(workspace, by=["unit"], per_person=True, epsilon="1", most_per_person=10)
    found = cells(released)
    # eight events each; the sum is off by 20 and the number by 2 in their scales
    assert found["Sales"].value == pytest.approx(8, abs=6)
    assert found["Sales"].low < 8 < found["Sales"].high


def test_what_is_above_the_bound_is_cut(workspace):
    released = break_down(workspace, by=["unit"], epsilon="1", most_per_person=2)
    assert cells(released)["Sales"].value == pytest.approx(60 * 2, abs=50)


def test_the_budget_ends_and_nothing_is_answered(workspace):
    ask = {"by": ["unit"], "of": "people", "epsilon": "0.6"}
    break_down(workspace, **ask)
    with pytest.raises(QuestionError) as error:
        break_down(workspace, **ask)
    assert error.value.code == "budget-spent"
    assert error.value.fields["left"] == "0.4"
    # by another attribute it is the same construct
    with pytest.raises(QuestionError):
        break_down(workspace, **{**ask, "by": ["site"]})


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({"of": "cases", "epsilon": "0.5", "most_per_person": 5}, "noise-of"),
        ({"of": "events", "epsilon": "0.5"}, "most-per-person"),
        ({"of": "events", "epsilon": "0.5", "most_per_person": float("nan")}, "most-per-person"),
        ({"of": "events", "epsilon": "0.5", "most_per_person": -1}, "most-per-person"),
        ({"of": "people", "epsilon": "5"}, "bad-epsilon"),
    ],
)
def test_a_bad_question_spends_nothing(workspace, question, code):
    with pytest.raises(QuestionError) as error:
        break_down(workspace, by=["unit"], **question)
    assert error.value.code == code
    released = break_down(workspace, by=["unit"], of="people", epsilon="1")
    assert released.noise.left_of_budget == "0"


def test_the_command_tells_what_the_noise_is(workspace):
    arguments = ["breakdown", "-w", str(workspace), "--by", "unit", "--of", "people"]
    result = CliRunner().invoke(app, [*arguments, "--epsilon", "0.25", "--json"])
    assert result.exit_code == 0
    noise = json.loads(result.stdout)["noise"]
    assert (noise["epsilon"], noise["scale"], noise["left_of_budget"]) == ("0.25", 4.0, "0.75")


def test_a_person_is_in_one_cell_for_each_topic(workspace):
    released = break_down(workspace, by=["unit", "topic"], of="people", epsilon="0.5")
    # two topics, whatever the number of units
    assert released.noise.most_per_person == 2
    assert released.noise.scale == 4
    one = break_down(workspace, by=["unit"], where={"topic": "Bill"}, of="people", epsilon="0.5")
    assert one.noise.scale == 2


def test_nothing_is_less_than_nothing(workspace):
    released = break_down(workspace, by=["unit", "topic"], epsilon="0.001", most_per_person=9)
    values = [cell for row in released.cells for cell in row if cell.held_back is None]
    assert values
    assert all(0 <= cell.low <= cell.value <= cell.high for cell in values)
