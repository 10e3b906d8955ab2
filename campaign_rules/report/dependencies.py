"""The dependency graph of a rule base, whole or around one module: as text, Mermaid, Graphviz or data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from campaign_rules.errors import UnknownNameError
from campaign_rules.model import Dependency, KnowledgeBase
from campaign_rules.report.dot import quoted
from campaign_rules.report.mermaid import entities
from campaign_rules.report.wording import wording
from campaign_rules.texts import text_in


def dependencies(knowledge: KnowledgeBase, module: str = "") -> tuple[Dependency, ...]:
    """Return the dependencies that begin or end at `module`, or all of them, sorted.

    Raises UnknownNameError for a module that the knowledge base does not have.
    """
    if module and module not in knowledge.modules:
        raise UnknownNameError("module", module, knowledge.modules)
    found = (edge for edge in knowledge.dependencies if module in ("", edge.module, edge.on))
    return tuple(sorted(found, key=lambda edge: (edge.module, edge.on)))


def dependencies_as_text(knowledge: KnowledgeBase, module: str, language: str) -> str:
    """Return a line for each dependency, with its strength and its reason."""
    needs = wording(language)["needs"]
    edges = dependencies(knowledge, module)
    rows = [
        (f"{edge.module} {needs} {edge.on}", edge.strength, text_in(edge.why, language)) for edge in edges
    ]
    widths = [max((len(row[place]) for row in rows), default=0) for place in (0, 1)]
    return "\n".join(f"{what:{widths[0]}}  {how:{widths[1]}}  {why}".rstrip() for what, how, why in rows)


def dependencies_as_mermaid(knowledge: KnowledgeBase, module: str, language: str) -> str:
    """Return a flowchart; arrows lead from a module to what it needs."""
    edges = dependencies(knowledge, module)
    names = _names(edges)
    lines = ["flowchart LR"]
    lines += [f'    {names[name]}["{entities(name)}"]' for name in names]
    lines += [f'    {names[edge.module]} -->|"{edge.strength}"| {names[edge.on]}' for edge in edges]
    return "\n".join(lines)


def dependencies_as_dot(knowledge: KnowledgeBase, module: str, language: str) -> str:
    """Return a digraph; arrows lead from a module to what it needs."""

    def lines() -> Iterator[str]:
        yield "digraph modules {"
        yield "    rankdir=LR"
        yield "    node [shape=box]"
        for edge in dependencies(knowledge, module):
            why = quoted(text_in(edge.why, language))
            looks = f"label={quoted(edge.strength)}, tooltip={why}"
            yield f"    {quoted(edge.module)} -> {quoted(edge.on)} [{looks}]"
        yield "}"

    return "\n".join(lines())


def dependencies_as_data(knowledge: KnowledgeBase, module: str, language: str) -> dict[str, Any]:
    """Return modules and dependencies as JSON-ready data; `propagation` is what the strength is worth."""
    edges = dependencies(knowledge, module)
    return {
        "knowledge_version": knowledge.version,
        "modules": [
            {"module": name, "label": text_in(knowledge.modules[name].label, language)}
            for name in _names(edges)
        ],
        "dependencies": [
            {
                "module": edge.module,
                "needs": edge.on,
                "strength": edge.strength,
                "propagation": knowledge.scale.propagation[edge.strength],
                "why": text_in(edge.why, language),
                "source": list(edge.source),
            }
            for edge in edges
        ],
    }


def _names(edges: tuple[Dependency, ...]) -> dict[str, str]:
    """Return the modules at the ends of `edges`, sorted, each with a name for drawing."""
    modules = sorted({name for edge in edges for name in (edge.module, edge.on)})
    return {name: f"n{number}" for number, name in enumerate(modules, start=1)}
