"""E-I index, brokerage and agreement of divisions: hand values, slow counts, exact moments."""

import itertools

import numpy as np
import pytest
from network_graphs import ODD, drawn_graph, drawn_groups, edges

from leitweg.engine.network_agreement import adjusted_rand, kept_companions, pair_agreement
from leitweg.engine.network_brokerage import ROLES, brokerage
from leitweg.engine.network_graph import Graph, graph_of
from leitweg.engine.network_groups import e_i_index, e_i_parts


def slow_internal(graph, label):
    rows = zip(graph.source, graph.target, graph.weight, strict=True)
    return sum(w for a, b, w in rows if label[a] == label[b])


def test_all_ties_inside_are_minus_one_and_all_outside_one():
    graph, outside = edges((0, 1), (2, 3), n=4), edges((0, 2), (3, 1), n=4)
    group = np.array([0, 0, 1, 1])
    assert e_i_index(graph, group, seed=0).value == -1
    assert e_i_index(outside, group, seed=0).value == 1


def test_expected_value_is_that_of_krackhardt_and_stern():
    # groups of 3 and 5: 2 * 15 of 28 pairs are across, less one
    group = np.array([0] * 3 + [1] * 5)
    found = e_i_index(drawn_graph(1, n=8, rows=20), group, seed=0)
    assert found.expected == pytest.approx(2 * 15 / 28 - 1, abs=1e-12)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6])
def test_exact_moments_are_those_of_all_permutations(n):
    graph = graph_of(*np.random.default_rng(n).integers(0, n, (2, 7)), np.arange(1.0, 8.0), n)
    label = np.array([0, 0, 1, 1, 1, 2])[:n]
    totals = [slow_internal(graph, p) for p in itertools.permutations(label)]
    total = graph.weight.sum()
    found = e_i_index(graph, label, seed=0, drawn=False)
    assert found.draws == 0
    assert found.expected == pytest.approx(1 - 2 * np.mean(totals) / total, abs=1e-9)
    assert found.sd == pytest.approx(2 * np.std(totals) / total, abs=1e-7)


def test_drawn_and_exact_standard_deviation_agree():
    graph, group = drawn_graph(3), drawn_groups(3)
    drawn = e_i_index(graph, group, seed=7, draws=20_000)
    exact = e_i_index(graph, group, seed=7, drawn=False)
    assert (drawn.value, drawn.expected) == (exact.value, exact.expected)
    assert drawn.draws == 20_000
    assert drawn.sd == pytest.approx(exact.sd, rel=0.02)
    assert drawn.z == pytest.approx(exact.z, rel=0.02)


def test_the_same_seed_gives_the_same_z_to_the_digit():
    graph, group = drawn_graph(3), drawn_groups(3)
    assert e_i_index(graph, group, seed=1) == e_i_index(graph, group, seed=1)
    assert e_i_index(graph, group, seed=1).z != e_i_index(graph, group, seed=2).z


def test_nodes_without_a_group_are_left_out_with_their_ties():
    graph, group = drawn_graph(5), drawn_groups(5)
    group[::5] = -1
    known = np.flatnonzero(group >= 0)
    keep = np.isin(graph.source, known) & np.isin(graph.target, known)
    new = np.cumsum(group >= 0) - 1
    inner = graph_of(
        new[graph.source[keep]], new[graph.target[keep]], graph.weight[keep], known.size
    )
    assert e_i_index(graph, group, seed=2) == e_i_index(inner, group[known], seed=2)


@pytest.mark.parametrize("label", [np.zeros(5, np.int64), np.arange(5)])
def test_labels_all_alike_or_all_different_have_no_z(label):
    found = e_i_index(ODD["star"], label, seed=0)
    assert found.value == (-1 if label[1] == 0 else 1)
    assert found.value == found.expected
    assert np.isnan(found.z)


