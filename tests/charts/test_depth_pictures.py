"""The pictures of causes, network and load: what they draw, merge, and leave out."""

import re
from dataclasses import replace
from itertools import combinations

import pytest

import depth_fixture
import faces_fixture
from leitweg.charts.causes import causes_spec, draw_causes
from leitweg.charts.load import draw_load, load_spec
from leitweg.charts.network import draw_network, network_spec
from leitweg.charts.network_layout import HEIGHT, WIDTH, lay_out
from leitweg.charts.network_nodes import MOST_LINES, Line, Node, drawing_of
from leitweg.charts.picture import width_of
from leitweg.domain.network import Network, NetworkEdge, NetworkUnit

DRAWERS = (draw_causes, draw_network, draw_load)
TEXT = re.compile(r"<text[^>]*>([^<]*)</text>")


@pytest.mark.parametrize("draw", DRAWERS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_picture_is_small_and_has_words(draw, language):
    picture = draw(depth_fixture.in_depth(), language)
    assert len(picture.svg) < 200_000
    assert picture.title
    assert picture.description
    assert picture.width == width_of(picture.svg) > 500


@pytest.mark.parametrize("draw", DRAWERS)
@pytest.mark.parametrize("make", [faces_fixture.situation, depth_fixture.all_held_back])
def test_nothing_to_draw_is_no_picture(draw, make):
    assert draw(make(), "en") is None


@pytest.mark.parametrize("draw", DRAWERS)
def test_names_are_escaped(draw):
    svg = draw(depth_fixture.hostile(), "en").svg
    assert "<script" not in svg
    assert "&lt;script" in svg


def test_the_company_bar_splits_all_waiting():
    bar, units = causes_spec(depth_fixture.in_depth(), "de")["vconcat"]
    pieces = bar["layer"][0]
    rows = bar["data"]["values"]
    assert pieces["encoding"]["x"]["field"] == "start"
    assert [row["text"] for row in rows] == ["12\xa0%", "33\xa0%", "8\xa0%", "40\xa0%", "7\xa0%"]
    assert rows[0]["start"] == 0
    assert rows[-1]["end"] == pytest.approx(1)
    assert bar["title"]["text"] == "Alle Wartezeit: 5.883 Std./Monat"
    totals = units["layer"][1]["data"]["values"]
    assert (totals[0]["unit"], totals[0]["text"]) == ("Schadenprüfung", "2.310 Std./Monat")
    first = [row for row in units["layer"][0]["data"]["values"] if row["unit"] == "Schadenprüfung"]
    assert first[1]["end"] - first[1]["start"] == pytest.approx(2310 * 0.52)


def test_estimated_causes_say_so():
    picture = draw_causes(depth_fixture.estimated(), "en")
    assert picture.description.startswith("Estimated")
    assert "split by estimate" in " ".join(TEXT.findall(picture.svg))


def test_a_small_network_is_drawn_whole_and_what_is_held_back_is_one_circle():
    drawing = drawing_of(depth_fixture.NETWORK)
    assert not drawing.by_community
    assert (drawing.units_left_out, drawing.lines_left_out) == (0, 0)
    assert [n.members for n in drawing.nodes if n.held_back] == [1]
    both_ways = next(x for x in drawing.lines if (x.a, x.b) == ("Recht", "Schadenprüfung"))
    assert both_ways.weight == 240 + 218
    assert [x.weight for x in drawing.lines].count(None) == 1
    picture = draw_network(depth_fixture.in_depth(), "de")
    assert "zurückgehalten: 1 Einheit" in TEXT.findall(picture.svg)
    assert "Vorstandsbüro" not in picture.svg
    assert "Dunkler Ring" in picture.note


def test_many_units_are_drawn_as_their_communities():
    picture = draw_network(depth_fixture.large_network(200, 9), "en")
    assert "a circle is a group of units" in picture.description
    assert "Unit 198 and 22 more" in TEXT.findall(picture.svg)
    drawing = drawing_of(depth_fixture.large_network(200, 9).network)
    assert sum(n.members for n in drawing.nodes) == 200


def test_without_communities_the_strongest_units_are_drawn():
    large = depth_fixture.large_network(200, 0)
    drawing = drawing_of(large.network)
    assert len(drawing.nodes) == 40
    assert min(n.unit for n in drawing.nodes) == "Unit 160"
    assert drawing.units_left_out == 160
    assert "160 units" in draw_network(large, "en").note


def test_of_too_many_lines_every_unit_keeps_its_strongest():
    names = [f"u{i:02}" for i in range(30)]
    pairs = enumerate(combinations(names, 2))
    edges = tuple(NetworkEdge(a, b, 1000.0 - i) for i, (a, b) in pairs)
    drawing = drawing_of(Network("unit", "x", (), tuple(NetworkUnit(n, 9) for n in names), edges))
    assert len(drawing.lines) == MOST_LINES
    assert drawing.lines_left_out == 435 - MOST_LINES
    ends = {end for line in drawing.lines for end in (line.a, line.b)}
    assert ends == set(names)


def test_the_picture_does_not_depend_on_the_order_of_rows():
    whole = depth_fixture.in_depth()
    net = whole.network
    turned = replace(whole, network=replace(net, units=net.units[::-1], edges=net.edges[::-1]))
    assert draw_network(turned, "en").svg == draw_network(whole, "en").svg


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (("a", "b"),),
        (("a", "b"), ("b", "c"), ("c", "a")),
        (("a", "b"), ("c", "d")),
        tuple(("a", x) for x in "bcdefghij"),
    ],
)
def test_no_two_circles_overlap_and_all_stay_inside(lines):
    names = sorted({n for pair in lines for n in pair} | {"a", "z"})
    nodes = [Node(n, n, 1, 1.0, None) for n in names]
    found = lay_out(nodes, [Line(*pair, 5.0) for pair in lines], dict.fromkeys(names, 20.0))
    assert set(found) == set(names)
    for x, y in found.values():
        assert 0 < x < WIDTH
        assert 0 < y < HEIGHT
    for a, b in combinations(names, 2):
        (x, y), (x2, y2) = found[a], found[b]
        assert (x - x2) ** 2 + (y - y2) ** 2 >= 40**2


