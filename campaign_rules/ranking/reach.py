"""How far a fault reaches, before anything is observed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from campaign_rules.model import KnowledgeBase
from campaign_rules.ranking.evidence import Node
from campaign_rules.ranking.module_graph import module_edges
from campaign_rules.ranking.network import network_of_edges
from campaign_rules.ranking.noisy_or import sweep


@lru_cache(maxsize=16)
def reach(knowledge: KnowledgeBase) -> Mapping[str, Mapping[str, float]]:
    """Return by module at fault the probability that each module is impaired, on one instance.

    It is 1 for the module itself; those that are hardly ever reached are missing.
    """
    network = network_of_edges(module_edges(knowledge))
    likelihood: Mapping[Node, float] = {}
    found: dict[str, dict[str, float]] = {name: {} for name in knowledge.modules}
    for visit in sweep(network, {node: {node[0]: 1.0} for node in network.callees}, likelihood):
        for root, predicted in visit.predicted.items():
            found[root][visit.node[0]] = predicted
    return MappingProxyType(found)
