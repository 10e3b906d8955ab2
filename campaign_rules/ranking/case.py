"""A case: the evidence laid out over the modules of the knowledge base and the causes inside them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from attrs import frozen

from campaign_rules.errors import UnknownNameError
from campaign_rules.model import Cause, KnowledgeBase, Scope, Verb
from campaign_rules.ranking.evidence import Evidence, Node, count_once
from campaign_rules.ranking.module_graph import module_edges
from campaign_rules.ranking.network import Network, network_of_edges
from campaign_rules.ranking.noisy_or import clip

NATS_PER_DECIBAN = math.log(10.0) / 10.0


@frozen
class Case:
    """What counts, by what it is about.

    `states` holds the evidence about the state of a module, `inside` that about each cause within it;
    `likelihood` maps the nodes with any say to P(facts | impaired) / P(facts | sound).
    """

    knowledge: KnowledgeBase
    network: Network[Node]
    states: Mapping[Node, tuple[Evidence, ...]]
    inside: Mapping[Node, Mapping[str, tuple[Evidence, ...]]]
    likelihood: Mapping[Node, float]

    @property
    def impaired(self) -> frozenset[Node]:
        """The nodes that the evidence, on balance, holds to be impaired."""
        return frozenset(node for node, ratio in self.likelihood.items() if ratio > 1.0)


def lay_out(knowledge: KnowledgeBase, evidence: Iterable[Evidence]) -> Case:
    """Return the case. Evidence without an instance is about every instance that is named at all.

    Raises:
        UnknownNameError: the evidence is about a module or a cause that the knowledge base does not have.
    """
    items = tuple(evidence)
    named = tuple(sorted({item.instance for item in items if item.instance})) or ("",)
    about: dict[tuple[Node, str], list[Evidence]] = {}
    for item in items:
        cause = item.target if item.verb in (Verb.SUPPORTS, Verb.REFUTES) else ""
        module = _module_of(knowledge, item)
        machine_wide = knowledge.modules[module].scope is Scope.MACHINE
        for instance in [""] if machine_wide else [item.instance] if item.instance else named:
            about.setdefault(((module, instance), cause), []).append(item)
    states: dict[Node, tuple[Evidence, ...]] = {}
    inside: dict[Node, dict[str, tuple[Evidence, ...]]] = {}
    for (node, cause), of_target in sorted(about.items()):
        counted = count_once(of_target)
        if counted and cause:
            inside.setdefault(node, {})[cause] = counted
        elif counted:
            states[node] = counted
    likelihood = {node: math.exp(clip(nats(counted))) for node, counted in states.items()}
    return Case(
        knowledge=knowledge,
        network=_network(knowledge, named),
        states=states,
        inside=inside,
        likelihood={node: ratio for node, ratio in likelihood.items() if ratio != 1.0},
    )


@lru_cache(maxsize=16)
def causes_by_module(knowledge: KnowledgeBase) -> Mapping[str, tuple[Cause, ...]]:
    """Return the known causes of each module, by id."""
    found: dict[str, tuple[Cause, ...]] = {}
    for _, cause in sorted(knowledge.causes.items()):
        found[cause.module] = (*found.get(cause.module, ()), cause)
    return MappingProxyType(found)


def nats(items: Iterable[Evidence]) -> float:
    """Return the joint weight of evidence in nats."""
    return math.fsum(item.decibans for item in items) * NATS_PER_DECIBAN


@lru_cache(maxsize=64)
def _network(knowledge: KnowledgeBase, instances: tuple[str, ...]) -> Network[Node]:
    return network_of_edges(module_edges(knowledge, instances))


def _module_of(knowledge: KnowledgeBase, item: Evidence) -> str:
    if item.verb in (Verb.SUPPORTS, Verb.REFUTES):
        if item.target not in knowledge.causes:
            raise UnknownNameError("cause", item.target, knowledge.causes)
        return knowledge.causes[item.target].module
    if item.target not in knowledge.modules:
        raise UnknownNameError("module", item.target, knowledge.modules)
    return item.target