def test_neighbours_stand_nearer_than_strangers():
    nodes = [Node(n, n, 1, 1.0, 1 if n in "abc" else 2) for n in "abcdef"]
    inside = [("a", "b"), ("b", "c"), ("a", "c"), ("d", "e"), ("e", "f"), ("d", "f")]
    lines = [*(Line(x, y, 50.0) for x, y in inside), Line("c", "d", 5.0)]
    at = lay_out(nodes, lines, dict.fromkeys("abcdef", 8.0))

    def apart(x: str, y: str) -> float:
        return ((at[x][0] - at[y][0]) ** 2 + (at[x][1] - at[y][1]) ** 2) ** 0.5

    assert max(apart(x, y) for x, y in inside) < min(apart(x, y) for x in "ab" for y in "ef")


def test_nothing_between_two_units_is_no_picture():
    alone = Network("unit", "handovers", (), (NetworkUnit("A", 9), NetworkUnit("B", 9)))
    loop = replace(alone, edges=(NetworkEdge("A", "A", 9.0),))
    for network in (alone, loop, Network("unit", "handovers", why="no-transactions")):
        assert draw_network(replace(depth_fixture.in_depth(), network=network), "en") is None


def test_the_load_stands_in_order_with_the_line():
    spec = load_spec(depth_fixture.in_depth(), "de")
    values = spec["layer"][-1]["data"]["values"]
    told = [v["text"].replace("\xa0", " ") for v in values]
    assert told == ["97 %", "93 %", "91 %", "88 %", "79 %", "74 %", "66 %", "41 %"]
    assert values[0]["name"] == "Schadenprüfung: Gutachten"
    assert {v["shape"] for v in values} == {"circle", "diamond"}
    assert len({v["colour"] for v in values[:4]} | {v["colour"] for v in values[4:]}) == 2
    assert "Rauten" in draw_load(depth_fixture.in_depth(), "de").note


def test_the_only_position_of_a_unit_is_not_shown_beside_it():
    whole = depth_fixture.in_depth()
    fewer = tuple(row for row in whole.loads if row.position != "Prüfung")
    names = [
        v["name"]
        for v in load_spec(replace(whole, loads=fewer), "de")["layer"][-1]["data"]["values"]
    ]
    assert "Schadenprüfung" in names
    assert "Schadenprüfung: Gutachten" not in names


def test_units_with_few_cases_are_not_drawn():
    whole = depth_fixture.in_depth()
    thin = tuple(replace(row, n_cases=39) if row.unit == "Einkauf" else row for row in whole.loads)
    released = replace(whole, loads=thin)
    values = load_spec(released, "en")["layer"][-1]["data"]["values"]
    assert "Einkauf" not in [v["name"] for v in values]
    assert "fewer than 40 cases: 1" in draw_load(released, "en").note


def test_a_line_width_follows_what_passes():
    lines = network_spec(depth_fixture.in_depth(), "en")["layer"][1]["data"]["values"]
    assert lines[-1]["width"] == 11.0  # Kundendienst and Schadenprüfung, both ways the most
    assert lines[0]["width"] < 2
