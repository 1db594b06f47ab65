"""How much work lies where: planted numbers, and attacks that must not disclose."""

import itertools
import json
import random
from datetime import timedelta

import numpy as np
import pytest
from planted_breakdown import FULL, PART, START, events_of, imported, named, staff, write
from typer.testing import CliRunner

from leitweg.cli.main import app
from leitweg.domain.errors import QuestionError
from leitweg.domain.imports import ImportOptions
from leitweg.studies.breakdown_document import breakdown_document
from leitweg.studies.breakdown_file import FORMATS, write_breakdown
from leitweg.studies.breaking_down import break_down
from leitweg.studies.demo import run_demo
from leitweg.studies.importing import import_files
from leitweg.studies.json_forms import json_text

K = 5
SEEDS = [*range(2), *(pytest.param(seed, marks=pytest.mark.verify) for seed in range(2, 40))]


@pytest.fixture(scope="module")
def people():
    return staff(
        (8, "Sales", "Kiel", "Clerk", FULL),
        (6, "Sales", "Bonn", "Clerk", PART),
        (7, "Claims", "Kiel", "Clerk", FULL),
        (9, "Claims", "Bonn", "Expert", FULL),
        (2, "Board", "Kiel", None, FULL),
    )


@pytest.fixture(scope="module")
def planted(people, tmp_path_factory):
    return imported(tmp_path_factory.mktemp("open"), people, events_of(people), "open")


@pytest.fixture(scope="module")
def guarded(people, tmp_path_factory):
    return imported(tmp_path_factory.mktemp("protected"), people, events_of(people))


def events_in(people, **wanted):
    """Events of the people with these attributes, told from how they were planted."""
    return 2 * sum(
        3 + i % 3 for i, p in enumerate(people) if all(p[a] == v for a, v in wanted.items())
    )


def test_events_lie_where_they_were_planted(planted, people):
    found = named(break_down(planted, by=["unit", "site"]))
    for unit, site in itertools.product(("Sales", "Claims", "Board"), ("Kiel", "Bonn")):
        assert found[unit, site] == events_in(people, unit=unit, site=site)
    assert found["Sales",] == events_in(people, unit="Sales")
    assert found["*", "Bonn"] == events_in(people, site="Bonn")
    assert found["*",] == events_in(people)


def test_people_are_counted_once_in_each_cell(planted):
    found = named(break_down(planted, by=["unit", "topic"], of="people"))
    assert found["Sales", "Bill"] == found["Sales", "Move"] == found["Sales",] == 14
    assert found["*",] == 32


def test_who_has_no_position_is_a_group_of_its_own(planted):
    found = named(break_down(planted, by=["position"], of="people"))
    assert found == {("Clerk",): 21, ("Expert",): 9, ("not-known",): 2, ("*",): 32}


def test_full_and_part_time_are_told_by_the_hours_a_week(planted):
    found = named(break_down(planted, by=["hours"], of="people"))
    assert found == {("full-time",): 26, ("part-time",): 6, ("*",): 32}


def test_a_condition_is_a_column_of_the_table_of_both(planted):
    whole = named(break_down(planted, by=["unit", "site"]))
    part = named(break_down(planted, by=["unit"], where={"site": "Bonn"}))
    assert part["Sales",] == whole["Sales", "Bonn"]
    assert part["*",] == whole["*", "Bonn"]


def test_the_mean_per_person_has_an_interval_around_it(planted, people):
    released = break_down(planted, by=["unit"], per_person=True)
    means = dict(zip([g.label for g in released.rows], released.row_totals, strict=True))
    expected = events_in(people, unit="Sales") / 14
    assert means["Sales"].value == pytest.approx(expected)
    assert means["Sales"].low < expected < means["Sales"].high


