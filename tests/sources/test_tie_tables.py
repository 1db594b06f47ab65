"""Edge lists and lists of nodes: ties from one person to another."""

from pathlib import Path

import pytest
from tabular_fixture import NOW_US, read_one, refused, rejected, rows, write

from leitweg.domain.imports import ImportOptions
from leitweg.sources.reading import read

DATA = Path(__file__).parents[2].parent / "shared" / "data"


def ties(reading, *columns):
    return rows(reading, "ties", *(columns or ("from", "to", "value")))


def test_an_edge_list_takes_its_relation_from_the_name_of_the_file(tmp_path):
    path = write(tmp_path, "from,to,weight\n1,2,0.5\n2,1,3\n2,2,1\n", "advice_edges.csv")
    reading = read_one(path)
    assert reading.kind == "ties"
    assert rows(reading, "ties", "survey", "wave", "from", "to", "relation", "value") == [
        ("advice", None, "1", "2", "advice", 0.5),
        ("advice", None, "2", "1", "advice", 3.0),
        ("advice", None, "2", "2", "advice", 1.0),
    ]
    assert reading.warnings == (
        "advice_edges.csv: the relation is called 'advice', after the file. Name another with "
        "--map relation=COLUMN, or rename the file.",
        "advice_edges.csv: 1 ties lead from somebody to itself; they were kept.",
    )


def test_columns_in_german_with_relation_survey_and_wave(tmp_path):
    text = """
Umfrage;Welle;Von;An;Beziehung;Stärke;Bemerkung
Klima;1;anna;bernd;fragt um Rat;2,5;x
Klima;1;anna;bernd;fragt um Rat;1;
Klima;1;anna;;fragt um Rat;1;
Klima;1;anna;carl;fragt um Rat;oft;
Klima;1;anna;carl;fragt um Rat;;
Klima;1;;carl;fragt um Rat;1;
"""
    reading = read_one(write(tmp_path, text))
    assert rows(reading, "ties", "survey", "wave", "from", "to", "relation", "value") == [
        ("Klima", "1", "anna", "bernd", "fragt um Rat", 2.5),
        ("Klima", "1", "anna", "bernd", "fragt um Rat", 1.0),
    ]
    assert rejected(reading) == [
        (3, "An", "where it goes to is missing", ""),
        (4, "Stärke", "not a number", "oft"),
        (5, "Stärke", "the value is missing", ""),
        (6, "Von", "where it comes from is missing", ""),
    ]
    assert reading.left_over == ("Bemerkung",)
    assert reading.warnings == ("log.csv: 1 ties name a pair again; they were kept.",)


def test_undirected_ties_go_both_ways_only_where_a_column_says_so(tmp_path):
    text = """
Source,Target,Type,Weight
a,b,Undirected,2
b,c,Directed,3
c,c,Undirected,4
c,d,Sideways,1
d,a,,5
"""
    reading = read_one(write(tmp_path, text))
    assert rejected(reading) == []  # one value is no direction, so that the column is the relation
    assert ties(reading, "from", "to", "relation")[0] == ("a", "b", "Undirected")
    mapped = read_one(write(tmp_path, text.replace("Type", "Directed")))
    assert ties(mapped) == [
        *(("a", "b", 2.0), ("b", "a", 2.0), ("b", "c", 3.0)),
        *(("c", "c", 4.0), ("d", "a", 5.0)),
    ]
    assert rejected(mapped) == [(4, "Directed", "neither directed nor undirected", "Sideways")]
    assert "log.csv: 2 ties are undirected; each was taken as one each way." in mapped.warnings
    # nothing says undirected: a pair that is listed once is one way, even if its relation is mutual
    assert ties(read_one(write(tmp_path, "from,to\na,b\n"))) == [("a", "b", 1.0)]


def test_one_command_reads_ties_and_nodes_and_maps_each_what_it_has(tmp_path):
    write(tmp_path, "from,to,weight\n1,2,5\n", "info_edges.csv")
    write(tmp_path, "id,location,orglevel\n1,3,2\n2,7,1\n", "nodes.csv")
    mapping = {"unit": "location", "value": "weight"}
    edges, nodes = read(tmp_path, ImportOptions(mapping=mapping), now_us=NOW_US)
    assert ties(edges) == [("1", "2", 5.0)]
    assert rows(nodes, "people", "person", "unit", "site") == [("1", "3", None), ("2", "7", None)]
    (tmp_path / "info_edges.csv").unlink()
    assert refused(tmp_path / "nodes.csv", "unknown-column", mapping={"unit": "place"}).startswith(
        "nodes.csv: there is no column 'place'."
    )


