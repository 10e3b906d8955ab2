"""The proof graph as a Mermaid flowchart, which many trackers and wikis draw."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campaign_rules.model import KnowledgeBase, Result
from campaign_rules.report.proof_graph import Kind, ProofGraph, proof_graph
from campaign_rules.report.proof_tree import Derivation
from campaign_rules.report.shown_text import printable

_PLAIN = re.compile(r"[^\w .,:()/@%+>-]")
_SHAPES = {
    Kind.OBSERVED: '(["{}"])',
    Kind.DERIVED: '("{}")',
    Kind.MODULE: '["{}"]',
    Kind.CAUSE: '{{{{"{}"}}}}',
    Kind.SUSPECT: '["{}"]:::suspect',
}


def render_mermaid(result: Result, knowledge: KnowledgeBase, derivation: Derivation) -> str:
    """Return the proof of the first suspects as a flowchart; what speaks against something is dotted."""
    return "\n".join(_lines(proof_graph(result, knowledge, derivation))) + "\n"


def _lines(graph: ProofGraph) -> Iterator[str]:
    names = {node.key: f"n{number}" for number, node in enumerate(graph.nodes, start=1)}
    yield "flowchart LR"
    for node in graph.nodes:
        yield f"    {names[node.key]}{_SHAPES[node.kind].format(entities(node.label))}"
    for edge in graph.edges:
        arrow = "-.->" if edge.against else "-->"
        label = f'|"{entities(edge.label)}"|' if edge.label else ""
        yield f"    {names[edge.start]} {arrow}{label} {names[edge.end]}"
    yield "    classDef suspect stroke:#b3261e,stroke-width:3px"


def entities(text: str) -> str:
    """Return `text` with every character that Mermaid, Markdown or HTML may act on as its entity."""
    return _PLAIN.sub(lambda found: f"#{ord(found[0])};", printable(text))