def test_handovers_lie_with_those_who_hand_over(tmp_path, people):
    rows = events_of(people, topics=("Bill",))
    # every case of Sales goes to the same person of Claims an hour later
    expert = next(p for p in people if p["position"] == "Expert")
    handed = [
        {**row, "at": row["at"].replace("T08", "T09"), "person": expert["person"], "unit": "Claims"}
        for row in rows
        if row["unit"] == "Sales"
    ]
    place = imported(tmp_path, people, rows + handed, "open")
    found = named(break_down(place, by=["unit"], of="handovers"))
    assert found == {("Sales",): len(handed), ("*",): len(handed)}
    cases = named(break_down(place, by=["unit"], of="cases"))
    # a case that both worked on counts in both units, and once in all
    assert cases["Claims",] == events_in(people, unit="Claims") / 2 + len(handed)
    assert cases["*",] == events_in(people) / 2


def test_hours_of_work_are_those_between_start_and_end(tmp_path, people):
    rows = [
        {**row, "started": row["at"], "at": row["at"].replace(":00+00:00", ":30+00:00")}
        for row in events_of(people, amount=lambda _i, _t: 20)
    ]
    rows = [{**row, "at": later(row["started"], minutes=30)} for row in rows]
    place = imported(tmp_path, people, rows, "open")
    released = break_down(place, by=["unit"], of="working_hours")
    found = named(released)
    assert found["Sales",] == pytest.approx(14 * 2 * 20 * 0.5, rel=0.1)
    assert all(c.low < c.value < c.high for c in released.row_totals)


def later(at, **delta):
    return (START.fromisoformat(at) + timedelta(**delta)).isoformat()


def test_the_few_are_merged_and_named_and_a_total_stays_a_total(guarded, people):
    released = break_down(guarded, by=["unit"], of="events")
    (other,) = [group for group in released.rows if group.kind == "other"]
    # the two of the board would follow from the total: the next smallest unit goes with them
    assert other.merged == ("Board", "Sales")
    found = named(released)
    assert found["other",] == events_in(people, unit="Board") + events_in(people, unit="Sales")
    assert found["*",] == events_in(people)


def test_a_condition_on_a_merged_value_answers_nothing(guarded):
    released = break_down(guarded, by=["topic"], where={"unit": "Board"})
    assert {cell.held_back for cell in released.all_cells} == {"below-k"}


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({"by": []}, "breakdown-by-what"),
        ({"by": ["unit", "site", "hours"]}, "too-many-attributes"),
        ({"by": ["unit", "site"], "where": {"hours": "part-time"}}, "too-many-attributes"),
        ({"by": ["unit"], "where": {"site": "Kiel", "hours": "x"}}, "too-many-attributes"),
        ({"by": ["unit", "unit"]}, "attribute-twice"),
        ({"by": ["unit"], "where": {"unit": "Sales"}}, "attribute-twice"),
        ({"by": ["person"]}, "person-level"),
        ({"by": ["unit"], "where": {"manager": "x"}}, "person-level"),
        ({"by": ["customer"]}, "person-level"),
        ({"by": ["colour"]}, "unknown-attribute"),
        ({"by": ["unit"], "of": "salaries"}, "unknown-measure"),
        ({"by": ["unit"], "of": "people", "per_person": True}, "people-per-person"),
        ({"by": ["language"]}, "no-such-attribute"),
        ({"by": ["unit"], "where": {"site": "Rome"}}, "unknown-value"),
        ({"by": ["unit"], "of": "working_hours"}, "no-work"),
        ({"by": ["unit"], "start": "2031-01-01"}, "empty-period"),
        ({"by": ["unit"], "start": "soon"}, "not-a-date"),
    ],
)
def test_a_bad_question_is_refused_in_one_sentence(guarded, question, code):
    with pytest.raises(QuestionError) as error:
        break_down(guarded, **question)
    assert error.value.code == code


# attacks


