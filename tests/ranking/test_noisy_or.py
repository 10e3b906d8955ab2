from __future__ import annotations

import itertools
import math

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_rules.ranking.network import dependencies_of, network_of
from campaign_rules.ranking.noisy_or import clip, sweep, weight
from tests.ranking.one_walk import walk


def chain(propagations: list[float]) -> nx.DiGraph:
    """Return a chain in which node n + 1 depends on node n."""
    graph = nx.DiGraph()
    graph.add_node(0)
    for node, propagation in enumerate(propagations):
        graph.add_edge(node + 1, node, propagation=propagation)
    return graph


def exact_ratio(graph: nx.DiGraph, root, likelihood) -> float:
    """P(facts | root fails) / P(facts | nothing fails), by enumeration of all states."""
    others = [node for node in graph if node != root]
    total = 0.0
    for states in itertools.product((False, True), repeat=len(others)):
        impaired = dict(zip(others, states, strict=True)) | {root: True}
        probability = 1.0
        for node in others:
            spared = math.prod(
                1 - graph[node][callee]["propagation"]
                for callee in graph.successors(node)
                if impaired[callee]
            )
            probability *= 1 - spared if impaired[node] else spared
        total += probability * math.prod(likelihood.get(node, 1.0) for node in graph if impaired[node])
    return total


@given(
    st.lists(st.floats(0.1, 1.0), min_size=1, max_size=5),
    st.lists(st.sampled_from([None, 0.3, 2.0, 14.0]), min_size=6, max_size=6),
    st.data(),
)
def test_the_walk_is_exact_on_a_chain(propagations, ratios, data):
    graph = chain(propagations)
    root = data.draw(st.sampled_from(sorted(graph)))
    likelihood = {node: ratios[node] for node in graph if ratios[node] is not None}
    weights = walk(network_of(graph), {root: 1.0}, likelihood).weights
    exact = math.log(exact_ratio(graph, root, likelihood))
    assert sum(weights.values()) == pytest.approx(exact, abs=0.05)  # predictions below .001 are left out


def test_the_walk_on_a_diamond_is_close_to_exact():
    graph = nx.DiGraph()
    for dependent, needed in [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]:
        graph.add_edge(dependent, needed, propagation=0.5)
    likelihood = {"a": 14.0, "b": 14.0, "c": 0.3, "d": 2.0}
    weights = walk(network_of(graph), {"d": 1.0}, likelihood).weights
    assert sum(weights.values()) == pytest.approx(math.log(exact_ratio(graph, "d", likelihood)), abs=0.1)


def test_observed_normal_callers_speak_against():
    graph = nx.DiGraph([("a", "b")])
    weights = walk(network_of(graph, 0.5), {"b": 1.0}, {"a": 0.25}).weights
    assert weights == {"b": 0.0, "a": pytest.approx(math.log(0.5 * 0.25 + 0.5))}


@given(
    st.permutations(["a", "b", "c", "d"]), st.permutations([("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")])
)
def test_cycles_keep_their_edges_and_any_order_of_adding_gives_the_same_network(nodes, edges):
    graph = nx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(edges)
    network = network_of(graph)
    assert network.circles == (("a", "b", "c"), ("d",))
    assert network.callees == {
        "a": (("b", 0.5),),
        "b": (("c", 0.5),),
        "c": (("a", 0.5),),
        "d": (("a", 0.5),),
    }
    weights = walk(network, {"b": 1.0}, dict.fromkeys("abcd", 14.0)).weights
    expected = {"b": 14.0, "a": 0.5 * 14 + 0.5}
    belief = 0.5 * (7 / 7.5)
    expected |= {"c": belief * 14 + 1 - belief, "d": belief * 14 + 1 - belief}
    assert weights == pytest.approx({node: math.log(ratio) for node, ratio in expected.items()})


def test_a_node_that_needs_itself_is_harmless():
    graph = nx.DiGraph([("a", "a"), ("a", "b")])
    assert network_of(graph).callees["a"] == (("b", 0.5),)


def weights_of(network, roots, likelihood, within=None):
    found = {root: {} for root in roots}
    for visit in sweep(network, {root: {root: 1.0} for root in roots}, likelihood, within):
        for root, predicted in visit.predicted.items():
            found[root][visit.node] = weight(predicted, likelihood.get(visit.node, 1.0))
    return found


@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=14),
    st.dictionaries(st.integers(0, 7), st.sampled_from([0.3, 2.0, 14.0]), max_size=6),
)
def test_following_many_hypotheses_at_once_gives_each_what_it_gets_alone(edges, likelihood):
    graph = nx.DiGraph()
    graph.add_nodes_from(range(8))
    graph.add_edges_from(edges)
    network = network_of(graph, 0.6)
    relevant = dependencies_of(network, likelihood)
    together = weights_of(network, range(8), likelihood)
    confined = weights_of(network, range(8), likelihood, relevant)
    for root in graph:
        assert walk(network, {root: 1.0}, likelihood).weights == together[root]
        inside = {node: value for node, value in together[root].items() if node in relevant}
        if root in relevant:
            assert confined[root] == inside


def test_seeds_below_one_are_predictions_at_that_node():
    graph = nx.DiGraph([("a", "b")])
    followed = walk(network_of(graph), {"a": 0.1, "b": 0.1}, {"b": 14.0})
    assert followed.weights["b"] == pytest.approx(math.log(0.1 * 14 + 0.9))
    belief = 1.4 / 2.3
    assert followed.beliefs["a"] == pytest.approx(1 - 0.9 * (1 - 0.5 * belief))


def test_clip_keeps_one_observer_within_bounds():
    assert clip(99.0) == pytest.approx(math.log(0.7 / 0.05))
    assert clip(-99.0) == pytest.approx(math.log(0.3 / 0.95))
    assert clip(0.5) == 0.5
