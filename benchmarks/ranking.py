"""How good ranking, plan and next checks are where the truth is known: ``python -m benchmarks.ranking``.

    python -m benchmarks.ranking [--quick] [--write docs/explanation/ranking-accuracy.md]

Ranks simulated faults (benchmarks/simulator.py) against the exact posterior and other methods, tells whether
the probabilities mean what they say, sets plans against the best order, counts the questions until the
truth is found, and measures CPU time against personalised PageRank in the same run. `--quick` is a small form
of all of it. PageRank needs scipy. `--write` puts the tables into a page.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import networkx as nx

import campaign_rules as cr
from benchmarks import peers, questions, repair, simulator
from benchmarks.calibration import calibration_error, calibration_table
from benchmarks.ranking_time import has_scipy, shipped, times
from benchmarks.simulator import SETTINGS, Incident
from benchmarks.tables import machine, put, table

Scores = list[tuple[int, float]]
TIE = 9


def ours(incident: Incident, informed: bool) -> Scores:
    """Rank with the true parameters, or with the defaults of the library."""
    noise = incident.noise
    graph = incident.graph if informed else nx.DiGraph(incident.graph.edges)
    if informed:
        ranked = cr.rank_root_causes(
            graph,
            incident.evidence,
            incident.target,
            sensitivity=noise.sensitivity,
            false_alarm=noise.false_alarm,
        )
    else:
        known = {node: seen for node, seen in incident.evidence.items() if node in graph}
        ranked = cr.rank_root_causes(graph, known, incident.target)
    return [(node, score) for node, score in ranked if node != incident.target]


def positive_only(incident: Incident) -> Scores:
    """Rank with the anomalies alone."""
    return ours(
        Incident(
            incident.graph,
            {node: seen or None for node, seen in incident.evidence.items()},
            incident.target,
            incident.culprit,
            incident.candidates,
            incident.noise,
        ),
        informed=True,
    )


def methods(size: int) -> dict[str, Callable[[Incident], Scores]]:
    """Return the ways to rank, the ideal first."""

    def peer(rank: Callable[[nx.DiGraph, peers.Evidence, int], Scores]) -> Callable[[Incident], Scores]:
        return lambda incident: rank(incident.graph, incident.evidence, incident.target)

    draw = random.Random(size)
    ideal = (
        {"exact posterior": simulator.exact}
        if size <= 14
        else {"exact posterior (particles)": partial(simulator.particles, draw=draw)}
    )
    return {
        **ideal,
        "rank_root_causes, true parameters": partial(ours, informed=True),
        "rank_root_causes, defaults": partial(ours, informed=False),
        "anomalies only": positive_only,
        "parsimonious covering": peer(peers.covering),
        **({"personalised PageRank": peer(peers.pagerank)} if has_scipy() else {}),
        "random walk": peer(peers.random_walk),
        "traversal": peer(peers.traversal),
    }


def hits(scores: Scores, incident: Incident, places: int) -> float:
    """Return the chance that the culprit is among the first, equal scores in random order."""
    known = {node: round(score, TIE) for node, score in scores if node in incident.candidates}
    if incident.culprit not in known:
        return 0.0
    own = known[incident.culprit]
    above, equal = sum(score > own for score in known.values()), sum(score == own for score in known.values())
    return min(max(places - above, 0), equal) / equal


def accuracy(size: int, count: int) -> Iterator[tuple[str, list[tuple[float, float]]]]:
    """Yield each method with its top-1 and top-3 in the three settings."""
    drawn = [list(simulator.incidents(size, count, noise, size)) for noise in SETTINGS]
    for name, rank in methods(size).items():
        found = []
        for of_setting in drawn:
            ranked = [(rank(incident), incident) for incident in of_setting]
            found.append(tuple(statistics.fmean(hits(s, i, places) for s, i in ranked) for places in (1, 3)))
        yield name, found


def calibration(size: int, count: int) -> list[tuple[float, bool]]:
    """Return the posterior of each first suspect, and whether it was the culprit, over the three settings."""
    found = []
    for noise in SETTINGS:
        for incident in simulator.incidents(size, count, noise, size):
            scores = ours(incident, informed=True)
            if scores:
                total = math.fsum(math.exp(score - scores[0][1]) for _, score in scores)
                found.append((1 / total, scores[0][0] == incident.culprit))
    return found


def precise(size: int, count: int, noise: simulator.Noise) -> str:
    """Tell top-1 and top-3 over more incidents than the other methods are given, with standard errors."""
    found = [
        (hits(ranked, incident, 1), hits(ranked, incident, 3))
        for incident in simulator.incidents(size, count, noise, size)
        for ranked in [ours(incident, informed=True)]
    ]
    shares = [
        f"{statistics.fmean(some):.3f} (standard error {statistics.stdev(some) / math.sqrt(count):.3f})"
        for some in zip(*found, strict=True)
    ]
    return (
        f"`rank_root_causes` with true parameters over {count} incidents of {size} modules, {noise}: "
        f"top-1 {shares[0]}, top-3 {shares[1]}."
    )


def support(count: int, tree: bool) -> list[float]:
    """Return by how much a fact for a module lowers its posterior, where it does."""
    draw = random.Random(5)
    lowered = []
    for incident in simulator.incidents(12, count, SETTINGS[1], 5):
        graph = incident.graph.copy()
        if tree:
            for node in graph:
                graph.remove_edges_from([(caller, node) for caller in sorted(graph.predecessors(node))[1:]])
        node = draw.choice(sorted(graph))
        before = _posterior(graph, {**incident.evidence, node: None}, node)
        after = _posterior(graph, {**incident.evidence, node: 1.0}, node)
        lowered += [before - after] if before and after < before - 1e-9 else []
    return lowered


def report(quick: bool) -> str:
    """Return all tables."""
    small, middle = (60, 6) if quick else (1500, 400)
    parts = [f"Measured {machine()}, by `python -m benchmarks.ranking{' --quick' if quick else ''}`."]
    head = ["top-1 / top-3", *(f"{noise}" for noise in SETTINGS)]
    for size, count in ((12, small), (50, middle)):
        rows = [
            (name, *(f"{one:.3f} / {three:.3f}" for one, three in found))
            for name, found in accuracy(size, count)
        ]
        parts += [f"### {size} modules, {count} incidents a setting", table(head, rows)]
    parts += [precise(50, 10 * middle, SETTINGS[1]), "### Do the probabilities mean what they say?"]
    for size, count in ((12, small), (50, middle)):
        found = calibration(size, count)
        parts += [
            f"{size} modules: expected calibration error {calibration_error(found):.3f}",
            calibration_table(found),
        ]
    for tree in (True, False):
        lowered = support(small, tree)
        worst = max(lowered, default=0.0)
        parts.append(
            f"A fact for a module lowers its posterior on {'trees' if tree else 'other graphs'} in "
            f"{len(lowered)} of {small} cases, by {worst:.4f} at most."
        )
    rows = []
    for setting in repair.SETTINGS:
        ratios = repair.compare(setting, 30 if quick else 400)
        means = {name: statistics.fmean(values) for name, values in ratios.items()}
        rows.append(
            (
                setting,
                f"{means['ours']:.4f}",
                f"{max(ratios['ours']):.3f}",
                means["likeliest first"],
                means["cheapest first"],
            )
        )
    parts += [
        "### Cost of a plan over the least possible",
        table(["problems", "mean", "worst", "likeliest first", "cheapest first"], rows),
    ]
    base = cr.load_knowledge()
    drawn = list(questions.simulated(base, 3 if quick else 100))
    needed = {
        order: [questions.questions_needed(base, incident, order == "suggested") for incident in drawn]
        for order in ("suggested", "random")
    }
    share = sum(needed["suggested"]) / max(sum(needed["random"]), 1)
    rows = [
        (
            order,
            f"{statistics.fmean(some):.1f}",
            f"{statistics.median(some):.1f}",
            sum(each < questions.MOST for each in some),
        )
        for order, some in needed.items()
    ]
    parts += [
        f"### Questions until the true module has {questions.SURE:.0%}",
        table(["order", f"mean (at most {questions.MOST})", "median", f"settled of {len(drawn)}"], rows),
        f"The suggested order needs {share:.0%} of the questions of the random one.",
        "### CPU time with 30 facts",
        table(
            ["modules", "dependencies", "with a target, ms", "any module, ms", "PageRank, ms", "ratio"],
            times((12, 50, 500) if quick else (12, 50, 500, 5000, 20000, 100000)),
        ),
        "On the shipped dependency graph, for the example incidents:",
        table(
            ["incident", "weights", "rank, ms", "plan, ms", "PageRank, ms", "ratio"],
            shipped(base, 5 if quick else 101),
        ),
    ]
    return "\n\n".join(parts)


def _posterior(graph: nx.DiGraph, evidence: simulator.Evidence, node: int) -> float:
    ranked = cr.rank_root_causes(graph, evidence)
    if not ranked:
        return 0.0
    total = math.fsum(math.exp(score - ranked[0][1]) for _, score in ranked)
    return math.exp(dict(ranked)[node] - ranked[0][1]) / total


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--write", type=Path, metavar="PAGE")
    options = parser.parse_args()
    tables = report(options.quick)
    print(tables)
    if options.write:
        put(options.write, "ranking", tables)


if __name__ == "__main__":
    main()
