"""The network as a file: the same in every program, and nothing that was held back in it."""

import json
import re
from dataclasses import replace

import igraph
import networkx
import pyarrow.parquet as pq
import pytest

import depth_fixture
import faces_fixture
from leitweg.domain.errors import QuestionError
from leitweg.domain.findings import Estimate
from leitweg.domain.imports import ImportOptions
from leitweg.domain.network import Network, NetworkEdge, NetworkUnit
from leitweg.sources.reading import read
from leitweg.store import create_workspace
from leitweg.studies import exporting
from purposes import allow

NETWORK = Network(
    "unit",
    "handovers",
    units=(
        NetworkUnit("Grid & <Co>", 12, 7.5, 3.0, betweenness=Estimate(0.4, 0.3, 0.5), core=2),
        NetworkUnit("Süd", 9, 3.0, 6.0, articulation_point=True, brokerage={"liaison": 4.0}),
        NetworkUnit("Bell\x07", 5, 0.0, 1.5, constraint=Estimate(float("nan"), 0.1, 0.2)),
        NetworkUnit("Alone", 6, 0.0, 0.0, why="isolate"),
        NetworkUnit("Secret", None, held_back="below-k"),
    ),
    edges=(
        NetworkEdge("Grid & <Co>", "Süd", 6.0, 10, 8),
        NetworkEdge("Grid & <Co>", "Bell\x07", 1.5, 10, 5),
        NetworkEdge("Süd", "Grid & <Co>", 3.0, 8, 10),
        NetworkEdge("Süd", "Alone", None, held_back="below-k"),
        NetworkEdge("Süd", "Secret", 4.0, 8, 2),
        NetworkEdge("Secret", "Grid & <Co>", None, held_back="below-k"),
    ),
)
NODES = ["Grid & <Co>", "Süd", "Bell\ufffd", "Alone"]
EDGES = {
    ("Grid & <Co>", "Süd"): 6.0,
    ("Grid & <Co>", "Bell\ufffd"): 1.5,
    ("Süd", "Grid & <Co>"): 3.0,
}


@pytest.fixture
def answered(tmp_path_factory, monkeypatch):
    """An answer in the place of the analysis, whatever folder is named."""
    place = create_workspace(tmp_path_factory.mktemp("home") / "w", profile="protected")
    allow(place.folder)
    monkeypatch.setattr(exporting, "open_workspace", lambda _: place)

    def planted(released):
        monkeypatch.setattr(exporting, "analysed", lambda *a, **k: released)

    return planted


@pytest.fixture
def with_network(answered):
    def planted(network, profile="protected"):
        released = replace(faces_fixture.situation(), network=network, profile=profile)
        answered(released)

    planted(NETWORK)
    return planted


def exported(tmp_path, file_format, **options):
    out = tmp_path / f"net.{file_format}"
    assert exporting.export(tmp_path, "network", file_format, out, **options) == len(EDGES)
    return out


def weights(graph):
    return {(a, b): data["weight"] for a, b, data in graph.edges(data=True)}


@pytest.mark.parametrize("file_format", ["graphml", "gexf"])
def test_networkx_finds_the_same_nodes_edges_and_weights(tmp_path, with_network, file_format):
    path = exported(tmp_path, file_format)
    graph = getattr(networkx, f"read_{file_format}")(path)
    assert graph.is_directed()
    assert list(graph) == NODES
    assert weights(graph) == EDGES
    grid, south = graph.nodes["Grid & <Co>"], graph.nodes["Süd"]
    assert (grid["people"], grid["strength_out"], grid["core"]) == (12, 7.5, 2)
    assert (grid["betweenness"], grid["betweenness_low"], grid["betweenness_high"]) == (
        *(0.4, 0.3, 0.5),
    )
    assert (south["articulation_point"], south["brokerage_liaison"]) == (True, 4.0)
    assert "constraint" not in graph.nodes["Bell\ufffd"]
    assert graph.edges["Süd", "Grid & <Co>"]["n_people_to"] == 10


def test_igraph_finds_the_same_nodes_edges_and_weights(tmp_path, with_network):
    graph = igraph.Graph.Read_GraphML(str(exported(tmp_path, "graphml")))
    assert graph.is_directed()
    assert graph.vs["name"] == NODES
    found = {
        (graph.vs[e.source]["name"], graph.vs[e.target]["name"]): e["weight"] for e in graph.es
    }
    assert found == EDGES


