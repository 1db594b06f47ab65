"""The pictures: what they draw, what they leave out, and that names stay names."""

import re

import pytest

import faces_fixture
from leitweg.charts.customer_line import draw_line_map
from leitweg.charts.findings import draw_findings, findings_spec
from leitweg.charts.flow import draw_flow, flow_spec
from leitweg.charts.flow_layout import column_of_units, curve, lay_out
from leitweg.charts.labels import Spot, place_labels
from leitweg.charts.matrix import draw_matrix, matrix_spec
from leitweg.charts.picture import to_svg, two_lines, wait_class, width_of
from leitweg.domain.situation import LinkRow, UnitRow

DRAWERS = (draw_flow, draw_matrix, draw_line_map, draw_findings)
TEXT = re.compile(r"<text[^>]*>([^<]*)</text>")


def _unit(name: str, distance: float | None, weight: float = 0.1) -> UnitRow:
    return UnitRow(name, 9, 100, "mixed", 0.2, distance, weight, 1.0, None)


def _link(a: str, b: str, n: int, wait: float | None = 5.0) -> LinkRow:
    return LinkRow(a, b, n, n, 9, wait, wait, None, None)


@pytest.mark.parametrize("draw", DRAWERS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_picture_is_small_and_has_words(draw, language):
    picture = draw(faces_fixture.situation(), language)
    assert picture is not None
    assert len(picture.svg) < 300_000
    assert picture.title
    assert picture.description
    assert picture.width == width_of(picture.svg) > 500


@pytest.mark.parametrize("draw", DRAWERS)
def test_nothing_to_draw_is_no_picture(draw):
    assert draw(faces_fixture.empty(), "en") is None


@pytest.mark.parametrize("draw", DRAWERS)
def test_names_are_escaped(draw):
    svg = draw(faces_fixture.hostile(), "en").svg
    assert "<script" not in svg
    assert "&lt;script" in svg


def test_the_matrix_counts_every_released_link():
    picture = draw_matrix(faces_fixture.situation(), "de")
    words = TEXT.findall(picture.svg)
    assert "1.480" in words  # Kundendienst to Schadenprüfung, grouped the German way
    assert "Abteilung für Grundsatzfr…" in words
    cells = matrix_spec(faces_fixture.situation(), "de")["data"]["values"]
    assert len(cells) == 39  # the link below the threshold is not among the forty
    slow = next(c for c in cells if (c["from"], c["to"]) == ("Recht", "Schadenprüfung"))
    assert (slow["text"], slow["wait"]) == ("218", "1–3 Tage")


def test_the_matrix_shows_the_25_busiest_of_many_units():
    many = faces_fixture.many_units(30)
    picture = draw_matrix(many, "en")
    assert "25 units with the most handovers" in picture.note
    shown = {cell["from"] for cell in matrix_spec(many, "en")["data"]["values"]}
    assert "Unit 29" in shown
    assert "Unit 04" not in shown  # among the units with the fewest handovers


def test_the_flow_counts_what_it_leaves_out():
    picture = draw_flow(faces_fixture.situation(), "en")
    assert "11 units and 39 links are drawn" in picture.description
    assert "Left out of the picture: 1 unit and 1 link" in picture.note
    many = draw_flow(faces_fixture.many_units(30), "en")
    assert "20 units and 40 links" in many.description


def test_arrow_width_follows_handovers_and_colour_follows_waiting():
    lines = flow_spec(faces_fixture.situation(), "en")["layer"][2]["data"]["values"]
    first, last = lines[0], lines[-1]
    assert first["width"] == 9.0  # 1,480 handovers, the most of all
    assert first["wait"] == "12–24 h"  # a median wait of 19.5 hours
    assert last["width"] < 3


def test_units_stand_in_columns_by_distance():
    units = [_unit("a", 0.1), _unit("b", 0.9), _unit("c", 1.2), _unit("d", 2.2), _unit("e", None)]
    assert column_of_units(units) == {"a": 0.0, "b": 1.0, "c": 1.0, "d": 2.0, "e": None}
    near = [_unit("a", 0.1), _unit("b", 0.6), _unit("c", 0.9)]
    assert column_of_units(near) == {"a": 0.0, "b": 0.5, "c": 1.0}
    far = [_unit(str(i), float(i)) for i in range(8)]
    assert max(v for v in column_of_units(far).values() if v is not None) == 3.0


def test_boxes_do_not_overlap_and_unplaced_units_come_last():
    units = [_unit(f"u{i}", i % 3 + 0.1) for i in range(18)] + [_unit("lost", None)]
    links = [_link(f"u{i}", f"u{(i * 7 + 1) % 18}", i + 1) for i in range(18)]
    layout = lay_out(units, links)
    places = [(node.x, node.y) for node in layout.nodes.values()]
    for i, (x, y) in enumerate(places):
        for x2, y2 in places[i + 1 :]:
            assert abs(x - x2) >= 164 or abs(y - y2) >= 46
    assert layout.columns[-1] is None
    assert layout.nodes["lost"].x == max(x for x, _ in places)


def test_a_curve_runs_from_box_to_box():
    layout = lay_out([_unit("a", 0.0), _unit("b", 1.0), _unit("c", 2.0)], [_link("a", "b", 3)])
    a, b = layout.nodes["a"], layout.nodes["b"]
    points = curve(a, b)
    assert points[0][0] == a.x + 82
    assert points[-1][0] == b.x - 84
    assert points[0][1] < a.y  # away from the customer: in the upper lane
    assert curve(b, a)[0][1] > b.y


def test_labels_do_not_cover_one_another():
    spots = [Spot(f"Unit number {i}", 100 + 12 * (i % 4), 100 + 9 * (i // 4), 8) for i in range(12)]
    labels = place_labels(spots, 800, 400)
    boxes = [(x.x, x.y - 7, x.x + len(x.name) * 6.6, x.y + 7) for x in labels]
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    assert len({label.name for label in labels}) == 12


def test_bars_are_prices_with_intervals_in_order():
    rows = findings_spec(faces_fixture.situation(), "de")["data"]["values"]
    assert [row["rank"] for row in rows] == [1, 2, 3, 4, 5, 6, 7, 9]
    assert (rows[0]["value"], rows[0]["low"], rows[0]["high"]) == (1204.4, 940.0, 1502.0)
    assert rows[0]["text"] == "1.204 Std./Monat"
    assert rows[0]["name"] == ["1. Engpass", "Schadenprüfung"]
    assert rows[-1]["effect"] == "spart"
    assert "8. Vorstandsbüro" in draw_findings(faces_fixture.situation(), "de").note


def test_without_a_clock_bars_are_handovers():
    rows = findings_spec(faces_fixture.without_clock(), "en")["data"]["values"]
    assert [row["text"] for row in rows] == ["280 handovers", "244 handovers", "138 handovers"]
    assert "no clock" in draw_findings(faces_fixture.without_clock(), "en").description


def test_the_line_map_says_who_is_not_on_it():
    picture = draw_line_map(faces_fixture.situation(), "de")
    assert picture.note.endswith("Vorstandsbüro.")
    words = TEXT.findall(picture.svg)
    assert "Kundendienst" in words
    assert "0,3" in words
    assert "0,5" in words


@pytest.mark.parametrize(
    ("hours", "name"), [(0, "0"), (1, "1"), (11.9, "2"), (23, "3"), (71, "4"), (72, "5")]
)
def test_classes_of_waiting(hours, name):
    assert wait_class(hours) == name


def test_names_break_at_spaces():
    assert two_lines("Vertrieb Süd", 24) == ["Vertrieb Süd"]
    assert two_lines(faces_fixture.LONG, 24) == [
        "Abteilung für",
        "Grundsatzfragen, Beschw…",
    ]
    assert two_lines("Donaudampfschifffahrtsgesellschaft", 12) == ["Donaudampfs…"]


def test_a_picture_never_fetches_anything():
    spec = {"data": {"url": "http://127.0.0.1:9/x.json"}, "mark": "bar", "encoding": {}}
    svg = ""
    with pytest.raises(ValueError):
        svg = to_svg(spec, "en")
    assert svg == ""
