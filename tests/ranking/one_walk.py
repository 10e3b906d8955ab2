"""The sweep with a single hypothesis, told node by node."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Generic, TypeVar

from attrs import frozen

from campaign_rules.ranking.network import Network
from campaign_rules.ranking.noisy_or import sweep, weight

Node = TypeVar("Node", bound=Hashable)


@frozen
class Walk(Generic[Node]):
    """What one hypothesis says. `weights` are in nats and sum to its weight of evidence.

    `beliefs` are the probabilities that a node is impaired, given the hypothesis and the facts about that
    node and the nodes before it. Nodes that were not reached are missing: weight 0, belief 0.
    """

    weights: Mapping[Node, float]
    beliefs: Mapping[Node, float]


def walk(network: Network[Node], seeds: Mapping[Node, float], likelihood: Mapping[Node, float]) -> Walk[Node]:
    """Follow the one hypothesis that the nodes of `seeds` fail with the probabilities given there."""
    weights: dict[Node, float] = {}
    beliefs: dict[Node, float] = {}
    for visit in sweep(network, {node: {0: chance} for node, chance in seeds.items()}, likelihood):
        weights[visit.node] = weight(visit.predicted[0], likelihood.get(visit.node, 1.0))
        beliefs[visit.node] = visit.beliefs[0]
    return Walk(weights, beliefs)
