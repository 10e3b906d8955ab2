"""The modules of a knowledge base as a graph, one node per module and instance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from campaign_rules.model import KnowledgeBase, Scope
from campaign_rules.ranking.callees_first import Edges
from campaign_rules.ranking.evidence import Node

if TYPE_CHECKING:
    import networkx as nx


def module_graph(knowledge: KnowledgeBase, instances: Iterable[str] = ("",)) -> nx.DiGraph:
    """Return the dependency graph: an edge from each (module, instance) to what it depends on.

    A machine-wide module is one node, with the instance ""; any other has one node per instance. Edges
    between modules of instances stay inside the instance. Edges carry `propagation`, a probability.
    """
    from networkx import DiGraph  # slow to import, and not needed for a diagnosis

    edges = module_edges(knowledge, instances)
    graph = DiGraph()
    graph.add_nodes_from(edges)
    for dependent, callees in edges.items():
        for needed, propagation in callees.items():
            graph.add_edge(dependent, needed, propagation=propagation)
    return graph


def module_edges(knowledge: KnowledgeBase, instances: Iterable[str] = ("",)) -> Edges[Node]:
    """Return the edges of `module_graph` by dependent, with their propagation. Every node is a key."""
    named = sorted(set(instances)) or [""]
    nodes = {
        module.id: [(module.id, "")]
        if module.scope is Scope.MACHINE
        else [(module.id, instance) for instance in named]
        for module in knowledge.modules.values()
    }
    edges: dict[Node, dict[Node, float]] = {node: {} for of_module in nodes.values() for node in of_module}
    for dependency in knowledge.dependencies:
        propagation = knowledge.scale.propagation[dependency.strength]
        for dependent in nodes[dependency.module]:
            for needed in nodes[dependency.on]:
                if not (dependent[1] and needed[1]) or dependent[1] == needed[1]:
                    edges[dependent][needed] = propagation
    return edges


def label(node: Node) -> str:
    """Return how people write a node: ``module`` or ``module@instance``."""
    module, instance = node
    return f"{module}@{instance}" if instance else module