def test_the_only_part_timer_of_a_unit_stays_inside(tmp_path):
    """A10: a manager knows that there is one, and asks for the hours kind in the unit."""
    people = staff(
        (11, "Sales", "Kiel", "Clerk", FULL),
        (1, "Sales", "Kiel", "Clerk", PART),
        (20, "Claims", "Kiel", "Clerk", FULL),
        (20, "Claims", "Kiel", "Clerk", PART),
    )
    place = imported(tmp_path, people, events_of(people))
    for of in ("events", "people", "cases"):
        found = named(break_down(place, by=["hours"], where={"unit": "Sales"}, of=of))
        assert found["part-time",] is None
        # the rest would tell it: the total of the unit is known
        assert found["full-time",] is None


def test_a_unit_less_the_unit_at_its_site_tells_nobody(tmp_path):
    """A1: twelve of thirteen sit in Kiel."""
    people = staff(
        (12, "Sales", "Kiel", "Clerk", FULL),
        (1, "Sales", "Bonn", "Clerk", FULL),
        (20, "Claims", "Kiel", "Clerk", FULL),
        (20, "Claims", "Bonn", "Clerk", FULL),
    )
    place = imported(tmp_path, people, events_of(people))
    assert named(break_down(place, by=["unit"]))["Sales",] is not None
    found = named(break_down(place, by=["unit"], where={"site": "Kiel"}))
    assert found["Sales",] is None
    found = named(break_down(place, by=["unit", "site"]))
    assert found["Sales", "Kiel"] is found["Sales", "Bonn"] is None


def test_two_attributes_that_differ_by_one_person_are_not_both_told(tmp_path):
    """A1 over two questions: the position is the unit without its head."""
    people = staff(
        (12, "Sales", "Kiel", "Seller", FULL),
        (1, "Sales", "Kiel", "Head", FULL),
        (19, "Claims", "Kiel", "Clerk", FULL),
        (6, "Claims", "Bonn", "Head", FULL),
    )
    place = imported(tmp_path, people, events_of(people))
    units = named(break_down(place, by=["unit"]))
    positions = named(break_down(place, by=["position"]))
    assert units["Sales",] is not None
    assert positions["Seller",] is None
    # who asks again, and in another process of thought, learns the same
    assert named(break_down(place, by=["position"])) == positions


def test_a_day_on_which_few_worked_cannot_be_subtracted(tmp_path):
    """A5: everybody works in January; on the 1st of February two people do."""
    people = staff((15, "Sales", "Kiel", "Clerk", FULL), (15, "Claims", "Kiel", "Clerk", FULL))
    rows = events_of(people)
    extra = [
        {**row, "case_id": f"late-{i}", "at": "2025-02-01T09:00:00+00:00"}
        for i, row in enumerate(rows[:12])
    ]
    assert len({row["person"] for row in extra}) < K
    place = imported(tmp_path, people, rows + extra)
    first = break_down(place, by=["unit"], start="2025-01-01", end="2025-02-01")
    second = break_down(place, by=["unit"], start="2025-01-01", end="2025-02-02")
    assert named(first)["Sales",] is not None
    assert {cell.held_back for cell in second.all_cells} == {"below-k"}


def test_who_joins_between_two_imports_cannot_be_subtracted(tmp_path):
    """A5: the same question before and after one new person has worked."""
    people = staff((15, "Sales", "Kiel", "Clerk", FULL), (15, "Claims", "Kiel", "Clerk", FULL))
    place = imported(tmp_path, people, events_of(people))
    before = named(break_down(place, by=["unit"]))
    joiner = {**people[0], "person": "newcomer"}
    new = [{**row, "case_id": f"new-{i}"} for i, row in enumerate(events_of([joiner]))]
    files = [write(tmp_path / "more.csv", [joiner]), write(tmp_path / "new.csv", new)]
    import_files(place, files, ImportOptions(), profile="protected")
    after = named(break_down(place, by=["unit"]))
    assert before["Sales",] is not None
    assert after["Sales",] is after["*",] is None


