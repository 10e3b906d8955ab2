"""The dependency graph as a picture (SVG): layers from left to right, drawn from scratch."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

import networkx as nx

from campaign_rules.model import KnowledgeBase

COLUMN, ROW, BOX, MARGIN = 205, 30, 155, 12
SWEEPS = 12
STROKES = {
    "strong": 'stroke-width="1.6" stroke-opacity="0.55"',
    "medium": 'stroke-width="1" stroke-opacity="0.35"',
}
"""How the dependencies look that decide about the layers; the others are dotted."""
WEAK = 'stroke-width="1" stroke-opacity="0.3" stroke-dasharray="2 4"'


def dependency_graph(knowledge: KnowledgeBase) -> str:
    """Return the graph as an SVG element for a page of the catalogue; every box leads to its module."""
    graph: nx.DiGraph = nx.DiGraph()
    graph.add_nodes_from(sorted(knowledge.modules))
    graph.add_edges_from(
        sorted((edge.module, edge.on) for edge in knowledge.dependencies if edge.strength in STROKES)
    )
    places = _places(_ordered(graph, _layers(graph)))
    width = max(x for x, _ in places.values()) + BOX + MARGIN
    height = max(y for _, y in places.values()) + ROW
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        'style="max-width: none" role="group" aria-label="Dependency graph of the modules" '
        'font-family="sans-serif" font-size="12">',
        '<defs><marker id="tip" viewBox="0 0 6 6" refX="6" refY="3" markerWidth="6" markerHeight="6" '
        'orient="auto"><path d="M0 0L6 3L0 6z" fill="currentColor" fill-opacity="0.6"/></marker></defs>',
    ]
    for edge in sorted(knowledge.dependencies, key=lambda edge: (edge.module, edge.on)):
        stroke = STROKES.get(edge.strength, WEAK)
        drawn.append(
            f'<path d="{_curve(places[edge.module], places[edge.on])}" fill="none" stroke="currentColor" '
            f'{stroke} marker-end="url(#tip)"><title>{html.escape(f"{edge.module} needs {edge.on}")}: '
            f"{html.escape(edge.why.get('en', ''))}</title></path>"
        )
    for name, (x, y) in places.items():
        label = html.escape(knowledge.modules[name].label.get("en", name))
        drawn.append(
            f'<a href="../modules/{name}/"><title>{label}</title>'
            f'<rect x="{x:g}" y="{y - 11:g}" width="{BOX}" height="22" rx="4" stroke="currentColor" '
            'fill="var(--md-default-bg-color, white)"/>'
            f'<text x="{x + BOX / 2:g}" y="{y + 4:g}" text-anchor="middle" fill="currentColor">'
            f"{html.escape(name)}</text></a>"
        )
    return '<div style="overflow-x: auto">\n' + "\n".join([*drawn, "</svg>"]) + "\n</div>"


def _layers(graph: nx.DiGraph) -> list[list[str]]:
    """Return the nodes by layer: dependents left of what they need; the nodes of a circle share a layer."""
    condensed = nx.condensation(graph)
    depth: dict[int, int] = {}
    for part in reversed(list(nx.topological_sort(condensed))):
        depth[part] = 1 + max((depth[other] for other in condensed.successors(part)), default=-1)
    deepest = max(depth.values(), default=0)
    layers: list[list[str]] = [[] for _ in range(deepest + 1)]
    for part, level in sorted(depth.items()):
        layers[deepest - level] += sorted(condensed.nodes[part]["members"])
    return [sorted(layer) for layer in layers]


def _ordered(graph: nx.DiGraph, layers: Sequence[Sequence[str]]) -> list[list[str]]:
    """Sort each layer by the mean height of its neighbours, to and fro (Sugiyama, Tagawa and Toda 1981)."""
    found = [list(layer) for layer in layers]
    for sweep in range(SWEEPS):
        for layer in found if sweep % 2 else reversed(found):
            height = {name: y for name, (_, y) in _places(found).items()}
            near = {name: [height[other] for other in nx.all_neighbors(graph, name)] for name in layer}
            layer.sort(key=lambda name: (sum(near[name]) / len(near[name]) if near[name] else 0.0, name))
    return found


def _places(layers: Sequence[Sequence[str]]) -> Mapping[str, tuple[float, float]]:
    tallest = max(map(len, layers), default=0) * ROW
    return {
        name: (MARGIN + COLUMN * column, ROW / 2 + (tallest - len(layer) * ROW) / 2 + row * ROW)
        for column, layer in enumerate(layers)
        for row, name in enumerate(layer)
    }


def _curve(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Return a curve between the facing sides of two boxes; inside one column, between their right sides."""
    x, y = start[0] + BOX, start[1]
    if end[0] > start[0]:
        bend = (end[0] - x) / 2
        return f"M{x:g} {y:g}C{x + bend:g} {y:g} {end[0] - bend:g} {end[1]:g} {end[0]:g} {end[1]:g}"
    right = end[0] + BOX
    return f"M{x:g} {y:g}C{x + 40:g} {y:g} {right + 40:g} {end[1]:g} {right:g} {end[1]:g}"
