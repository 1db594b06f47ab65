"""Networks from elsewhere, from their files to the answer, against figures computed apart."""

import csv
from pathlib import Path

import igraph
import networkx
import pytest

from leitweg.domain.imports import ImportOptions
from leitweg.studies.importing import import_files
from leitweg.studies.situation import analyse
from purposes import allow

DATA = (Path(__file__).parents[2] / "../shared/data").resolve()

# folder, edges, nodes, column of the weight, column of the unit, name, others
NETWORKS = {
    "krackhardt-managers": ("ht_advice_edges", "ht_advice_nodes", None, "dept", "ht_advice"),
    "lazega-lawyers": ("law_cowork_edges", "law_cowork_nodes", None, "office", "law_cowork"),
    "consulting-ties": (
        *("Consulting_info_edges", "Consulting_nodes", "weight", "location", "Consulting_info"),
    ),
    "workplace-contacts": (
        *("workfrance_edgelist", "workfrance_vertices", "mins", "dept", "workfrance"),
    ),
}
# external weight, internal weight, edges, people: counted once by hand from the files
COUNTED = {
    "krackhardt-managers": (144, 46, 190, 21),
    "lazega-lawyers": (253, 851, 1104, 71),
    "consulting-ties": (663, 1297, 877, 46),
    "workplace-contacts": (4145, 18138, 932, 211),
}


