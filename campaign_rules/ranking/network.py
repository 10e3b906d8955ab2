"""A dependency graph made ready for following faults through it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from attrs import frozen

from campaign_rules.ranking.callees_first import Edges, callees_first

if TYPE_CHECKING:
    import networkx as nx

Node = TypeVar("Node", bound=Hashable)


@frozen
class Network(Generic[Node]):
    """A dependency graph, callees before callers.

    `callees` lists what each node depends on, with the probability that a fault there shows here. `circles`
    are the strongly connected components, the members of each by name; most are single nodes. `callers`
    counts who depends on a node.
    """

    callees: Mapping[Node, tuple[tuple[Node, float], ...]]
    circles: tuple[tuple[Node, ...], ...]
    callers: Mapping[Node, int]


def network_of(graph: nx.DiGraph, propagation: float = 0.5) -> Network[Any]:
    """Return the network of a graph with an edge from each dependent to what it depends on.

    The edge attribute `propagation` overrides the default.
    """
    return network_below(graph, graph, propagation)


def network_below(graph: nx.DiGraph, nodes: Collection[Any], propagation: float = 0.5) -> Network[Any]:
    """Return the network of `nodes` and everything that they depend on, directly or not."""
    edges: dict[Any, dict[Any, float]] = {}
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if node not in edges:
            edges[node] = {
                callee: float(edge.get("propagation", propagation)) for callee, edge in graph[node].items()
            }
            waiting += [callee for callee in edges[node] if callee not in edges]
    return network_of_edges(edges)


def network_of_edges(edges: Edges[Node]) -> Network[Node]:
    """Return the network of a graph, of which every node is a key of `edges`.

    The members of a cycle keep all their edges and are ordered by name; nothing depends on the order in which
    nodes and edges were added.
    """
    ordered = callees_first(edges)
    place = {node: position for position, node in enumerate(ordered)}
    callees = {
        node: tuple(
            (callee, edges[node][callee])
            for callee in sorted(edges[node], key=place.__getitem__)
            if callee != node
        )
        for node in ordered
    }
    circles: list[tuple[Node, ...]] = []
    start = end = 0
    for position, node in enumerate(ordered):
        if callees[node]:
            end = max(end, place[callees[node][-1][0]])
        if end <= position:
            circles.append(tuple(ordered[start : position + 1]))
            start = end = position + 1
    callers = Counter(callee for of_node in callees.values() for callee, _ in of_node)
    return Network(MappingProxyType(callees), tuple(circles), MappingProxyType(callers))


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
