"""The nodes of a dependency graph in an order in which each comes after what it depends on."""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)
Edges = Mapping[Node, Mapping[Node, float]]
"""Each dependent to what it depends on, with the probability that a fault there shows here."""


def name_key(node: Hashable) -> tuple[str, str]:
    """Sort nodes of any type by what they are called."""
    return (str(node), type(node).__qualname__)


def callees_first(edges: Edges[Node]) -> list[Node]:
    """Return the nodes of `edges`, each of which is a key there, callees before callers.

    Where the graph leaves it open, the name decides. The members of a circle come together, by name.
    """
    circles = sorted(_circles(edges), key=lambda members: name_key(members[0]))
    circle_of = {node: number for number, members in enumerate(circles) for node in members}
    callers: list[set[int]] = [set() for _ in circles]
    lacking = [0] * len(circles)
    for number, members in enumerate(circles):
        callees = {circle_of[callee] for node in members for callee in edges[node]} - {number}
        lacking[number] = len(callees)
        for callee in callees:
            callers[callee].add(number)
    ready = [number for number, count in enumerate(lacking) if not count]
    ordered: list[Node] = []
    while ready:
        number = heapq.heappop(ready)
        ordered += circles[number]
        for caller in callers[number]:
            lacking[caller] -= 1
            if not lacking[caller]:
                heapq.heappush(ready, caller)
    return ordered


def _circles(edges: Edges[Node]) -> list[list[Node]]:
    """Return the strongly connected components, the members of each by name (Tarjan 1972)."""
    met: dict[Node, int] = {}
    lowest: dict[Node, int] = {}
    open_nodes: list[Node] = []
    closed: set[Node] = set()
    found: list[list[Node]] = []
    for start in edges:
        trail = [] if start in met else [start]
        left = {start: iter(edges[start])}
        while trail:
            node = trail[-1]
            if node not in met:
                met[node] = lowest[node] = len(met)
                open_nodes.append(node)
            for callee in left[node]:
                if callee not in met:
                    left[callee] = iter(edges[callee])
                    trail.append(callee)
                    break
                if callee not in closed:
                    lowest[node] = min(lowest[node], met[callee])
            else:
                trail.pop()
                if trail:
                    lowest[trail[-1]] = min(lowest[trail[-1]], lowest[node])
                if lowest[node] == met[node]:
                    members = [open_nodes.pop()]
                    while members[-1] != node:
                        members.append(open_nodes.pop())
                    closed.update(members)
                    found.append(sorted(members, key=name_key))
    return found
