"""CPU time of ranking and plan, beside personalised PageRank in the same run."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import networkx as nx

import campaign_rules as cr
from benchmarks import peers, simulator
from campaign_rules import diagnosis, ranking, remediation
from campaign_rules.model import KnowledgeBase
from campaign_rules.ranking import module_graph

EXAMPLES = Path(__file__).parents[1] / "examples" / "incidents"


def times(sizes: Sequence[int], repeats: int = 5) -> Iterator[tuple[object, ...]]:
    """Yield size, edges, median ms with 30 facts: ours with and without target, PageRank; and the ratio."""
    for size in sizes:
        draw = random.Random(size)
        graph = simulator.layered(size, draw)
        measured: dict[str, list[float]] = {}
        for _ in range(repeats):
            target = draw.randrange(max(1, size // 20))
            below = sorted(nx.descendants(graph, target) | {target})
            facts = {**dict.fromkeys(draw.sample(range(size), min(15, size // 2)), 0.0)}
            facts |= dict.fromkeys(draw.sample(below, min(15, len(below))), 1.0)
            runs: dict[str, Callable[[], object]] = {
                "target": partial(cr.rank_root_causes, graph, facts, target),
                "all": partial(cr.rank_root_causes, graph, facts),
            }
            if has_scipy():
                runs["PageRank"] = partial(peers.pagerank, graph, facts, target)
            for name, run in runs.items():
                started = time.process_time()
                run()
                measured.setdefault(name, []).append(1000 * (time.process_time() - started))
        medians = {name: statistics.median(values) for name, values in measured.items()}
        ratio = f"{medians['target'] / medians['PageRank']:.2f}" if "PageRank" in medians else "-"
        shown = [f"{medians[name]:.1f}" if name in medians else "-" for name in ("target", "all", "PageRank")]
        yield (size, graph.number_of_edges(), *shown, ratio)


def shipped(base: KnowledgeBase, repeats: int) -> Iterator[tuple[object, ...]]:
    """Yield the example incidents with median ms: ranking, plan, and PageRank on the same graph.

    The ratio is that of ranking and plan together to PageRank.
    """
    graph = nx.convert_node_labels_to_integers(module_graph(base), label_attribute="node")
    numbers = {data["node"]: number for number, data in graph.nodes(data=True)}
    for folder in sorted(path for path in EXAMPLES.iterdir() if path.is_dir()):
        observed = cr.read_files([folder], knowledge=base).observations
        diagnosed = cr.diagnose(observed, knowledge=base)
        weights = diagnosis.weigh(base, diagnosed.firings, diagnosed.proof)
        ranked = ranking.rank(base, weights)
        seen = {
            numbers[module, ""]: ratio
            for (module, _), ratio in ranked.case.likelihood.items()
            if (module, "") in numbers
        }
        anomalous = {node: float(ratio > 1.0) for node, ratio in seen.items()}
        runs: dict[str, Callable[[], object]] = {
            "rank": partial(ranking.rank, base, weights),
            "plan": partial(remediation.plan, base, ranked.suspects, ranked.causes),
        }
        if has_scipy() and any(anomalous.values()):
            target = max(anomalous, key=lambda node: (anomalous[node], -node))
            runs["PageRank"] = partial(peers.pagerank, graph, anomalous, target)
        measured: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(repeats):
            for name, run in runs.items():
                started = time.process_time()
                run()
                measured[name].append(1000 * (time.process_time() - started))
        medians = {name: statistics.median(values) for name, values in measured.items()}
        shown = [f"{medians[name]:.2f}" if name in medians else "-" for name in ("rank", "plan", "PageRank")]
        whole = medians["rank"] + medians["plan"]
        ratio = f"{whole / medians['PageRank']:.2f}" if "PageRank" in medians else "-"
        yield (folder.name, len(weights), *shown, ratio)


def has_scipy() -> bool:
    """Whether PageRank can be computed."""
    try:
        import scipy  # noqa: F401
    except ImportError:
        return False
    return True
