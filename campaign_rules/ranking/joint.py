"""One hypothesis with the states of its callers kept together, where the filtered noisy-OR takes them apart.

Where two paths lead from a fault to a common caller, the modules on them are impaired together. Here the
likeliest joint states of the callers that still matter, those with a caller to come, are followed side by
side: exact as long as there are no more than `STATES` of them, close to exact beyond. The weights are again
those of one fact given the facts before it, so they add up as before.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

from campaign_rules.ranking.callees_first import name_key
from campaign_rules.ranking.network import Network
from campaign_rules.ranking.noisy_or import NEGLIGIBLE, weight

Node = TypeVar("Node", bound=Hashable)
States = dict[frozenset[Node], float]
"""The impaired nodes that still matter, with the probability that it is exactly these."""

STATES = 16

TIE = 9

LEADING = 24
"""So many hypotheses, the likeliest by the filter, are followed jointly at most."""

WITHIN = math.log(1e4)
"""Hypotheses that are less likely than the first by more than this, in nats, are not."""


def leading(scores: Mapping[Node, float]) -> list[Node]:
    """Return the hypotheses that are worth being followed jointly, by their scores."""
    best = max(scores.values(), default=0.0)
    close = [node for node in sorted(scores, key=name_key) if scores[node] >= best - WITHIN]
    return sorted(close, key=lambda node: -round(scores[node], TIE))[:LEADING]


def joint_weights(
    network: Network[Node], root: Node, reached: Sequence[Node], likelihood: Mapping[Node, float]
) -> dict[Node, float]:
    """Return what the facts about each observed node say of a fault in `root`, in nats.

    `reached` are the nodes that the fault may impair, itself included, in the order of `network`.
    """
    path = list(_path(network, root, reached))
    needed_until = _last_callers(network, path)
    done: dict[Node, set[Node]] = {}
    for callee, caller in needed_until.items():
        done.setdefault(caller, set()).add(callee)
    weights = {root: weight(1.0, likelihood[root])} if root in likelihood else {}
    states: States[Node] = {frozenset([root]): 1.0}
    for node in path[1:]:
        chances = [_chance(network, node, state) for state in states]
        predicted = sum([chance * mass for chance, mass in zip(chances, states.values(), strict=True)])
        ratio = likelihood.get(node, 1.0)
        if predicted < NEGLIGIBLE:
            predicted, chances = 0.0, [0.0] * len(chances)
        if node in likelihood:
            weights[node] = weight(predicted, ratio)
        total = 1.0 + predicted * (ratio - 1.0)
        gone, stays = done.get(node, set()), node in needed_until
        after: States[Node] = {}
        for (state, mass), chance in zip(states.items(), chances, strict=True):
            left = state - gone if gone else state
            if chance:
                hit = left | {node} if stays else left
                after[hit] = after.get(hit, 0.0) + mass * chance * ratio / total
            if chance < 1.0:
                after[left] = after.get(left, 0.0) + mass * (1.0 - chance) / total
        states = _likeliest(after)
    return weights


def _path(network: Network[Node], root: Node, reached: Sequence[Node]) -> Iterator[Node]:
    """Yield the reached nodes from the root on; a circle from where it is entered, then by name."""
    yield root
    seen = {root}
    waiting = [node for node in reached if node != root]
    place = {node: number for number, node in enumerate(waiting)}
    circle: list[Node] = []
    for number, node in enumerate(waiting):
        circle.append(node)
        if any(place.get(callee, -1) > number for each in circle for callee, _ in network.callees[each]):
            continue
        yield from _around(network, circle, seen) if len(circle) > 1 else circle
        seen.update(circle)
        circle = []


def _around(network: Network[Node], circle: Sequence[Node], seen: set[Node]) -> Iterator[Node]:
    places = {node: number for number, node in enumerate(circle)}
    callers: dict[Node, list[Node]] = {node: [] for node in circle}
    entered = set()
    for node in circle:
        for callee, _ in network.callees[node]:
            if callee in places:
                callers[callee].append(node)
            elif callee in seen:
                entered.add(places[node])
    waiting = sorted(entered)
    while waiting:
        node = circle[heapq.heappop(waiting)]
        yield node
        for caller in callers[node]:
            if places[caller] not in entered:
                entered.add(places[caller])
                heapq.heappush(waiting, places[caller])


def _last_callers(network: Network[Node], path: Sequence[Node]) -> dict[Node, Node]:
    """Return for each node of the path that has callers to come the last of them."""
    last: dict[Node, Node] = {}
    seen: set[Node] = set()
    for node in path:
        for callee, _ in network.callees[node]:
            if callee in seen:
                last[callee] = node
        seen.add(node)
    return last


def _chance(network: Network[Node], node: Node, impaired: frozenset[Node]) -> float:
    spared = 1.0
    for callee, propagation in network.callees[node]:
        if callee in impaired:
            spared *= 1.0 - propagation
    return 1.0 - spared


def _likeliest(states: States[Node]) -> States[Node]:
    if len(states) <= STATES:
        return states
    kept = sorted(states.items(), key=lambda item: -item[1])[:STATES]
    total = sum([mass for _, mass in kept])
    return {state: mass / total for state, mass in kept}