def rows(folder: str, name: str) -> list[dict[str, str]]:
    with (DATA / folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def drawn(folder: str) -> networkx.DiGraph:
    """Build the network from its files, and nothing of ours."""
    edges, nodes, weight, unit, _ = NETWORKS[folder]
    graph = networkx.DiGraph()
    for row in rows(folder, nodes):
        graph.add_node(row["id"], unit=row[unit])
    for row in rows(folder, edges):
        value = float(row[weight]) if weight else 1.0
        if value > 0:
            graph.add_edge(row["from"], row["to"], weight=value)
    return graph


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    if not DATA.exists():
        pytest.skip("the public networks are not beside the repository (../shared/data)")
    found = {}

    def answer(folder: str, profile: str, *, anew: bool = False):
        key = folder, profile
        if key not in found:
            place = tmp_path_factory.mktemp(folder) / "w"
            mapping = {"person": "id", "unit": "location"} if folder == "consulting-ties" else {}
            files = sorted((DATA / folder).glob("*.csv"))
            import_files(place, files, ImportOptions(mapping=mapping), profile=profile)
            found[key] = place, analyse(allow(place), seed=7)
        place, released = found[key]
        return analyse(place, seed=7) if anew else released

    return answer


def figure(network, name):
    return next(f for f in network.figures if f.name == name)


@pytest.mark.parametrize("folder", NETWORKS)
def test_the_network_is_there_and_nothing_is_said_about_cases(answers, folder):
    released = answers(folder, "open")
    network = released.network
    assert (network.nodes, network.weight, network.from_ties) == (
        *("person", NETWORKS[folder][-1], True),
    )
    assert len(network.units) == released.coverage.people == COUNTED[folder][3]
    assert len(network.edges) == COUNTED[folder][2]
    assert {f.why for f in released.figures} == {"no-cases"}
    assert released.coverage.missing[:2] == ("no-cases", f"network-of-ties: {network.weight}")
    assert (released.units, released.links, released.findings) == ((), (), ())


@pytest.mark.parametrize("folder", NETWORKS)
def test_e_i_index_is_that_counted_apart(answers, folder):
    external, internal, *_ = COUNTED[folder]
    graph = drawn(folder)
    unit = dict(graph.nodes(data="unit"))
    across = sum(w for a, b, w in graph.edges(data="weight") if unit[a] != unit[b])
    inside = sum(w for a, b, w in graph.edges(data="weight") if unit[a] == unit[b])
    assert (across, inside) == (external, internal)
    found = figure(answers(folder, "open").network, "e_i_index")
    assert found.value.value == pytest.approx((across - inside) / (across + inside), abs=1e-12)
    sizes = [list(unit.values()).count(u) for u in set(unit.values())]
    n = sum(sizes)
    pairs_inside = sum(s * (s - 1) / 2 for s in sizes) / (n * (n - 1) / 2)
    assert found.expected == pytest.approx(1 - 2 * pairs_inside, abs=1e-12)


@pytest.mark.parametrize("folder", NETWORKS)
def test_nodes_are_those_of_igraph_and_networkx(answers, folder):
    graph, network = drawn(folder), answers(folder, "open").network
    known = {u.unit: u for u in network.units}
    assert set(known) == set(graph)
    between = networkx.betweenness_centrality(graph)
    core = networkx.core_number(graph.to_undirected())
    loose = networkx.Graph()
    loose.add_nodes_from(graph)
    for a, b, w in graph.edges(data="weight"):
        loose.add_edge(a, b, weight=w + loose.get_edge_data(a, b, {"weight": 0})["weight"])
    constraint = networkx.constraint(loose, weight="weight")
    effective = networkx.effective_size(loose, nodes=list(loose), weight="weight")
    cuts = set(networkx.articulation_points(loose))
    for name, row in known.items():
        assert row.betweenness.value == pytest.approx(between[name], abs=1e-9)
        assert row.core == core[name]
        assert row.articulation_point == (name in cuts)
        if row.constraint is not None:
            assert row.constraint.value == pytest.approx(constraint[name], abs=1e-9)
            assert row.effective_size.value == pytest.approx(effective[name], abs=1e-9)
    assert sum(row.constraint is None for row in known.values()) <= len(known) / 6


@pytest.mark.parametrize("folder", ["krackhardt-managers", "lazega-lawyers"])
def test_reciprocity_is_that_of_igraph(answers, folder):
    other = igraph.Graph.TupleList(drawn(folder).edges(), directed=True)
    found = figure(answers(folder, "open").network, "reciprocity")
    assert found.value.value == pytest.approx(other.reciprocity(), abs=1e-12)


def test_contacts_listed_once_have_no_reciprocity(answers):
    found = figure(answers("workplace-contacts", "open").network, "reciprocity")
    assert (found.value, found.why) == (None, "listed-once")


@pytest.mark.parametrize("folder", NETWORKS)
def test_the_same_seed_gives_the_same_figures_to_the_digit_in_both_profiles(answers, folder):
    shown, closed = answers(folder, "open"), answers(folder, "protected")
    assert answers(folder, "open", anew=True) == shown
    # ids are pseudonyms there: names have no say in a draw
    assert closed.network.figures == shown.network.figures


def test_communities_of_the_workplace_are_near_its_departments(answers):
    network = answers("workplace-contacts", "open").network
    assert figure(network, "communities").value.value == 10
    assert figure(network, "adjusted_rand").value.value > 0.7
    assert figure(network, "communities_stability").value.value > 0.9
    assert figure(network, "e_i_index").z < -30


@pytest.mark.parametrize("folder", NETWORKS)
def test_persons_are_no_nodes_in_a_protected_workspace(answers, folder):
    released = answers(folder, "protected")
    network = released.network
    assert (network.nodes, released.level) == ("unit", "unit")
    assert len(network.units) == released.coverage.units
    for row in network.units:
        assert row.held_back is not None or row.people >= 10
    for edge in network.edges:
        sides = (edge.n_people_from, edge.n_people_to)
        assert edge.held_back is not None or min(sides) >= 10
        assert edge.held_back is None or (edge.weight, *sides) == (None, None, None)


def test_other_relations_are_named(answers):
    missing = answers("krackhardt-managers", "open").coverage.missing
    assert "ties-left-out: ht_friends (102), ht_reports (20)" in missing


def test_figures_about_cases_say_that_there_are_none_in_both_profiles(answers):
    for profile in ("open", "protected"):
        released = answers("krackhardt-managers", profile)
        assert {(f.why, f.held_back, f.value) for f in released.figures} == {
            ("no-cases", None, None)
        }
