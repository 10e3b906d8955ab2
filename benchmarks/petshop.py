"""Root causes of the PetShop micro-service faults: ``python -m benchmarks.petshop FOLDER [--split train]``.

FOLDER is the folder `dataset` of amazon-science/petshop-root-cause-analysis (Hardt et al., "The PetShop
dataset: finding causes of performance issues across microservices", CLeaR 2024, arXiv 2311.04806; CC-BY-4.0).
Metrics become degrees of anomaly by a fixed detector, the graph leads from caller to callee, and the injected
module has to come first. Equal scores count as in random order. Specificity is the share of windows of normal
operation for which nothing is reported.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import statistics
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import networkx as nx
from attrs import frozen

import campaign_rules as cr
from benchmarks.tables import machine, put, table

SCENARIOS = ("low_traffic", "high_traffic", "temporal_traffic1", "temporal_traffic2")
ALIAS_KINDS = ("remote", "client")
ALIAS_PRIOR = 0.2
CUTS = 20
BASELINE = (
    "traversal, as published for train and test together",
    "0.571 / 0.571",
    "0.833 / 1.000",
    "0.571 / 0.786",
    "0.667 / 1.000",
    "",
    "",
)
GROUPS = tuple((traffic, metric) for traffic in ("low", "high") for metric in ("latency", "availability"))

Series = dict[tuple[str, str, str], list[float]]
"""Values over time by node, metric and statistic; NaN where nothing was measured."""


@frozen
class Alarm:
    """What was reported: the node, its metric and the statistic of it."""

    node: str
    metric: str
    statistic: str


@frozen(eq=False)
class Issue:
    """A scenario with an alarm: the graph, normal operation, and what was measured around the report."""

    scenario: str
    graph: nx.DiGraph
    normal: Series
    measured: Series
    alarm: Alarm
    culprit: str = ""


Detector = Callable[[Issue, str], float | None]


def issues(folder: Path, split: str) -> Iterator[Issue]:
    """Yield the injected faults of the scenarios that have data of normal operation."""
    for scenario, graph, normal in _scenarios(folder):
        for place in sorted((folder / scenario / split).glob("issue_*")):
            told = json.loads((place / "target.json").read_text(encoding="utf-8"))
            target = told["target"]
            yield Issue(
                scenario,
                graph,
                normal,
                read_series(place / "metrics.csv"),
                Alarm(target["node"], target["metric"], target["agg"]),
                told["root_cause"]["node"],
            )


def quiet_windows(folder: Path, split: str) -> Iterator[Issue]:
    """Yield windows of normal operation, for every alarm of the split: the time before is the normal one."""
    alarms: dict[str, dict[Alarm, Issue]] = {}
    for issue in issues(folder, split):
        alarms.setdefault(issue.scenario, {})[issue.alarm] = issue
    for scenario, graph, normal in _scenarios(folder):
        length = min(map(len, normal.values()))
        for alarm in sorted(alarms.get(scenario, {}), key=str):
            for number in range(CUTS):
                cut = int(length // 2 + number * (length - 6 - length // 2) / (CUTS - 1))
                before = {key: values[:cut] for key, values in normal.items()}
                window = {key: values[cut : cut + 5] for key, values in normal.items()}
                yield Issue(scenario, graph, before, window, alarm)


def read_series(path: Path) -> Series:
    """Read metrics: rows of node, metric, statistic and name of the index, then a row for each time."""
    with path.open(encoding="utf-8", newline="") as stream:
        heads, data = [], []
        for row in csv.reader(stream):
            (heads if len(heads) < 4 else data).append(row[1:])
    keys = zip(*heads[:3], strict=True)
    columns = zip(*([float(cell) if cell else math.nan for cell in row] for row in data), strict=True)
    return {key: list(column) for key, column in zip(keys, columns, strict=True)}


def onset(issue: Issue, node: str) -> float | None:
    """Read how anomalous a node is in the two five-minute bins after the report, harmful deviations only.

    What deviated before the report is no symptom of this incident. The scale is the median absolute
    deviation, or what the highest per cent of normal operation says of a Gaussian tail, if more. Those of two
    scales have degree 1/2.
    """
    normal, measured = _values(issue, node)
    harmful = -1.0 if issue.alarm.metric == "availability" else 1.0
    after = [value for value in measured[2:4] if not math.isnan(value)]
    if len(normal) < 10 or not after:
        return None
    middle = statistics.median(normal)
    before = middle if math.isnan(measured[0]) else harmful * max(harmful * middle, harmful * measured[0])
    tail = (_quantile([harmful * value for value in normal], 0.99) - harmful * middle) / 2.326
    excess = harmful * (statistics.fmean(after) - before) / max(_scale(normal), tail)
    return max(excess, 0.0) / (max(excess, 0.0) + 2.0)


def paper_style(issue: Issue, node: str) -> float | None:
    """Read how anomalous a node is as the authors do: deviations either way at the first alarmed time.

    Deviations of five scales, their threshold, have degree 1/2.
    """
    normal, measured = _values(issue, node)
    of_target, at_target = _values(issue, issue.alarm.node)
    alarmed = [
        time
        for time in range(2, min(5, len(at_target)))
        if of_target and abs(at_target[time] - statistics.median(of_target)) / _scale(of_target) > 5.0
    ]
    time = alarmed[0] if alarmed else 2
    if len(normal) < 10 or time >= len(measured) or math.isnan(measured[time]):
        return None
    excess = abs(measured[time] - statistics.median(normal)) / _scale(normal)
    return excess / (excess + 5.0)


def rank(issue: Issue, detector: Detector, alias_prior: float) -> list[tuple[str, float]]:
    """Rank the root causes of an issue."""
    evidence = {node: detector(issue, node) for node in issue.graph}
    priors = {node: alias_prior for node in issue.graph if node.rsplit("_", 1)[-1] in ALIAS_KINDS}
    return cr.rank_root_causes(issue.graph, evidence, issue.alarm.node, priors=priors)


def hits(ranked: Sequence[tuple[str, float]], culprit: str, places: int) -> float:
    """Return the chance that the culprit is among the first, equal scores in random order."""
    scores = {node: round(score, 9) for node, score in ranked}
    if culprit not in scores:
        return 0.0
    own = scores[culprit]
    above, equal = sum(each > own for each in scores.values()), sum(each == own for each in scores.values())
    return min(max(places - above, 0), equal) / equal


def row(folder: Path, split: str, name: str, detector: Detector, alias_prior: float) -> tuple[str, ...]:
    """Return top-1 and top-3 by traffic and metric, over all, and the specificity."""
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for issue in issues(folder, split):
        ranked = rank(issue, detector, alias_prior)
        key = (issue.scenario.split("_")[0], issue.alarm.metric)
        found.setdefault(key, []).append((hits(ranked, issue.culprit, 1), hits(ranked, issue.culprit, 3)))
    quiet = [not rank(window, detector, alias_prior) for window in quiet_windows(folder, split)]
    cells = [_means(found.get(group, [])) for group in GROUPS]
    everything = [pair for pairs in found.values() for pair in pairs]
    return (name, *cells, _means(everything), f"{statistics.fmean(quiet):.3f}" if quiet else "")


def report(folder: Path, split: str) -> str:
    """Return the table of all rows, and of the published baseline."""
    rows = [
        row(folder, split, "onset detector, prior .2 for aliases", onset, ALIAS_PRIOR),
        row(folder, split, "onset detector, no priors", onset, 1.0),
        row(folder, split, "detector of the paper, prior .2 for aliases", paper_style, ALIAS_PRIOR),
        row(folder, split, "detector of the paper, no priors", paper_style, 1.0),
    ]
    head = ["top-1 / top-3", *(" ".join(group) for group in GROUPS), "all", "specificity"]
    return f"Split {split}, measured {machine()}.\n\n{table(head, [*rows, BASELINE])}"


def _means(pairs: Sequence[tuple[float, float]]) -> str:
    if not pairs:
        return ""
    return " / ".join(f"{statistics.fmean(pair[place] for pair in pairs):.3f}" for place in (0, 1))


def _scenarios(folder: Path) -> Iterator[tuple[str, nx.DiGraph, Series]]:
    for scenario in SCENARIOS:
        normal = folder / scenario / "noissue" / "metrics.csv"
        if normal.exists():
            yield scenario, _graph(folder / scenario / "graph.csv"), read_series(normal)


def _graph(path: Path) -> nx.DiGraph:
    with path.open(encoding="utf-8", newline="") as stream:
        (_, *callees), *rows = csv.reader(stream)
    graph = nx.DiGraph()
    graph.add_nodes_from(callees)
    for caller, *cells in rows:
        graph.add_edges_from(
            (caller, callee) for callee, cell in zip(callees, cells, strict=True) if float(cell)
        )
    return graph


def _values(issue: Issue, node: str) -> tuple[list[float], list[float]]:
    key = (node, issue.alarm.metric, issue.alarm.statistic)
    normal = [value for value in issue.normal.get(key, []) if not math.isnan(value)]
    return normal, issue.measured.get(key) or [math.nan] * 5


def _scale(normal: Sequence[float]) -> float:
    middle = statistics.median(normal)
    spread = 1.4826 * statistics.median(abs(value - middle) for value in normal)
    return max(spread, 1e-3 * abs(middle), 1e-9)


def _quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="the folder `dataset` of the PetShop repository")
    parser.add_argument("--split", default="train")
    parser.add_argument("--write", type=Path, metavar="PAGE")
    options = parser.parse_args()
    shown = report(options.folder, options.split)
    print(shown)
    if options.write:
        put(options.write, "petshop", shown)


if __name__ == "__main__":
    main()
