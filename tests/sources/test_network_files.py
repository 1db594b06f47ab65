"""Networks from elsewhere: GraphML, GEXF, and the tables of Gephi."""

import igraph
import networkx
import pytest
from tabular_fixture import NOW_US, read_one, refused, rejected, rows, write

from leitweg.domain.imports import ImportOptions
from leitweg.sources.reading import read

GRAPHML = """
<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="d0" for="node" attr.name="Abteilung" attr.type="string"><default>Netz</default></key>
  <key id="d1" for="node" attr.name="label" attr.type="string"/>
  <key id="d2" for="edge" attr.name="Gewicht" attr.type="double"/>
  <key id="d3" for="node" yfiles.type="nodegraphics"/>
  <graph id="G" edgedefault="undirected">
    <node id="anna"><data key="d0">Vertrieb</data><data key="d1">Anna Alt</data></node>
    <node id="bernd"><data key="d3"><x>drawing</x></data></node>
    <node id="carl"/>
    <node id="dora"><graph edgedefault="directed"><node id="emil"/>
      <edge source="emil" target="dora"><data key="d2">9</data></edge></graph></node>
    <edge source="anna" target="bernd"><data key="d2">2,5</data></edge>
    <edge source="bernd" target="carl" directed="true"><data key="d2">4</data></edge>
    <edge source="carl" target="carl"><data key="d2">1</data></edge>
    <edge source="carl" target="anna"><data key="d2">viel</data></edge>
    <hyperedge><endpoint node="anna"/><endpoint node="bernd"/><endpoint node="carl"/></hyperedge>
  </graph>
</graphml>
"""
GEXF = """
<gexf xmlns="http://gexf.net/1.3" version="1.3">
  <graph defaultedgetype="directed">
    <attributes class="node">
      <attribute id="0" title="group" type="string"><default>Grid</default></attribute>
    </attributes>
    <nodes>
      <node id="1" label="Anna"><attvalues><attvalue for="0" value="Sales"/></attvalues></node>
      <node id="2" label="Bernd"/>
      <node id="3" label="Carl"/>
    </nodes>
    <edges>
      <edge id="0" source="1" target="2" weight="3.0"/>
      <edge id="1" source="2" target="3" type="undirected"/>
      <edge id="2" source="3" target="1" type="mutual" weight="2"/>
    </edges>
  </graph>
</gexf>
"""


def ties(reading):
    return rows(reading, "ties", "from", "to", "value")


def test_graphml_in_every_direction_with_defaults_and_nested_graphs(tmp_path):
    reading = read_one(write(tmp_path, GRAPHML, "flow.graphml"))
    assert reading.kind == "ties"
    assert ties(reading) == [
        ("emil", "dora", 9.0),
        ("anna", "bernd", 2.5),
        ("bernd", "anna", 2.5),
        ("bernd", "carl", 4.0),
        ("carl", "carl", 1.0),
    ]
    assert sorted(rows(reading, "people", "person", "unit")) == [
        ("anna", "Vertrieb"),
        ("bernd", "Netz"),
        ("carl", "Netz"),
        ("dora", "Netz"),
        ("emil", "Netz"),
    ]
    assert rejected(reading) == [(5, "Gewicht", "not a number", "viel")]
    assert reading.left_over == ("label",)
    assert not any("Anna" in str(table.to_pydict()) for table in reading.tables.values())
    assert reading.warnings == (
        "flow.graphml: the relation is called 'flow', after the file. Name another with "
        "--map relation=COLUMN, or rename the file.",
        "flow.graphml: 2 ties are undirected; each was taken as one each way.",
        "flow.graphml: 1 ties lead from somebody to itself; they were kept.",
        "flow.graphml: 1 hyperedges have more than two ends and were left out.",
    )


def test_gexf_takes_directions_and_weights_as_the_format_has_them(tmp_path):
    reading = read_one(write(tmp_path, GEXF, "g.gexf"))
    assert ties(reading) == [
        *(("1", "2", 3.0), ("2", "3", 1.0), ("3", "2", 1.0)),
        *(("3", "1", 2.0), ("1", "3", 2.0)),
    ]
    assert rows(reading, "people", "person", "unit") == [
        ("1", "Sales"),
        ("2", "Grid"),
        ("3", "Grid"),
    ]
    assert reading.rows_read == 6


def test_gexf_without_a_declared_direction_is_undirected(tmp_path):
    text = GEXF.replace(' defaultedgetype="directed"', "").replace("gexf.net/1.3", "gexf.net/1.2")
    reading = read_one(write(tmp_path, text, "g.gexf"))
    assert ("2", "1", 3.0) in ties(reading)