def test_one_person_who_makes_most_of_it_stays_inside(tmp_path):
    """A6: six people, one of whom does nine tenths."""
    people = staff((6, "Sales", "Kiel", "Clerk", FULL), (30, "Claims", "Kiel", "Clerk", FULL))
    rows = events_of(people, amount=lambda i, _t: 60 if i == 0 else 1 + i % 3)
    place = imported(tmp_path, people, rows)
    assert named(break_down(place, by=["unit"]))["Sales",] is None
    assert named(break_down(place, by=["unit"], of="people"))["Sales",] == 6


def test_a_sum_of_equal_parts_of_few_tells_each_of_them(tmp_path):
    """A4: seven people did two cases each; the mean is what everybody did."""
    people = staff((7, "Sales", "Kiel", "Clerk", FULL), (30, "Claims", "Kiel", "Clerk", FULL))
    rows = events_of(people, amount=lambda i, _t: 2 if i < 7 else 1 + i % 3)
    place = imported(tmp_path, people, rows)
    assert named(break_down(place, by=["unit"], per_person=True))["Sales",] is None


def random_company(seed):
    draw = random.Random(seed)
    groups = [
        (draw.randint(1, 9), unit, site, draw.choice("PQR"), draw.choice((FULL, PART)))
        for unit in "ABCD"
        for site in "XYZ"
        if draw.random() < 0.8
    ]
    people = staff(*groups)
    amounts = {}

    def amount(i, topic):
        return amounts.setdefault((i, topic), draw.choice((0, 1, 1, 2, 3, 5)))

    return people, events_of(people, topics=("S", "T", "U"), amount=amount)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_sequence_of_questions_isolates_anybody(seed, tmp_path):
    """A2, A3: all tables of people in random order; rank over the rationals, told anew here."""
    people, events = random_company(seed)
    who = sorted({row["person"] for row in events})
    place_of = {person["person"]: person for person in people}
    workspace = imported(tmp_path, people, events)
    attributes = ["unit", "site", "position", "hours"]
    questions = [(a,) for a in attributes] + list(itertools.combinations(attributes, 2))
    random.Random(seed).shuffle(questions)
    told = []
    for by in questions:
        released = break_down(workspace, by=by)
        groups = {name: groups_of(released, i) for i, name in enumerate(by)}
        for names, value in named(released).items():
            if value is None:
                continue
            members = [p for p in who if is_in(place_of[p], by, names, groups)]
            assert len(members) >= K or not members
            told.append([float(p in members) for p in who])
    assert few_told(np.array(told)) == []


def few_told(known):
    """Groups of fewer than k people about whom a combination of what was told speaks alone.

    People who are in the same sets cannot be parted, so a group is made of such classes.
    """
    columns, sizes = np.unique(known, axis=1, return_counts=True)
    rank = np.linalg.matrix_rank(columns)
    small = [i for i in range(columns.shape[1]) if sizes[i] < K and columns[:, i].any()]
    groups = (
        group
        for n in range(1, K)
        for group in itertools.combinations(small, n)
        if sum(sizes[i] for i in group) < K
    )
    # something is zero outside the group and not within it: rank falls without the group
    return [g for g in groups if np.linalg.matrix_rank(np.delete(columns, g, axis=1)) < rank]


def test_the_search_for_few_finds_the_four_groups_that_isolate_one():
    """A2: S1 + S2 - S3 - S4 is one person, though every two sets differ in twelve."""
    known = np.zeros((4, 25))
    known[0, :12] = known[1, 12:25] = known[2, 6:18] = 1
    known[3, [*range(6), *range(18, 24)]] = 1
    assert few_told(known[:3]) == []
    assert len(few_told(known)) >= 1


def groups_of(released, axis):
    groups = (released.rows, released.columns)[axis]
    return {g.label or g.kind: (g.merged or (g.label,)) for g in groups}


