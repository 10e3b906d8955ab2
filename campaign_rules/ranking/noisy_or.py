"""The filtered noisy-OR: what a fault predicts about the callers, and what their state says of it.

Model: a caller is impaired through each impaired callee with the probability of that edge, independently
(noisy-OR); facts about different nodes are independent given their states. Callers are visited after their
callees, and what is predicted about them conditions on the facts met so far (assumed-density filtering):
exact on a chain, close to exact where callers share an unobserved callee or have several. Compare Bahl et
al., "Towards highly reliable enterprise network services via inference of multi-level dependencies",
SIGCOMM 2007.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Hashable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Generic, TypeVar

from attrs import frozen

from campaign_rules.ranking.network import Network

Node = TypeVar("Node", bound=Hashable)
Key = TypeVar("Key", bound=Hashable)
"""What a hypothesis is called."""

NEGLIGIBLE = 1e-3
"""Callers that are predicted to be impaired with less than this probability are not followed."""

SENSITIVITY = 0.7
"""Usual probability that an impaired node is seen to be impaired."""

FALSE_ALARM = 0.05
"""Usual probability that a sound node is seen to be impaired."""


@frozen
class Visit(Generic[Node, Key]):
    """What the hypotheses say of one node: the probability that it is impaired, by hypothesis.

    `predicted` is before the facts about the node are counted, `beliefs` after. Hypotheses that predict less
    than `NEGLIGIBLE` are missing.
    """

    node: Node
    predicted: Mapping[Key, float]
    beliefs: Mapping[Key, float]


@frozen
class _Given(Generic[Node, Key]):
    network: Network[Node]
    seeds: Mapping[Node, Mapping[Key, float]]
    likelihood: Mapping[Node, float]
    within: AbstractSet[Node] | None


def clip(log_ratio: float, sensitivity: float = SENSITIVITY, false_alarm: float = FALSE_ALARM) -> float:
    """Keep a log likelihood ratio (nats) within what one imperfect observer of a node can say."""
    lowest = math.log((1 - sensitivity) / (1 - false_alarm))
    highest = math.log(sensitivity / false_alarm)
    return min(max(log_ratio, lowest), highest)


def weight(predicted: float, ratio: float) -> float:
    """Return what the facts about a node say for a hypothesis, in nats.

    `predicted` is the probability of impairment under the hypothesis, `ratio` P(facts | impaired) /
    P(facts | sound).
    """
    return math.log1p(predicted * (ratio - 1.0))


def sweep(
    network: Network[Node],
    seeds: Mapping[Node, Mapping[Key, float]],
    likelihood: Mapping[Node, float],
    within: AbstractSet[Node] | None = None,
) -> Iterator[Visit[Node, Key]]:
    """Follow many hypotheses at once through the graph, callees first, and tell what they say node by node.

    `seeds` maps a node to the hypotheses under which it fails of its own, with the probability that it does:
    a single fault is one seed of probability 1. `likelihood` maps observed nodes to P(facts | impaired) /
    P(facts | sound); a missing node is unknown. `within` confines the sweep to those nodes: what it says of
    them is the same as long as it holds everything that they depend on. Nodes of which no hypothesis says
    anything are left out.
    """
    given = _Given(network, seeds, likelihood, within)
    waiting = dict(network.callers)
    beliefs: dict[Node, Mapping[Key, float]] = {}
    for circle in network.circles:
        if within is not None and within.isdisjoint(circle):
            continue
        found = _visits(given, circle, beliefs) if len(circle) > 1 else [_visit(given, circle[0], beliefs)]
        for node in circle:
            for callee, _ in network.callees[node]:
                waiting[callee] -= 1
                if not waiting[callee]:
                    beliefs.pop(callee, None)
        for visit in found:
            if visit.predicted:
                if waiting.get(visit.node):
                    beliefs[visit.node] = visit.beliefs
                yield visit


def _visit(
    given: _Given[Node, Key], node: Node, beliefs: Mapping[Node, Mapping[Key, float]]
) -> Visit[Node, Key]:
    spared = _spared(given, node, beliefs)
    predicted = {key: 1.0 - kept for key, kept in spared.items() if 1.0 - kept >= NEGLIGIBLE}
    ratio = given.likelihood.get(node, 1.0)
    if ratio == 1.0:
        return Visit(node, predicted, predicted)
    return Visit(node, predicted, {key: _belief(chance, ratio) for key, chance in predicted.items()})


def _visits(
    given: _Given[Node, Key], circle: tuple[Node, ...], beliefs: Mapping[Node, Mapping[Key, float]]
) -> list[Visit[Node, Key]]:
    """Visit the members of a circle: for each hypothesis from where it enters, the next reached by name."""
    spared = [_spared(given, node, beliefs) for node in circle]
    ratios = [given.likelihood.get(node, 1.0) for node in circle]
    places = {node: place for place, node in enumerate(circle)}
    callees = [
        [(places[callee], chance) for callee, chance in given.network.callees[node] if callee in places]
        for node in circle
    ]
    callers: list[list[int]] = [[] for _ in circle]
    entries: dict[Key, set[int]] = {}
    for place in places.values():
        for callee, _ in callees[place]:
            callers[callee].append(place)
        for key in spared[place]:
            entries.setdefault(key, set()).add(place)
    visits = [(dict[Key, float](), dict[Key, float]()) for _ in circle]
    for key, reached in entries.items():
        waiting = sorted(reached)
        believed = [0.0] * len(circle)
        while waiting:
            place = heapq.heappop(waiting)
            kept = spared[place].get(key, 1.0)
            for callee, propagation in callees[place]:
                kept *= 1.0 - propagation * believed[callee]
            if 1.0 - kept < NEGLIGIBLE:
                continue
            believed[place] = _belief(1.0 - kept, ratios[place])
            visits[place][0][key] = 1.0 - kept
            visits[place][1][key] = believed[place]
            for caller in callers[place]:
                if caller not in reached:
                    reached.add(caller)
                    heapq.heappush(waiting, caller)
    return [Visit(node, *visits[place]) for node, place in places.items()]


def _spared(
    given: _Given[Node, Key], node: Node, beliefs: Mapping[Node, Mapping[Key, float]]
) -> dict[Key, float]:
    """Return by hypothesis the probability that neither a failure of its own nor a callee impairs a node."""
    if given.within is not None and node not in given.within:
        return {}
    spared = {key: 1.0 - chance for key, chance in given.seeds.get(node, {}).items()}
    for callee, propagation in given.network.callees[node]:
        for key, belief in beliefs.get(callee, {}).items():
            spared[key] = spared.get(key, 1.0) * (1.0 - propagation * belief)
    return spared


def _belief(predicted: float, ratio: float) -> float:
    return predicted * ratio / (1.0 + predicted * (ratio - 1.0))