def test_attributes_can_be_named(tmp_path):
    text = GRAPHML.replace('"Abteilung"', '"ort"').replace('"Gewicht"', '"n1"')
    path = write(tmp_path, text, "g.graphml")
    assert rows(read_one(path), "people", "unit")[0] == (None,)
    mapping = {"unit": "ort", "value": "n1", "person": "label"}
    reading = read_one(path, mapping=mapping)
    assert ("Anna Alt", "bernd", 2.5) in ties(reading)
    assert ("Anna Alt", "Vertrieb") in rows(reading, "people", "person", "unit")
    refused(path, "unknown-column", mapping={"unit": "place"})
    refused(path, "unknown-column", mapping={"person": "place"})


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_what_networkx_writes_is_read_as_it_was(tmp_path, form):
    graph = networkx.DiGraph()
    graph.add_node("alone", dept="y")
    graph.add_edge("ann", "bob", weight=1.5)
    graph.add_edge("bob", "bob", weight=2.0)
    path = tmp_path / f"net.{form}"
    getattr(networkx, f"write_{form}")(graph, path)
    reading = read_one(path)
    assert ties(reading) == [("ann", "bob", 1.5), ("bob", "bob", 2.0)]
    assert rows(reading, "people", "person", "unit") == [
        *(("alone", "y"), ("ann", None), ("bob", None)),
    ]


def test_what_igraph_writes_is_read_as_it_was(tmp_path):
    graph = igraph.Graph(n=4, edges=[(0, 1), (1, 2), (2, 0)], directed=True)
    graph.vs["name"] = ["ann", "bob", "cyd", "alone"]
    graph.vs["dept"] = ["x", "x", "y", "y"]
    graph.es["weight"] = [1.5, 2.0, 3.25]
    path = tmp_path / "net.graphml"
    graph.write(str(path), format="graphml")
    reading = read_one(path)
    assert ties(reading) == [("ann", "bob", 1.5), ("bob", "cyd", 2.0), ("cyd", "ann", 3.25)]
    assert rows(reading, "people", "person", "unit") == [
        *(("ann", "x"), ("bob", "x"), ("cyd", "y"), ("alone", "y")),
    ]


def test_nodes_that_are_units_make_ties_between_units(tmp_path):
    text = """
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="a" for="node" attr.name="level" attr.type="string"/>
  <key id="b" for="node" attr.name="people" attr.type="long"/>
  <key id="c" for="edge" attr.name="weight" attr.type="double"/>
  <graph edgedefault="directed">
    <node id="Sales"><data key="a">unit</data><data key="b">12</data></node>
    <node id="Grid"><data key="a">unit</data></node>
    <node id="Alone"><data key="a">unit</data><data key="b">7</data></node>
    <edge source="Sales" target="Grid"><data key="c">4</data></edge>
  </graph>
</graphml>
"""
    reading = read_one(write(tmp_path, text, "units.graphml"))
    wanted = ("from_unit", "to_unit", "from_people", "to_people", "value", "level")
    assert rows(reading, "ties", *wanted) == [("Sales", "Grid", 12, None, 4.0, "unit")]
    assert rows(reading, "units", "unit") == [("Sales",), ("Grid",), ("Alone",)]
    assert set(reading.tables) == {"ties", "units"}


def test_the_tables_of_gephi(tmp_path):
    write(
        tmp_path,
        "Source,Target,Type,Id,Label,timeset,Weight\n1,2,Undirected,0,,,2.0\n2,3,Directed,1,x,,1.0\n",
        "edges.csv",
    )
    write(
        tmp_path, "Id,Label,timeset,department\n1,Anna,,Sales\n2,Bernd,,Grid\n3,C,,Grid\n", "n.csv"
    )
    edges, nodes = read(tmp_path, ImportOptions(), now_us=NOW_US)
    assert ties(edges) == [("1", "2", 2.0), ("2", "1", 2.0), ("2", "3", 1.0)]
    assert edges.left_over == ("Id", "Label", "timeset")
    assert rows(nodes, "people", "person", "unit") == [("1", "Sales"), ("2", "Grid"), ("3", "Grid")]


BOMB = """<?xml version="1.0"?>
<!DOCTYPE graphml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<graphml><graph><node id="&b;"/></graph></graphml>
"""
LARGE = (
    f"<graphml><graph><node id='{'a' * 1_000_001}'/><edge source='a' target='a'/></graph></graphml>"
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (BOMB, "xml-entities"),
        (BOMB.replace("graphml", "gexf"), "xml-entities"),
        (GRAPHML[: len(GRAPHML) // 2], "broken-xml"),
        (GEXF[:-20], "broken-xml"),
        ("<graphml><graph/></graphml>", "no-rows"),
        ("<gexf><graph><nodes><node id='1'/></nodes></graph></gexf>", "no-rows"),
        ("<graphml><graph><node id='a'/><edge source='a'/></graph></graphml>", "no-usable-rows"),
        (LARGE, "field-too-large"),
    ],
)
def test_bad_networks_are_refused_in_a_sentence(tmp_path, text, code):
    sentence = refused(write(tmp_path, text, "bad.graphml"), code)
    assert sentence.startswith("bad.graphml: ")


def test_nodes_of_one_id_and_two_units_are_refused(tmp_path):
    text = GEXF.replace('<node id="2" label="Bernd"/>', '<node id="1" label="B"/>')
    refused(write(tmp_path, text, "g.gexf"), "duplicate-ids")