def is_in(person, by, names, groups):
    """Whether a person stands in a cell, by what was planted."""
    kinds = {FULL: "full-time", PART: "part-time"}
    own = {**person, "hours": kinds[person["hours_per_week"]]}
    return all(
        name == "*" or own[attribute] in groups[attribute][name]
        for attribute, name in zip(by, names, strict=False)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_no_hidden_cell_follows_from_the_totals_of_its_table(seed, tmp_path):
    people, events = random_company(100 + seed)
    workspace = imported(tmp_path, people, events)
    for by in (("unit", "topic"), ("unit", "site"), ("site", "topic")):
        released = break_down(workspace, by=by)
        n_rows, n_columns = len(released.rows), len(released.columns)
        known = []
        for i, j in itertools.product(range(n_rows + 1), range(n_columns + 1)):
            if cell_at(released, i, j).value is not None:
                whole = np.zeros((n_rows, n_columns))
                whole[slice(None) if i == n_rows else i, slice(None) if j == n_columns else j] = 1
                known.append(whole.ravel())
        matrix = np.array(known)
        rank = np.linalg.matrix_rank(matrix)
        for i, j in itertools.product(range(n_rows), range(n_columns)):
            if released.cells[i][j].held_back:
                one = np.zeros((n_rows, n_columns))
                one[i, j] = 1
                assert np.linalg.matrix_rank(np.vstack([matrix, one.ravel()])) > rank


def cell_at(released, i, j):
    if i == len(released.rows):
        return released.total if j == len(released.columns) else released.column_totals[j]
    return released.row_totals[i] if j == len(released.columns) else released.cells[i][j]


# on the demo company


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return run_demo(tmp_path_factory.mktemp("demo"), language="en").workspace


def test_ordinary_questions_on_the_demo_company_are_answered(demo):
    shown = {}
    for by in (("unit",), ("site",), ("unit", "site"), ("unit", "topic"), ("position", "site")):
        released = break_down(demo, by=by)
        assert released.total.value == 46891
        cells = released.all_cells
        shown[by] = sum(cell.held_back is None for cell in cells) / len(cells)
    assert shown["unit",] == shown["site",] == 1
    assert shown["unit", "topic"] > 0.85
    assert shown["unit", "site"] > 0.5
    assert shown["position", "site"] > 0.35


def test_no_cell_of_the_demo_company_is_about_few(demo):
    released = break_down(demo, by=("position", "hours"), of="people")
    assert all(c.value in (None, 0) or c.value >= K for c in released.all_cells)


# faces


def test_the_document_says_what_was_held_back_in_one_form(guarded):
    document = breakdown_document(break_down(guarded, by=["unit", "position"]), "de")
    held = [cell for row in document["cells"] for cell in row if cell["value"] is None]
    assert held
    assert {json.dumps(cell) for cell in held} == {
        '{"value": null, "low": null, "high": null, "n_people": null, "held_back": "below-k"}'
    }
    assert "person0" not in json_text(document)


@pytest.mark.parametrize("file_format", FORMATS)
def test_every_format_is_written(guarded, tmp_path, file_format):
    released = break_down(guarded, by=["unit", "topic"])
    out = write_breakdown(released, tmp_path / f"table.{file_format}", language="de")
    assert out.stat().st_size > 200


def test_the_table_as_csv_holds_cells_margins_and_total(planted, people, tmp_path):
    released = break_down(planted, by=["unit", "site"])
    text = write_breakdown(released, tmp_path / "t.csv").read_text(encoding="utf-8")
    value = float(events_in(people, unit="Sales", site="Bonn"))
    assert f"Sales,Bonn,{value},,,6," in text
    assert f"\n,,{float(events_in(people))},,,32," in text


def test_a_format_that_is_none_is_refused_before_anything_is_read(tmp_path):
    arguments = ["breakdown", "-w", str(tmp_path / "none"), "--by", "unit", "-o", "x.csv"]
    result = CliRunner().invoke(app, [*arguments, "--format", "pdf", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["code"] == "unknown-format"


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("width", ["80", "140"])
def test_the_screen_fits(guarded, language, width):
    arguments = ["breakdown", "-w", str(guarded), "--by", "unit", "--by", "topic"]
    result = CliRunner(env={"COLUMNS": width}).invoke(app, [*arguments, "--language", language])
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= int(width)
    assert any("Claims" in line for line in lines)
