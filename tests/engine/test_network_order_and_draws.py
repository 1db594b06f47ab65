"""Nothing hangs on the order of rows or on ids; draws repeat to the digit; samples cover."""

import numpy as np
import pytest
from network_graphs import ODD, drawn_graph, drawn_groups

from leitweg.engine.network_betweenness import betweenness
from leitweg.engine.network_communities import communities, draws_for
from leitweg.engine.network_graph import graph_of, mutual
from leitweg.engine.network_groups import e_i_index
from leitweg.engine.network_order import canonical_order


def planted(seed, groups=4, size=12):
    """Return a network whose groups are plain to see."""
    rng = np.random.default_rng(seed)
    n = groups * size
    group = np.repeat(np.arange(groups), size)
    near = (group[:, None] == group[None, :]) & (rng.random((n, n)) < 0.5)
    far = rng.random((n, n)) < 0.01
    source, target = np.nonzero(near | far)
    return graph_of(source, target, rng.integers(1, 6, source.size).astype(float), n), group


def relabelled(graph, order):
    """Return the network with its nodes in another order."""
    new = np.empty(graph.n, np.int64)
    new[order] = np.arange(graph.n)
    return graph_of(new[graph.source], new[graph.target], graph.weight, graph.n)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_rows_changes_nothing(seed):
    rng = np.random.default_rng(seed)
    rows, weight = rng.integers(0, 20, (2, 300)), rng.gamma(1.0, 3.0, 300)
    shuffled = rng.permutation(300)
    one = graph_of(*rows, weight, 20)
    other = graph_of(*rows[:, shuffled], weight[shuffled], 20)
    for name in ("source", "target", "weight"):
        assert (getattr(one, name) == getattr(other, name)).all()
    assert one.loop_weight == other.loop_weight


@pytest.mark.parametrize("seed", range(4))
def test_the_ids_of_nodes_change_nothing_once_they_stand_in_canonical_order(seed):
    graph, group = planted(seed)
    other_ids = np.random.default_rng(seed + 50).permutation(graph.n)
    found = []
    for order in (np.arange(graph.n), other_ids):
        renamed = relabelled(graph, order)
        canonical = canonical_order(renamed)
        same = relabelled(renamed, canonical)
        labels = group[order][canonical]
        parts = communities(mutual(same), seed=4)
        found.append((same, labels, parts, e_i_index(same, labels, seed=4)))
    (a, labels_a, parts_a, e_i_a), (b, labels_b, parts_b, e_i_b) = found
    assert (a.source == b.source).all()
    assert (a.target == b.target).all()
    assert (labels_a == labels_b).all()
    assert (parts_a.member == parts_b.member).all()
    assert parts_a.stability == parts_b.stability
    assert e_i_a == e_i_b


def test_planted_groups_are_found_numbered_and_stable():
    graph, group = planted(2)
    found = communities(mutual(graph), seed=0)
    assert found.count == 4
    assert found.stability == 1
    assert (found.of_node == 1).all()
    assert (found.member == group + 1).all()


def test_communities_are_numbered_by_size_then_by_first_member():
    pairs = np.array([[0, 1], [2, 3], [3, 4], [2, 4], [5, 6]])
    found = communities(mutual(graph_of(pairs[:, 0], pairs[:, 1], np.ones(5), 8)), seed=0)
    assert found.member.tolist() == [2, 2, 1, 1, 1, 3, 3, 0]


def test_the_same_seed_repeats_communities_to_the_digit():
    both = mutual(drawn_graph(8, n=120, rows=400))
    one, other = communities(both, seed=5), communities(both, seed=5)
    assert (one.member == other.member).all()
    assert (one.quality, one.stability) == (other.quality, other.stability)
    assert (one.of_draw == other.of_draw).all()
    assert one.draws == 20
    assert 0 < one.stability < 1


def test_the_best_draw_is_kept():
    both = mutual(drawn_graph(8, n=120, rows=400))
    single = [communities(both, seed=s, draws=1).quality for s in range(30)]
    assert communities(both, seed=0, draws=30).quality >= np.median(single)
    assert np.isnan(communities(both, seed=0, draws=1).stability)


def test_large_networks_are_drawn_less_often_but_never_once():
    assert [draws_for(n) for n in (0, 100, 1_200_000, 2_400_000, 8_000_000)] == [20, 20, 20, 10, 3]


@pytest.mark.parametrize("graph", ODD.values(), ids=ODD)
def test_odd_networks_have_an_order(graph):
    assert sorted(canonical_order(graph).tolist()) == list(range(graph.n))


def test_sampled_betweenness_covers_the_exact_one():
    graph = drawn_graph(5, n=800, rows=12_000, whole=True)
    exact = betweenness(graph)
    covered = []
    for seed in range(10):
        found = betweenness(graph, seed=seed, exact_nodes=100, sources=200)
        assert not found.exact
        assert found.sources == 200
        busy = exact.value > np.quantile(exact.value, 0.5)
        inside = (found.low <= exact.value) & (exact.value <= found.high)
        covered.append(inside[busy].mean())
    assert 0.93 < np.mean(covered) < 0.99


def test_a_sample_of_all_sources_is_exact_and_a_seed_repeats_it():
    graph = drawn_graph(4, n=90, rows=400)
    assert betweenness(graph, exact_nodes=0, sources=90).exact
    one, other = (betweenness(graph, exact_nodes=0, sources=40, seed=3) for _ in range(2))
    assert (one.value == other.value).all()


def test_groups_of_the_draws_do_not_hang_on_their_numbers():
    graph, group = drawn_graph(3), drawn_groups(3)
    assert e_i_index(graph, group, seed=1) == e_i_index(graph, group * 10 + 3, seed=1)
