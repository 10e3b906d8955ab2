from __future__ import annotations

import networkx as nx

from campaign_rules.ranking.network import network_below, network_of


def test_only_what_the_nodes_depend_on_is_laid_out():
    graph = nx.DiGraph([("a", "b"), ("b", "c"), ("x", "b"), ("y", "z")])
    network = network_below(graph, ["b"], 0.4)
    assert network.callees == {"c": (), "b": (("c", 0.4),)}
    assert network.circles == (("c",), ("b",))
    assert network.callers == {"c": 1}


def test_circles_are_told_apart_from_their_neighbours():
    graph = nx.DiGraph([("p", "q"), ("q", "p"), ("q", "a"), ("a", "b"), ("b", "a"), ("z", "p"), ("m", "m")])
    assert network_of(graph).circles == (("a", "b"), ("m",), ("p", "q"), ("z",))
