"""The proof graph in the language of Graphviz (https://graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

from collections.abc import Iterator

from campaign_rules.model import KnowledgeBase, Result
from campaign_rules.report.proof_graph import Kind, ProofGraph, proof_graph
from campaign_rules.report.proof_tree import Derivation
from campaign_rules.report.shown_text import printable

_LOOKS = {
    Kind.OBSERVED: "shape=box, style=rounded",
    Kind.DERIVED: 'shape=box, style="rounded,dashed"',
    Kind.MODULE: "shape=box",
    Kind.CAUSE: "shape=hexagon",
    Kind.SUSPECT: "shape=box, penwidth=3, color=firebrick",
}


def render_dot(result: Result, knowledge: KnowledgeBase, derivation: Derivation) -> str:
    """Return the proof of the first suspects as a digraph; what speaks against something is dashed."""
    return "\n".join(_lines(proof_graph(result, knowledge, derivation))) + "\n"


def quoted(text: str) -> str:
    """Return `text` as a quoted string, in which nothing is an escape."""
    return '"' + printable(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _lines(graph: ProofGraph) -> Iterator[str]:
    names = {node.key: f"n{number}" for number, node in enumerate(graph.nodes, start=1)}
    yield "digraph proof {"
    yield "    rankdir=LR"
    for node in graph.nodes:
        yield f"    {names[node.key]} [label={quoted(node.label)}, {_LOOKS[node.kind]}]"
    for edge in graph.edges:
        style = ", style=dashed" if edge.against else ""
        yield f"    {names[edge.start]} -> {names[edge.end]} [label={quoted(edge.label)}{style}]"
    yield "}"
