from __future__ import annotations

import itertools
import math
import random

import networkx as nx
import pytest

from campaign_rules.ranking import joint
from campaign_rules.ranking.joint import joint_weights, leading
from campaign_rules.ranking.network import network_of
from campaign_rules.ranking.noisy_or import sweep
from tests.ranking.one_walk import walk
from tests.ranking.test_noisy_or import exact_ratio


def weights_of(graph, root, likelihood):
    network = network_of(graph)
    visits = list(sweep(network, {root: {root: 1.0}}, likelihood))
    return joint_weights(network, root, [visit.node for visit in visits], likelihood)


def random_graph(draw, size=7):
    graph = nx.DiGraph()
    graph.add_nodes_from(range(size))
    for callee in range(1, size):
        for caller in draw.sample(range(callee), min(callee, draw.randint(1, 3))):
            graph.add_edge(caller, callee, propagation=draw.uniform(0.3, 0.95))
    return graph


def test_it_is_exact_on_graphs_with_shared_callers():
    draw = random.Random(4)
    apart = []
    for _ in range(60):
        graph = random_graph(draw)
        likelihood = {node: draw.choice([0.2, 16.0]) for node in graph if draw.random() < 0.7}
        root = draw.randrange(3, 7)
        true = math.log(exact_ratio(graph, root, likelihood))
        assert math.fsum(weights_of(graph, root, likelihood).values()) == pytest.approx(true, abs=0.02)
        filtered = walk(network_of(graph), {root: 1.0}, likelihood).weights
        apart.append(abs(math.fsum(filtered.values()) - true))
    assert max(apart) > 0.3  # what taking the callers apart would cost


def test_with_few_states_it_stays_close(monkeypatch):
    monkeypatch.setattr(joint, "STATES", 4)
    draw = random.Random(5)
    errors = []
    for _ in range(40):
        graph = random_graph(draw)
        likelihood = {node: draw.choice([0.2, 16.0]) for node in graph}
        exact = math.log(exact_ratio(graph, 6, likelihood))
        errors.append(abs(math.fsum(weights_of(graph, 6, likelihood).values()) - exact))
    assert max(errors) < 1.0


def test_on_a_circle_it_goes_round_as_the_filter_does():
    graph = nx.DiGraph([("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")])
    likelihood = dict.fromkeys("abcd", 14.0)
    for root in "abcd":
        filtered = walk(network_of(graph), {root: 1.0}, likelihood).weights
        weights = weights_of(graph, root, likelihood)
        assert set(weights) == set(filtered)
        inside = {node: weights[node] for node in "abc" if node in weights}
        assert inside == pytest.approx({node: filtered[node] for node in inside})
        if root != "d":
            assert weights["d"] >= filtered["d"] - 1e-9  # what is seen of c speaks for a as well


def test_the_order_of_nodes_and_edges_does_not_matter():
    draw = random.Random(6)
    graph = random_graph(draw)
    likelihood = {node: draw.choice([0.2, 16.0]) for node in graph}
    found = set()
    for nodes in itertools.islice(itertools.permutations(graph), 30):
        again = nx.DiGraph()
        again.add_nodes_from(nodes)
        again.add_edges_from(draw.sample(list(graph.edges(data=True)), graph.number_of_edges()))
        found.add(tuple(sorted(weights_of(again, 6, likelihood).items())))
    assert len(found) == 1


def test_the_leading_hypotheses_are_the_likeliest_and_few():
    scores = {name: -float(number) for number, name in enumerate("abcdefghijklmnopqrstuvwxyz")}
    assert leading(scores) == list("abcdefghij")
    assert len(leading(dict.fromkeys(range(100), 0.0))) == joint.LEADING
    assert leading({}) == []
