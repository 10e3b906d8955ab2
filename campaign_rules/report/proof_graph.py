"""The proof as a graph: what was observed, what it led to, and the suspects that it speaks for or against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from attrs import frozen

from campaign_rules.model import Fact, Firing, KnowledgeBase, Result, State, Suspect, Verb
from campaign_rules.report.proof_tree import Derivation, stated
from campaign_rules.report.why import named, percent
from campaign_rules.report.wording import wording
from campaign_rules.texts import text_in

LEAST = 0.05
"""Suspects that are less likely than this are left out, but for the first."""

MOST = 3
"""Suspects that are shown."""


class Kind(StrEnum):
    """What a node stands for."""

    OBSERVED = "observed"
    DERIVED = "derived"
    MODULE = "module"
    CAUSE = "cause"
    SUSPECT = "suspect"


@frozen(order=True)
class Node:
    """A node: its key, which is unique, its kind, and its label."""

    key: str
    kind: Kind
    label: str


@frozen(order=True)
class Edge:
    """From what is known to what it leads to. `label` is the rule, or says that a module needs another."""

    start: str
    end: str
    label: str
    against: bool = False


@frozen
class ProofGraph:
    """Nodes and edges, sorted."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def proof_graph(result: Result, knowledge: KnowledgeBase, derivation: Derivation) -> ProofGraph:
    """Return the graph behind the first suspects. Without suspects it is empty."""
    nodes: dict[str, Node] = {}
    edges: set[Edge] = set()
    for rank, suspect in enumerate(result.suspects[:MOST]):
        if rank and suspect.probability < LEAST:
            break
        parts = list(_suspect(suspect, result, knowledge, derivation))
        nodes |= {node.key: node for found, _ in parts for node in found if node.key not in nodes}
        nodes[named(suspect)] = Node(
            named(suspect), Kind.SUSPECT, f"{named(suspect)} {percent(suspect.probability)}"
        )
        edges |= {edge for _, found in parts for edge in found}
    return ProofGraph(tuple(sorted(nodes.values())), tuple(sorted(edges)))


Part = tuple[tuple[Node, ...], tuple[Edge, ...]]


def _suspect(
    suspect: Suspect, result: Result, knowledge: KnowledgeBase, derivation: Derivation
) -> Iterator[Part]:
    needs = wording(result.language)["needs"]
    for weight in suspect.evidence:
        touched = weight.through or named(suspect)
        module, _, instance = touched.partition("@")
        if weight.through:
            yield (Node(touched, Kind.MODULE, touched),), (Edge(touched, named(suspect), needs),)
        for firing in result.firings:
            if firing.rule == weight.rule and instance in ("", firing.instance):
                yield from _conclusions(firing, module, touched, result, knowledge, weight.decibans < 0)
                yield from _grounds(firing.supports, result, knowledge, derivation)


def _conclusions(
    firing: Firing, module: str, touched: str, result: Result, knowledge: KnowledgeBase, against: bool
) -> Iterator[Part]:
    """Yield what a firing says of `module`: edges from its facts, by way of a cause where it names one."""
    starts = [_node(fact, result, knowledge) for fact in firing.supports]
    for one in knowledge.rules[firing.rule].then:
        cause = knowledge.causes.get(one.target) if one.verb in (Verb.SUPPORTS, Verb.REFUTES) else None
        if cause and cause.module == module:
            key = f"{touched}/{cause.id}"
            node = Node(key, Kind.CAUSE, text_in(cause.label, result.language))
            yield (*starts, node), tuple(Edge(start.key, key, firing.rule, against) for start in starts)
            yield (), (Edge(key, touched, ""),)
        elif one.target == module:
            yield tuple(starts), tuple(Edge(start.key, touched, firing.rule, against) for start in starts)


def _grounds(
    facts: Iterable[Fact], result: Result, knowledge: KnowledgeBase, derivation: Derivation
) -> Iterator[Part]:
    """Yield how derived facts follow from others, down to what was observed."""
    waiting, seen = list(facts), set[Fact]()
    while waiting:
        fact = waiting.pop()
        firing = derivation(fact)
        if firing is None or fact in seen:
            continue
        seen.add(fact)
        head = _node(fact, result, knowledge)
        starts = [_node(one, result, knowledge) for one in firing.supports]
        yield (head, *starts), tuple(Edge(start.key, head.key, firing.rule) for start in starts)
        waiting.extend(firing.supports)


def _node(fact: Fact, result: Result, knowledge: KnowledgeBase) -> Node:
    kind = Kind.OBSERVED if fact.name in knowledge.observations else Kind.DERIVED
    state = "" if fact.state is State.PRESENT else f"={fact.state}"
    instance = f" @{fact.instance}" if fact.instance else ""
    key = f"{fact.name}{state}={fact.value}@{fact.instance}"
    return Node(key, kind, f"{stated(fact, result, knowledge)}{instance}")
