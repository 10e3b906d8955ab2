"""The filtered noisy-OR walk: what a fault predicts about the callers, and what their state says of it.

Model: one fault. A caller is impaired through each impaired callee with the probability of that edge,
independently (noisy-OR); facts about different nodes are independent given their states. The walk visits
callers after their callees and conditions on the facts met so far (assumed-density filtering): exact on a
chain, close to exact where callers share an unobserved callee or have several. Compare Bahl et al.,
"Towards highly reliable enterprise network services via inference of multi-level dependencies", SIGCOMM
2007.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection, Hashable, Mapping
from types import MappingProxyType
from typing import Any, Generic, TypeVar

import networkx as nx
from attrs import frozen

Node = TypeVar("Node", bound=Hashable)

NEGLIGIBLE = 1e-3
"""Callers that are predicted to be impaired with less than this probability end the walk."""

SENSITIVITY = 0.7
"""Usual probability that an impaired node is seen to be impaired."""

FALSE_ALARM = 0.05
"""Usual probability that a sound node is seen to be impaired."""


@frozen
class Network(Generic[Node]):
    """A dependency graph made ready for walks.

    `order` numbers the nodes, callees before callers; `callees` lists what a node depends on with the
    probability that a fault there shows here; `callers` lists who depends on a node.
    """

    order: Mapping[Node, int]
    callees: Mapping[Node, tuple[tuple[Node, float], ...]]
    callers: Mapping[Node, tuple[Node, ...]]


@frozen
class Walk(Generic[Node]):
    """What one hypothesis says. `weights` are in nats and sum to its weight of evidence.

    `beliefs` are the probabilities that a node is impaired, given the hypothesis and the facts about that
    node and the nodes before it. Nodes that were not reached are missing: weight 0, belief 0.
    """

    weights: Mapping[Node, float]
    beliefs: Mapping[Node, float]


def name_key(node: Hashable) -> tuple[str, str]:
    """Sort nodes of any type by what they are called."""
    return (str(node), type(node).__qualname__)


def network_of(graph: nx.DiGraph, propagation: float = 0.5) -> Network[Any]:
    """Return the network of a graph with an edge from each dependent to what it depends on.

    The edge attribute `propagation` overrides the default. The members of a cycle keep all their edges and
    are ordered by name; nothing depends on the order in which nodes and edges were added.
    """
    condensed = nx.condensation(graph)
    members = {number: sorted(data["members"], key=name_key) for number, data in condensed.nodes(data=True)}
    components = nx.lexicographical_topological_sort(
        condensed.reverse(copy=False), key=lambda number: name_key(members[number][0])
    )
    ordered = [node for number in components for node in members[number]]
    order = {node: position for position, node in enumerate(ordered)}
    callees = {
        node: tuple(
            (callee, float(graph[node][callee].get("propagation", propagation)))
            for callee in sorted(graph.successors(node), key=order.__getitem__)
            if callee != node
        )
        for node in ordered
    }
    callers = {
        node: tuple(
            caller for caller in sorted(graph.predecessors(node), key=order.__getitem__) if caller != node
        )
        for node in ordered
    }
    return Network(MappingProxyType(order), MappingProxyType(callees), MappingProxyType(callers))


def clip(log_ratio: float, sensitivity: float = SENSITIVITY, false_alarm: float = FALSE_ALARM) -> float:
    """Keep a log likelihood ratio (nats) within what one imperfect observer of a node can say."""
    lowest = math.log((1 - sensitivity) / (1 - false_alarm))
    highest = math.log(sensitivity / false_alarm)
    return min(max(log_ratio, lowest), highest)


def walk(
    network: Network[Node],
    seeds: Mapping[Node, float],
    likelihood: Mapping[Node, float],
    within: Collection[Node] | None = None,
) -> Walk[Node]:
    """Follow the hypothesis that the nodes of `seeds` are impaired with the probabilities given there.

    `likelihood` maps observed nodes to P(facts | impaired) / P(facts | sound); a missing node is unknown.
    A single fault is one seed of probability 1. `within` confines the walk to those nodes: the weights stay
    what they are as long as it holds every observed node and everything these depend on.
    """
    weights: dict[Node, float] = {}
    beliefs: dict[Node, float] = {}
    waiting = sorted((network.order[node], node) for node in seeds)
    reached = set(seeds)
    while waiting:
        _, node = heapq.heappop(waiting)
        spared = 1.0 - seeds.get(node, 0.0)
        for callee, propagation in network.callees[node]:
            if callee in beliefs:
                spared *= 1.0 - propagation * beliefs[callee]
        predicted = 1.0 - spared
        if predicted < NEGLIGIBLE:
            continue
        ratio = likelihood.get(node, 1.0)
        weights[node] = math.log1p(predicted * (ratio - 1.0))
        beliefs[node] = predicted * ratio / (1.0 + predicted * (ratio - 1.0))
        for caller in network.callers[node]:
            if caller not in reached and (within is None or caller in within):
                reached.add(caller)
                heapq.heappush(waiting, (network.order[caller], caller))
    return Walk(weights, beliefs)


def dependencies_of(network: Network[Node], nodes: Collection[Node]) -> frozenset[Node]:
    """Return the nodes and everything that they depend on, directly or not."""
    found = set(nodes)
    waiting = list(nodes)
    while waiting:
        for callee, _ in network.callees[waiting.pop()]:
            if callee not in found:
                found.add(callee)
                waiting.append(callee)
    return frozenset(found)
