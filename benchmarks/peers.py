"""Other ways to rank a root cause, to compare with: each gives candidates a score, higher is likelier."""

from __future__ import annotations

import random
from collections.abc import Mapping

import networkx as nx

Scores = list[tuple[int, float]]
Evidence = Mapping[int, float | None]

FAINT = 0.01
"""Anomaly of what was not observed, or is normal, for the walks."""


def pagerank(graph: nx.DiGraph, evidence: Evidence, target: int) -> Scores:
    """Personalised PageRank as MonitorRank uses it (Kim, Sumbaly and Shah, SIGMETRICS 2013). Needs scipy."""
    anomaly = _anomaly(graph, evidence)
    web = nx.DiGraph()
    web.add_nodes_from(graph)
    for node, callee in graph.edges:
        web.add_edge(node, callee, weight=anomaly[callee])
    for node, callee in graph.edges:
        if not web.has_edge(callee, node):
            web.add_edge(callee, node, weight=0.2 * anomaly[node])
    for node in graph:
        stay = anomaly[node] - max((anomaly[callee] for callee in graph[node]), default=0.0)
        if node != target and stay > 0:
            web.add_edge(node, node, weight=stay)
    restart = {node: anomaly[node] if node != target else 1e-6 for node in graph}
    return sorted(nx.pagerank(web, alpha=0.85, personalization=restart, max_iter=500, tol=1e-8).items())


def random_walk(graph: nx.DiGraph, evidence: Evidence, target: int) -> Scores:
    """How often a walk from the alarm visits a node: 1000 walks of ten steps."""
    anomaly = _anomaly(graph, evidence)
    draw = random.Random(0)
    steps = {}
    for node in graph:
        ways = {callee: anomaly[callee] for callee in graph[node]}
        for caller in graph.predecessors(node):
            ways[caller] = ways.get(caller, 0.0) + 0.1 * anomaly[caller]
        ways[node] = max(0.0, anomaly[node] - max((anomaly[callee] for callee in graph[node]), default=0.0))
        steps[node] = (list(ways), [chance + 1e-9 for chance in ways.values()])
    visits: dict[int, float] = {}
    for _ in range(1000):
        node = target
        for _ in range(10):
            node = draw.choices(*steps[node])[0]
            visits[node] = visits.get(node, 0.0) + 1.0
    return sorted(visits.items())


def traversal(graph: nx.DiGraph, evidence: Evidence, target: int) -> Scores:
    """Anomalous nodes without an anomalous callee, on a path of such from the alarm; the more on it."""
    anomalous = {node for node, seen in evidence.items() if seen} | {target}
    reached = {target: 1.0}
    for node in nx.topological_sort(graph.subgraph(anomalous)):
        for callee in graph[node]:
            if node in reached and callee in anomalous:
                reached[callee] = max(reached.get(callee, 0.0), reached[node] + 1.0)
    return sorted((node, score) for node, score in reached.items() if anomalous.isdisjoint(graph[node]))


def covering(graph: nx.DiGraph, evidence: Evidence, target: int) -> Scores:
    """Parsimonious covering with one fault: F1 of predicted and seen (Peng and Reggia, AAAI 1986)."""
    observed = {node for node, seen in evidence.items() if seen is not None}
    anomalous = {node for node, seen in evidence.items() if seen}
    scores = []
    for node in sorted(graph):
        predicted = (nx.ancestors(graph, node) | {node}) & observed
        scores.append((node, 2 * len(predicted & anomalous) / (len(predicted) + len(anomalous) or 1)))
    return scores


def _anomaly(graph: nx.DiGraph, evidence: Evidence) -> dict[int, float]:
    return {node: max(evidence.get(node) or 0.0, FAINT) for node in graph}