@pytest.mark.parametrize("file_format", ["graphml", "gexf", "csv"])
def test_what_was_exported_is_imported_as_ties_between_units(tmp_path, with_network, file_format):
    (reading,) = read(exported(tmp_path, file_format), ImportOptions(), now_us=10**15)
    ties = reading.tables["ties"].to_pylist()
    assert {(t["from_unit"], t["to_unit"]): t["value"] for t in ties} == EDGES
    assert {(t["level"], t["relation"]) for t in ties} == {("unit", "handovers")}
    assert {t["from_unit"]: t["from_people"] for t in ties} == {"Grid & <Co>": 10, "Süd": 8}
    if file_format != "csv":
        assert reading.tables["units"]["unit"].to_pylist() == NODES


@pytest.mark.parametrize("file_format", ["graphml", "gexf", "json", "csv", "xlsx", "parquet"])
def test_what_is_held_back_is_in_no_file(tmp_path, with_network, file_format):
    content = exported(tmp_path, file_format).read_bytes()
    assert b"Secret" not in content
    assert b"below-k" not in content


def test_the_description_says_that_something_is_held_back(tmp_path, with_network):
    text = exported(tmp_path, "graphml").read_text("utf-8")
    assert "would tell of others, are not in this file." in text
    german = exported(tmp_path, "gexf", language="de").read_text("utf-8")
    assert "etwas über andere verrieten, fehlen in dieser Datei." in german
    shown = replace(NETWORK, units=NETWORK.units[:4], edges=NETWORK.edges[:3])
    with_network(shown)
    assert "Held back" not in exported(tmp_path, "graphml").read_text("utf-8")


def test_json_holds_nodes_and_edges_and_tables_hold_edges(tmp_path, with_network):
    document = json.loads(exported(tmp_path, "json").read_text("utf-8"))
    assert [node["unit"] for node in document["nodes"]] == NODES
    assert {(e["from_unit"], e["to_unit"]): e["weight"] for e in document["edges"]} == EDGES
    rows = pq.read_table(exported(tmp_path, "parquet")).to_pylist()
    assert rows[0] == {
        "from_unit": "Grid & <Co>",
        "to_unit": "Süd",
        "weight": 6.0,
        "relation": "handovers",
        "n_people_from": 10,
        "n_people_to": 8,
    }


def test_a_file_is_the_same_every_time(tmp_path, with_network):
    first = exported(tmp_path, "gexf").read_bytes()
    assert exported(tmp_path, "gexf").read_bytes() == first
    assert re.search(rb"\d{4}-\d\d-\d\d", first) is None


def test_persons_leave_an_open_workspace_only(tmp_path, with_network):
    persons = replace(NETWORK, nodes="person")
    with_network(persons, "open")
    graph = networkx.read_graphml(exported(tmp_path, "graphml"))
    assert set(networkx.get_node_attributes(graph, "level").values()) == {"person"}
    with_network(persons, "protected")
    with pytest.raises(QuestionError) as raised:
        exporting.export(tmp_path, "network", "gexf", tmp_path / "p.gexf")
    assert raised.value.code == "person-network"
    assert not (tmp_path / "p.gexf").exists()


@pytest.mark.parametrize(
    "network",
    [
        Network("unit", "handovers", why="no-transactions"),
        Network("unit", "handovers", units=(NetworkUnit("A", None, held_back="below-k"),)),
    ],
)
def test_no_network_is_a_sentence(tmp_path, with_network, network):
    with_network(network)
    with pytest.raises(QuestionError) as raised:
        exporting.export(tmp_path, "network", "graphml", tmp_path / "n.graphml")
    assert raised.value.code == "no-network"


def test_nodes_whose_names_differ_in_signs_that_xml_does_not_know_stay_two(tmp_path, with_network):
    with_network(
        Network(
            "unit",
            "handovers",
            units=(NetworkUnit("A\x01", 5), NetworkUnit("A\x02", 6)),
            edges=(NetworkEdge("A\x01", "A\x02", 1.0),),
        )
    )
    out = tmp_path / "n.graphml"
    exporting.export(tmp_path, "network", "graphml", out)
    assert list(networkx.read_graphml(out)) == ["A\ufffd", "A\ufffd (2)"]


def test_the_network_of_the_fixture_leaves_whole(tmp_path, answered):
    released = depth_fixture.in_depth()
    answered(released)
    out = tmp_path / "n.gexf"
    count = exporting.export(tmp_path, "network", "gexf", out)
    graph = networkx.read_gexf(out)
    assert graph.number_of_edges() == count
    shown = [u.unit for u in released.network.units if not u.held_back]
    assert list(graph) == shown
