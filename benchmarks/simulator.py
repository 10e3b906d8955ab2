"""Simulated incidents on random layered dependency graphs whose culprit and best answer are known.

A graph has layers; each module needs one to four modules of lower layers, most of them of the next one, with
a propagation drawn from .3 to .95. One module fails, impairment spreads upwards by noisy-OR, and each module
is observed: missing with probability `unknown`, anomalous with `sensitivity` if impaired and with
`false_alarm` if not. The alarm is raised on an impaired, anomalous module without an anomalous caller; the
fault is elsewhere, below it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping

import networkx as nx
from attrs import frozen

CERTAIN = 1e9
"""Likelihood ratio of the alarm, which is a fact in the simulation."""

Evidence = Mapping[int, float | None]


@frozen
class Noise:
    """How well modules are observed."""

    sensitivity: float
    false_alarm: float
    unknown: float

    def __str__(self) -> str:
        return f"{self.sensitivity}/{self.false_alarm}/{self.unknown}"


SETTINGS = (Noise(0.9, 0.02, 0.0), Noise(0.8, 0.05, 0.2), Noise(0.6, 0.1, 0.4))


@frozen(eq=False)
class Incident:
    """A graph, what was seen on it, where the alarm was raised, which module failed, and which may have."""

    graph: nx.DiGraph
    evidence: Evidence
    target: int
    culprit: int
    candidates: tuple[int, ...]
    noise: Noise


def layered(size: int, draw: random.Random) -> nx.DiGraph:
    """Return a random graph with an edge from each module to what it needs."""
    count = max(4, round(math.log2(size) * 0.8))
    layers = sorted(draw.randrange(count) for _ in range(size))
    layers[0], layers[-1] = 0, count - 1
    members: dict[int, list[int]] = {}
    for node, layer in enumerate(layers):
        members.setdefault(layer, []).append(node)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(size))
    for node, layer in enumerate(layers):
        lower = [each for each in range(layer + 1, count) if each in members]
        for _ in range(draw.randint(1, 4) if lower else 0):
            step = 0
            while step < len(lower) - 1 and draw.random() > 0.7:
                step += 1
            graph.add_edge(node, draw.choice(members[lower[step]]), propagation=draw.uniform(0.3, 0.95))
    return graph


def incidents(size: int, count: int, noise: Noise, seed: int, per_graph: int = 10) -> Iterator[Incident]:
    """Yield `count` incidents on graphs of `size` modules, a new graph after every `per_graph`."""
    draw = random.Random(seed)
    done = 0
    graph = layered(size, draw)
    fresh = True
    while done < count:
        if done % per_graph == 0 and not fresh:
            graph, fresh = layered(size, draw), True
        found = _incident(graph, noise, draw)
        if found:
            done, fresh = done + 1, False
            yield found


def likelihood_ratios(incident: Incident) -> dict[int, float]:
    """Return P(seen | impaired) / P(seen | sound) of every observed module; the alarm is a fact."""
    noise = incident.noise
    anomalous = noise.sensitivity / noise.false_alarm
    normal = (1 - noise.sensitivity) / (1 - noise.false_alarm)
    ratios = {
        node: anomalous if seen else normal for node, seen in incident.evidence.items() if seen is not None
    }
    return {**ratios, incident.target: CERTAIN}


def exact(incident: Incident) -> list[tuple[int, float]]:
    """Return the true log likelihood ratio of every candidate, over all states of its callers."""
    ratios = likelihood_ratios(incident)
    return [(root, _exact(incident.graph, ratios, root)) for root in incident.candidates]


def particles(incident: Incident, draw: random.Random, count: int = 300) -> list[tuple[int, float]]:
    """Return the same by sequential importance sampling, where there are too many states."""
    ratios = likelihood_ratios(incident)
    return [(root, _sampled(incident.graph, ratios, root, draw, count)) for root in incident.candidates]


def _incident(graph: nx.DiGraph, noise: Noise, draw: random.Random) -> Incident | None:
    culprit = draw.randrange(len(graph))
    impaired = {culprit}
    for node in _callers_of(graph, culprit):
        if any(
            callee in impaired and draw.random() < edge["propagation"] for callee, edge in graph[node].items()
        ):
            impaired.add(node)
    evidence: dict[int, float | None] = {}
    for node in graph:
        chance = noise.sensitivity if node in impaired else noise.false_alarm
        known, anomalous = draw.random() >= noise.unknown, draw.random() < chance
        evidence[node] = float(anomalous) if known else None
    target = _alarm(graph, {node for node, seen in evidence.items() if seen})
    if target is None or target == culprit or target not in impaired:
        return None
    return Incident(graph, evidence, target, culprit, tuple(sorted(nx.descendants(graph, target))), noise)


def _alarm(graph: nx.DiGraph, anomalous: set[int]) -> int | None:
    tops = [node for node in sorted(anomalous) if anomalous.isdisjoint(graph.predecessors(node))]
    return max(tops, key=lambda node: (len(anomalous & nx.descendants(graph, node)), -node), default=None)


def _callers_of(graph: nx.DiGraph, root: int) -> list[int]:
    """Return who depends on a module, callees first. Edges lead from lower numbers to higher ones."""
    return sorted(nx.ancestors(graph, root), reverse=True)


def _exact(graph: nx.DiGraph, ratios: Mapping[int, float], root: int) -> float:
    states = {frozenset([root]): ratios.get(root, 1.0)}
    for node in _callers_of(graph, root):
        after: dict[frozenset[int], float] = {}
        for impaired, mass in states.items():
            chance = 1.0 - math.prod(
                1 - edge["propagation"] for callee, edge in graph[node].items() if callee in impaired
            )
            after[impaired] = after.get(impaired, 0.0) + mass * (1 - chance)
            if chance:
                more = impaired | {node}
                after[more] = after.get(more, 0.0) + mass * chance * ratios.get(node, 1.0)
        states = after
    return math.log(math.fsum(states.values()))


def _sampled(
    graph: nx.DiGraph, ratios: Mapping[int, float], root: int, draw: random.Random, count: int
) -> float:
    swarm = [frozenset([root])] * count
    total = math.log(ratios.get(root, 1.0))
    for node in _callers_of(graph, root):
        edges = [(callee, 1 - edge["propagation"]) for callee, edge in graph[node].items()]
        ratio = ratios.get(node, 1.0)
        known: dict[frozenset[int], float] = {}
        for state in set(swarm):
            known[state] = 1.0 - math.prod(spared for callee, spared in edges if callee in state)
        if not any(known.values()):
            continue
        chances = [known[state] for state in swarm]
        weights = [1.0 + chance * (ratio - 1.0) for chance in chances]
        total += math.log(math.fsum(weights) / count)
        moved = [
            state | {node} if draw.random() < chance * ratio / weight else state
            for state, chance, weight in zip(swarm, chances, weights, strict=True)
        ]
        swarm = draw.choices(moved, weights, k=count) if len(set(weights)) > 1 else moved
    return total