@pytest.mark.parametrize("graph", ODD.values(), ids=ODD)
def test_odd_networks_have_an_index_or_none(graph):
    found = e_i_index(graph, np.arange(graph.n) // 2, seed=0)
    assert np.isnan(found.value) == (graph.n_edges == 0)
    assert brokerage(graph, np.arange(graph.n) // 2).shape == (graph.n, 5)


def test_parts_add_up_to_the_index():
    graph, group = drawn_graph(6), drawn_groups(6)
    internal, external = e_i_parts(graph, group)
    found = e_i_index(graph, group, seed=0)
    assert internal.sum() / 2 == pytest.approx(found.internal)
    assert external.sum() / 2 == pytest.approx(found.external)


def slow_roles(graph, group):
    linked = set(zip(graph.source.tolist(), graph.target.tolist(), strict=True))
    roles = np.zeros((graph.n, 5), np.int64)
    for (i, j), (also_j, k) in itertools.product(linked, linked):
        if j != also_j or i == k or (i, k) in linked or min(group[[i, j, k]]) < 0:
            continue
        same = (group[i] == group[j], group[j] == group[k], group[i] == group[k])
        names = {
            (True, True, True): "coordinator",
            (False, True, False): "gatekeeper",
            (True, False, False): "representative",
            (False, False, True): "itinerant",
            (False, False, False): "liaison",
        }
        roles[j, ROLES.index(names[same])] += 1
    return roles


@pytest.mark.parametrize("seed", range(4))
def test_brokerage_is_that_of_a_slow_count(seed):
    graph, group = drawn_graph(seed, n=25, rows=120), drawn_groups(seed, n=25)
    group[3] = -1
    assert (brokerage(graph, group) == slow_roles(graph, group)).all()


def test_a_direct_way_closes_the_two_path():
    group = np.array([0, 1, 2])
    assert brokerage(edges((0, 1), (1, 2), n=3), group)[1].tolist() == [0, 0, 0, 0, 1]
    assert brokerage(edges((0, 1), (1, 2), (0, 2), n=3), group)[1].sum() == 0
    # the way back does not close it
    assert brokerage(edges((0, 1), (1, 2), (2, 0), n=3), group)[1].sum() == 1


def test_adjusted_rand_of_the_table_of_hubert_and_arabie():
    # contingency [[2, 1], [0, 3]]: 4 pairs together in both, 6 and 7 in each, 15 in all
    one, other = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 1, 1])
    assert adjusted_rand(one, other) == pytest.approx((4 - 2.8) / (6.5 - 2.8), abs=1e-12)
    assert pair_agreement(one, other) == pytest.approx(4 / 9)
    assert kept_companions(one, other).tolist() == [0.5, 0.5, 0.0, 1.0, 1.0, 1.0]


@pytest.mark.parametrize("seed", range(5))
def test_adjusted_rand_is_that_of_pair_counts(seed):
    rng = np.random.default_rng(seed)
    one, other = rng.integers(0, 5, 30), rng.integers(0, 4, 30) * 7
    pairs = list(itertools.combinations(range(30), 2))
    a, b = (np.array([x[i] == x[j] for i, j in pairs]) for x in (one, other))
    tp, fp, fn = (a & b).sum(), (a & ~b).sum(), (~a & b).sum()
    tn = len(pairs) - tp - fp - fn
    # the form of pair counts that other libraries use
    expected = 2 * (tp * tn - fn * fp) / ((tp + fn) * (fn + tn) + (tp + fp) * (fp + tn))
    assert adjusted_rand(one, other) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("labels", [np.zeros(4, np.int64), np.arange(4)])
def test_all_together_or_all_apart_agree_with_themselves(labels):
    assert adjusted_rand(labels, labels) == 1
    assert pair_agreement(labels, labels) == 1


def test_agreement_of_nothing():
    nothing = np.zeros(0, np.int64)
    assert np.isnan(adjusted_rand(nothing, nothing))
    assert kept_companions(nothing, nothing).size == 0
    assert np.isnan(kept_companions(np.array([1]), np.array([1]))[0])


def test_bad_edges_are_refused():
    one = np.array([0])
    with pytest.raises(ValueError, match="outside"):
        graph_of(one, one + 3, np.ones(1), 3)
    with pytest.raises(ValueError, match="negative"):
        graph_of(one, one + 1, -np.ones(1), 3)
    with pytest.raises(ValueError, match="length"):
        graph_of(one, one, np.ones(2), 3)


def test_zero_weights_are_no_edges_and_loops_are_set_aside():
    rows = np.array([[0, 1], [1, 1], [1, 2], [0, 1]])
    graph = graph_of(rows[:, 0], rows[:, 1], np.array([1.5, 2.0, 0.0, 0.25]), 3)
    assert isinstance(graph, Graph)
    assert (graph.source.tolist(), graph.target.tolist()) == ([0], [1])
    assert (graph.weight.tolist(), graph.loop_weight) == ([1.75], 2.0)
