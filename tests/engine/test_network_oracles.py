"""Every figure of a network against networkx or igraph on the same network."""

import random

import igraph
import networkx
import numpy as np
import pytest
from network_graphs import ODD, as_networkx, drawn_graph

from leitweg.engine.network_betweenness import betweenness
from leitweg.engine.network_communities import communities, leiden_draw, modularity, undirected
from leitweg.engine.network_cores import articulation_points, core_numbers
from leitweg.engine.network_graph import Graph, mutual
from leitweg.engine.network_holes import structural_holes
from leitweg.engine.network_strength import density, isolates, reciprocity, strengths

DRAWN = [drawn_graph(seed, whole=seed % 2 == 0) for seed in range(6)]
SPARSE = [drawn_graph(seed, n=60, rows=50) for seed in range(6, 10)]
GRAPHS = [*DRAWN, *SPARSE, *ODD.values()]
NAMES = [f"drawn {i}" for i in range(len(DRAWN) + len(SPARSE))] + list(ODD)
on_every_graph = pytest.mark.parametrize("graph", GRAPHS, ids=NAMES)
NEAR = {"rtol": 1e-9, "atol": 1e-9}


def per_node(found: dict) -> np.ndarray:
    return np.array([found[i] for i in range(len(found))], float)


def as_igraph(graph: Graph) -> igraph.Graph:
    pairs = list(zip(graph.source.tolist(), graph.target.tolist(), strict=True))
    return igraph.Graph(n=graph.n, edges=pairs, directed=True)


def undirected_networkx(graph: Graph) -> networkx.Graph:
    both, found = mutual(graph), networkx.Graph()
    found.add_nodes_from(range(graph.n))
    one = np.repeat(np.arange(graph.n), both.degree)
    found.add_weighted_edges_from(
        zip(one.tolist(), both.node.tolist(), both.weight.tolist(), strict=True)
    )
    return found


@on_every_graph
def test_strengths_and_isolates(graph):
    other = as_networkx(graph)
    out, into = strengths(graph)
    np.testing.assert_allclose(out, per_node(dict(other.out_degree(weight="weight"))), **NEAR)
    np.testing.assert_allclose(into, per_node(dict(other.in_degree(weight="weight"))), **NEAR)
    assert np.flatnonzero(isolates(graph)).tolist() == sorted(networkx.isolates(other))
    if graph.n > 1:
        assert density(graph) == pytest.approx(networkx.density(other), abs=1e-12)
    else:
        assert np.isnan(density(graph))


@on_every_graph
def test_reciprocity_without_weights_is_that_of_igraph_and_networkx(graph):
    plain = Graph(graph.n, graph.source, graph.target, np.ones(graph.n_edges))
    found = reciprocity(plain)
    if not graph.n_edges:
        assert np.isnan(found.value)
        return
    assert found.value == pytest.approx(as_igraph(graph).reciprocity(), abs=1e-12)
    theirs = networkx.reciprocity(as_networkx(graph), range(graph.n))
    linked = ~isolates(graph)
    expected = np.array([theirs[i] for i in range(graph.n)], float)
    np.testing.assert_allclose(found.of_node[linked], expected[linked], **NEAR)
    assert np.isnan(found.of_node[~linked]).all()


@on_every_graph
def test_constraint_and_effective_size(graph):
    other = as_networkx(graph)
    found = structural_holes(graph)
    if not graph.n_edges:
        assert np.isnan(found.constraint).all()
        assert np.isnan(found.effective_size).all()
        return
    for own, oracle in (
        (found.constraint, networkx.constraint),
        (found.effective_size, networkx.effective_size),
    ):
        loose = undirected_networkx(graph)
        theirs = per_node(oracle(loose, nodes=list(loose), weight="weight"))
        np.testing.assert_allclose(own, theirs, **NEAR)
        # with directions networkx leaves out whoever gives nothing, though others tie him down
        directed = per_node(oracle(other, nodes=list(other), weight="weight"))
        gives = strengths(graph)[0] > 0
        np.testing.assert_allclose(own[gives], directed[gives], **NEAR)
        assert np.isnan(directed[~gives]).all()


@on_every_graph
def test_betweenness(graph):
    found = betweenness(graph)
    assert found.exact
    if graph.n < 3:
        assert np.isnan(found.value).all()
        return
    theirs = per_node(networkx.betweenness_centrality(as_networkx(graph), normalized=True))
    np.testing.assert_allclose(found.value, theirs, **NEAR)
    pairs = (graph.n - 1) * (graph.n - 2)
    np.testing.assert_allclose(found.value * pairs, as_igraph(graph).betweenness(), **NEAR)
    assert found.low is found.value
    assert found.high is found.value


@on_every_graph
def test_cores_and_articulation_points(graph):
    both, other = mutual(graph), undirected_networkx(graph)
    core, cuts = core_numbers(both), articulation_points(both)
    assert core.tolist() == [networkx.core_number(other)[i] for i in range(graph.n)]
    assert np.flatnonzero(cuts).tolist() == sorted(networkx.articulation_points(other))
    loose = as_igraph(graph).as_undirected()
    assert core.tolist() == loose.coreness()
    assert np.flatnonzero(cuts).tolist() == sorted(loose.articulation_points())


@on_every_graph
def test_modularity_and_communities(graph):
    both, other = mutual(graph), undirected_networkx(graph)
    found = communities(both, seed=3)
    linked = ~isolates(graph)
    assert (found.member[linked] > 0).all()
    assert (found.member[~linked] == 0).all()
    assert found.count == len(set(found.member[linked].tolist()))
    if not graph.n_edges:
        assert np.isnan(found.quality)
        return
    parts = [set(np.flatnonzero(found.member == m).tolist()) for m in range(1, found.count + 1)]
    alone = [{i} for i in np.flatnonzero(~linked).tolist()]
    theirs = networkx.community.modularity(other, parts + alone, weight="weight")
    assert found.quality == pytest.approx(theirs, abs=1e-9)
    network, weight = undirected(both)
    assert network.vcount() == graph.n
    assert found.quality == pytest.approx(network.modularity(found.member, weight), abs=1e-9)


def test_a_draw_is_that_of_igraph_with_the_same_seed():
    both = mutual(drawn_graph(11))
    network, weight = undirected(both)
    igraph.set_random_number_generator(random.Random(5))
    theirs = network.community_leiden("modularity", weights=weight.tolist(), n_iterations=-1)
    igraph.set_random_number_generator(random)
    assert leiden_draw(network, weight, seed=5).tolist() == theirs.membership
    assert modularity(both, leiden_draw(network, weight, seed=5)) == pytest.approx(
        theirs.modularity, abs=1e-9
    )
