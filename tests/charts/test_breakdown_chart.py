"""The pictures of a breakdown: every cell in its place, held back ones grey, names kept apart."""

import pytest

from leitweg.charts.breakdown import LONGEST_NAME, draw_breakdown, heat_map_spec
from leitweg.charts.picture import FAINT, PAPER
from leitweg.domain.breakdown import BreakdownQuestion, Cell, Group, ReleasedBreakdown
from leitweg.domain.situation import Period

HELD = Cell(None, held_back="below-k")
LONG = "A unit with a name that is much longer than the picture has room for"


def table(cells, rows=("Sales", "Claims"), columns=("Kiel", "Bonn")):
    return ReleasedBreakdown(
        profile="protected",
        k=5,
        question=BreakdownQuestion("events", ("unit", "site") if columns else ("unit",)),
        period=Period(None, None, None, "all"),
        rows=tuple(map(Group, rows)),
        columns=tuple(map(Group, columns)),
        cells=tuple(cells) if columns else (),
        row_totals=tuple(row[0] for row in cells),
        column_totals=tuple(cells[0]) if columns else (),
        total=HELD,
        left_out=0,
        seed=0,
    )


def marks(released, language="en"):
    return {(v["row"], v["column"]): v for v in heat_map_spec(released, language)["data"]["values"]}


def test_what_is_held_back_is_grey_and_nothing_is_white():
    found = marks(table([(Cell(120.0), HELD), (Cell(0.0), Cell(60.0))]))
    assert found["Sales", "Bonn"]["fill"] == FAINT
    assert found["Claims", "Kiel"]["fill"] == PAPER
    assert found["Sales", "Kiel"]["fill"] != found["Claims", "Bonn"]["fill"]
    assert [v["text"] for v in found.values()] == ["120", "·", "0", "60"]


def test_two_long_names_stay_two_rows():
    rows = (f"{LONG} one", f"{LONG} two")
    found = marks(table([(Cell(1.0), Cell(2.0)), (Cell(3.0), Cell(4.0))], rows=rows))
    assert len({row for row, _ in found}) == 2
    assert all(len(row) <= LONGEST_NAME + 1 for row, _ in found)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("columns", [("Kiel", "Bonn"), ()])
def test_the_picture_is_drawn_in_both_languages(language, columns):
    cells = [(Cell(1200.5, 1100.0, 1300.0), HELD), (HELD, Cell(7.0))]
    picture = draw_breakdown(table(cells, columns=columns), language)
    assert "<svg" in picture.svg
    assert "Sales" in picture.svg


def test_where_all_is_held_back_there_is_no_picture():
    assert draw_breakdown(table([(HELD, HELD), (HELD, HELD)]), "en") is None