def test_the_office_of_a_list_of_nodes_is_its_unit_where_there_is_nothing_better(tmp_path):
    nodes = read_one(write(tmp_path, "id,status,office\n1,1.0,Boston\n2,1.0,Hartford\n"))
    assert rows(nodes, "people", "person", "unit") == [("1", "Boston"), ("2", "Hartford")]
    assert nodes.warnings[0] == (
        "log.csv: column 'office' was taken for the unit. Choose another with --map unit=COLUMN."
    )
    people = read_one(write(tmp_path, "id,manager,office\n1,2,Boston\n2,,Hartford\n"))
    assert rows(people, "people", "unit", "site") == [(None, "Boston"), (None, "Hartford")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("from,to,date\na@x.org,b@x.org,2024-05-06T08:00:00Z\n", "messages"),
        ("case,from,to,created at\n1,a,b,2024-05-06T08:00:00Z\n", "cases"),
        ("case,from,to\n1,a,b\n", "unknown"),
        ("source,target\na,b\n", "ties"),
        ("id,source,target,date\n1,a,b,2024-05-06\n", "ties"),
        ("Quelle;Ziel;Anzahl\na;b;3\n", "ties"),
    ],
)
def test_what_is_a_list_of_ties_its_columns_say(tmp_path, text, kind):
    path = write(tmp_path, text)
    if kind == "unknown":
        refused(path, "unknown-kind")
        assert read_one(path, kind="ties").kind == "ties"
    else:
        assert read_one(path, time_zone="UTC").kind == kind


def test_named_machines_become_system_accounts(tmp_path):
    reading = read_one(write(tmp_path, "from,to\nbot,b\n"), machines=("Bot",))
    assert rows(reading, "people", "person", "kind") == [("bot", "system")]


def test_files_without_any_tie_are_refused(tmp_path):
    refused(write(tmp_path, "from,to\n"), "no-rows")
    refused(write(tmp_path, "from,to\na,\n"), "no-usable-rows", kind="ties")
    refused(write(tmp_path, "x,y\na,b\n"), "missing-column", kind="ties")


def test_ties_between_whole_units_keep_their_names_and_sizes(tmp_path):
    text = "from_unit,to_unit,weight,n_people_from,n_people_to,directed\nSales,Grid,4,12,7,no\n"
    reading = read_one(write(tmp_path, text, "flow_network.csv"))
    wanted = ("from", "to", "from_unit", "to_unit", "from_people", "to_people", "value", "level")
    assert rows(reading, "ties", *wanted) == [
        ("Sales", "Grid", "Sales", "Grid", 12, 7, 4.0, "unit"),
        ("Grid", "Sales", "Grid", "Sales", 7, 12, 4.0, "unit"),
    ]
    mixed = write(tmp_path, "from_unit,to\nSales,b\n")
    assert refused(mixed, "missing-column").startswith(
        "log.csv: cannot fill table 'ties', columns missing: to_unit."
    )


@pytest.mark.parametrize(
    ("folder", "mapping", "relations", "people", "units"),
    [
        (
            "krackhardt-managers",
            {},
            {"ht_advice": 190, "ht_friends": 102, "ht_reports": 20},
            21,
            5,
        ),
        (
            "lazega-lawyers",
            {},
            {"law_advice": 892, "law_cowork": 1104, "law_friends": 575},
            71,
            3,
        ),
        (
            "consulting-ties",
            {"unit": "location"},
            {"Consulting_info": 877, "Consulting_value": 855},
            46,
            None,
        ),
        ("workplace-contacts", {}, {"workfrance": 932}, 211, 12),
    ],
)
def test_known_networks_load_as_they_are(folder, mapping, relations, people, units):
    path = DATA / folder
    if not path.is_dir():
        pytest.skip("the public networks are not beside the clone")
    readings = read(path, ImportOptions(mapping=mapping), now_us=NOW_US)
    edges = [r for r in readings if r.kind == "ties"]
    nodes = [r for r in readings if r.kind == "people"]
    assert {r.tables["ties"]["relation"][0].as_py(): len(r.tables["ties"]) for r in edges} == (
        relations
    )
    assert not any(r.rejects for r in readings)
    for reading in nodes:
        known = reading.tables["people"]
        assert len(known) == people
        named = {v for r in edges for c in ("from", "to") for v in r.tables["ties"][c].to_pylist()}
        assert named <= set(known["person"].to_pylist())
        if units is not None:
            assert len(set(known["unit"].to_pylist())) == units
