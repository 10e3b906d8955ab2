"""How the fault of the first suspect shows: from it through the modules that need it to the symptoms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import networkx as nx
from attrs import frozen

from campaign_rules.model import KnowledgeBase, Result, Suspect
from campaign_rules.report.why import named
from campaign_rules.texts import text_in

MOST_SYMPTOMS = 4
"""Symptoms that are shown of one module: those that weigh most."""


@frozen
class Blame:
    """A module or, without a name, a symptom: its depth below the root cause, label, and what it hangs on.

    `parent` is the number of the entry above it, -1 for the root cause. `shown` says that the module is
    impaired itself; one that is not only lies on the way.
    """

    depth: int
    parent: int
    module: str
    label: str
    shown: bool = True


def trace_blame(result: Result, knowledge: KnowledgeBase) -> tuple[Blame, ...]:
    """Return the tree in the order of reading, the root cause first; nothing without a suspect."""
    if not result.suspects:
        return ()
    first = result.suspects[0]
    tree = _way(first, knowledge)
    symptoms = _symptoms(first, result, knowledge)
    found: list[Blame] = []

    def enter(module: str, depth: int, parent: int) -> None:
        number = len(found)
        label = text_in(knowledge.modules[module].label, result.language)
        at = _at(module, first, symptoms)
        impaired = not parent >= 0 or at in symptoms or at in first.explains
        found.append(Blame(depth, parent, at, label, impaired))
        for symptom in symptoms.get(at, ()):
            found.append(Blame(depth + 1, number, "", symptom))
        for below in sorted(tree.successors(module)):
            enter(below, depth + 1, number)

    enter(first.module, 0, -1)
    return tuple(found)


def _way(first: Suspect, knowledge: KnowledgeBase) -> nx.DiGraph:
    """Return the shortest ways from the suspect to the impaired modules that need it, as a tree."""
    graph: nx.DiGraph = nx.DiGraph()
    graph.add_nodes_from(sorted(knowledge.modules))
    graph.add_edges_from(sorted((edge.on, edge.module) for edge in knowledge.dependencies))
    paths = nx.single_source_shortest_path(graph, first.module)
    tree: nx.DiGraph = nx.DiGraph()
    tree.add_node(first.module)
    for touched in sorted(_touched(first)):
        path = paths.get(touched.partition("@")[0], ())
        tree.add_edges_from(pairwise(path))
    return tree


def _touched(first: Suspect) -> Iterator[str]:
    yield from first.explains
    for weight in first.evidence:
        if weight.through and weight.decibans > 0:
            yield weight.through


def _symptoms(first: Suspect, result: Result, knowledge: KnowledgeBase) -> dict[str, list[str]]:
    """Return for each module the labels of the observations that speak for the suspect through it."""
    found: dict[str, list[str]] = {}
    for weight in first.evidence:
        if weight.decibans <= 0:
            continue
        label = text_in(knowledge.observations[weight.observation].label, result.language)
        labels = found.setdefault(weight.through or named(first), [])
        if label not in labels and len(labels) < MOST_SYMPTOMS:
            labels.append(label)
    return found


def _at(module: str, first: Suspect, symptoms: Iterable[str]) -> str:
    """Return the module with the instance under which it is spoken of."""
    if module == first.module:
        return named(first)
    known = sorted(name for name in (*first.explains, *symptoms) if name.partition("@")[0] == module)
    return known[0] if known else module
