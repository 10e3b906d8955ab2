"""Root causes in any dependency graph: no knowledge base, one degree of anomaly per node."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import frozen

from campaign_rules.errors import InputError, UnknownNameError
from campaign_rules.ranking.callees_first import name_key
from campaign_rules.ranking.joint import joint_weights, leading
from campaign_rules.ranking.network import Network, dependencies_of, network_below
from campaign_rules.ranking.noisy_or import FALSE_ALARM, SENSITIVITY, clip, sweep, weight

if TYPE_CHECKING:
    import networkx as nx

Node = TypeVar("Node", bound=Hashable)

TIE = 9
"""Scores that agree to this many decimals are equal; the name decides."""

ALARMED_PRIOR = 0.2
"""Prior weight of the target: an alarm is raised where the harm is felt, seldom where it starts."""


@frozen
class Explanation:
    """Why a node has its score: ``log_prior + sum(weights.values())``, all in nats.

    `weights` holds a term for each node whose state speaks for (> 0) or against (< 0) the node `root`;
    `unexplained` lists the anomalous nodes that a fault of `root` does not account for.
    """

    root: Hashable
    score: float
    log_prior: float
    weights: Mapping[Hashable, float]
    unexplained: tuple[Hashable, ...]


@frozen
class _Problem:
    """Checked input. `measured` holds the ratios as observed, `alarmed` those with the target as a fact.

    `network` is what the evidence touches: the observed nodes, the target, and everything they depend on.
    """

    network: Network[Any]
    measured: Mapping[Any, float]
    alarmed: Mapping[Any, float]
    candidates: Mapping[Any, float]
    """Each candidate with the logarithm of its prior."""


def rank_root_causes(
    graph: nx.DiGraph,
    evidence: Mapping[Node, float | None],
    target: Node | None = None,
    *,
    priors: Mapping[Node, float] | None = None,
    propagation: float = 0.5,
    sensitivity: float = SENSITIVITY,
    false_alarm: float = FALSE_ALARM,
) -> list[tuple[Node, float]]:
    """Rank the nodes of a dependency graph by how well a fault there explains the evidence.

    Args:
        graph: A directed graph with an edge from each dependent to what it depends on. The edge attribute
            `propagation` overrides the default for that edge. Cycles are allowed.
        evidence: Degree of anomaly in [0, 1] per node: 1 surely anomalous, 0 surely normal, 0.5 says
            nothing. None, or a missing node, is unknown.
        target: The node on which the alarm was raised. It and what it depends on are the candidates, and
            the alarm counts as a fact about it. Without a target every node is a candidate.
        priors: Relative prior weight per node, above 0. Where missing, 1, and 0.2 for the target: an alarm
            is raised where the harm is felt, which is seldom where it starts.
        propagation: Probability that a fault of a dependency shows in the dependent.
        sensitivity: Probability that an impaired node is observed as anomalous.
        false_alarm: Probability that a sound node is observed as anomalous.

    Returns:
        ``(node, score)`` pairs, best first, equal scores by name. A score is ln(prior) plus the weight of
        evidence in nats. Empty when nothing is implicated: no candidate is then, with the target as
        measured, likelier than "no fault at all", which has the highest prior of the candidates.

    Raises:
        UnknownNameError: `evidence`, `priors` or `target` name a node that the graph does not have.
        InputError: A number is out of its range, or the graph is not directed or is a multigraph.
    """
    problem = _problem(graph, evidence, target, priors, propagation, sensitivity, false_alarm)
    measured = _scores(problem, problem.measured)
    none = max(problem.candidates.values(), default=0.0)
    if not any(score > none for score in measured.values()):
        return []
    scores = measured if problem.alarmed == problem.measured else _scores(problem, problem.alarmed)
    by_name = sorted(scores, key=name_key)
    return [(node, scores[node]) for node in sorted(by_name, key=lambda node: -round(scores[node], TIE))]


def explain_root_cause(
    graph: nx.DiGraph,
    evidence: Mapping[Node, float | None],
    root: Node,
    target: Node | None = None,
    *,
    priors: Mapping[Node, float] | None = None,
    propagation: float = 0.5,
    sensitivity: float = SENSITIVITY,
    false_alarm: float = FALSE_ALARM,
) -> Explanation:
    """Return the terms of the score that `rank_root_causes` gives to `root` with the same arguments."""
    problem = _problem(graph, evidence, target, priors, propagation, sensitivity, false_alarm)
    if root not in problem.candidates:
        raise UnknownNameError("candidate", str(root), map(str, problem.candidates))
    weights = _terms(problem, problem.alarmed)[root]
    terms = {node: weight for node, weight in weights.items() if weight != 0.0}
    anomalous = [node for node, ratio in problem.alarmed.items() if ratio > 1.0]
    return Explanation(
        root=root,
        score=math.fsum([problem.candidates[root], *terms.values()]),
        log_prior=problem.candidates[root],
        weights=terms,
        unexplained=tuple(node for node in sorted(anomalous, key=name_key) if terms.get(node, 0.0) <= 0.0),
    )


def _scores(problem: _Problem, likelihood: Mapping[Any, float]) -> dict[Any, float]:
    """Return the score of every candidate; one that the evidence does not touch keeps its prior."""
    return {
        node: math.fsum([problem.candidates[node], *terms.values()])
        for node, terms in _terms(problem, likelihood).items()
    }


def _terms(problem: _Problem, likelihood: Mapping[Any, float]) -> dict[Any, dict[Any, float]]:
    """Return the terms of every candidate: those of the leading ones are followed jointly."""
    telling = {node: ratio for node, ratio in likelihood.items() if ratio != 1.0}
    seeds = {node: {node: 1.0} for node in problem.candidates if node in problem.network.callees}
    terms: dict[Any, dict[Any, float]] = {node: {} for node in problem.candidates}
    visits = list(sweep(problem.network, seeds, telling))
    for visit in visits:
        ratio = telling.get(visit.node, 1.0)
        if ratio != 1.0:
            for root, predicted in visit.predicted.items():
                terms[root][visit.node] = weight(predicted, ratio)
    scores = {
        node: math.fsum([log_prior, *terms[node].values()]) for node, log_prior in problem.candidates.items()
    }
    for root in leading(scores):
        if root in seeds:
            reached = [visit.node for visit in visits if root in visit.predicted]
            terms[root] = joint_weights(problem.network, root, reached, telling)
    return terms


def _problem(
    graph: nx.DiGraph,
    evidence: Mapping[Node, float | None],
    target: Node | None,
    priors: Mapping[Node, float] | None,
    propagation: float,
    sensitivity: float,
    false_alarm: float,
) -> _Problem:
    if not graph.is_directed() or graph.is_multigraph():
        raise InputError("graph must be a networkx.DiGraph: one directed edge from dependent to dependency")
    if not 0.0 < false_alarm < sensitivity < 1.0:
        raise InputError(f"need 0 < false_alarm < sensitivity < 1, not {false_alarm!r} and {sensitivity!r}")
    _check_probability("propagation", propagation)
    for dependent, dependency, data in graph.edges(data=True):
        if "propagation" in data:
            _check_probability(
                f"propagation of the edge {dependent!s} -> {dependency!s}", data["propagation"]
            )
    for node in [*evidence, *(priors or {}), *([] if target is None else [target])]:
        if node not in graph:
            raise UnknownNameError("node", str(node), map(str, graph))
    measured: dict[Any, float] = {}
    for node, degree in evidence.items():
        if degree is not None:
            _check_probability(f"evidence for {node!s}", degree)
            measured[node] = _likelihood_ratio(float(degree), sensitivity, false_alarm)
    alarmed = measured if target is None else {**measured, target: sensitivity / false_alarm}
    network = network_below(graph, alarmed, propagation)
    candidates = graph if target is None else dependencies_of(network, [target])
    weights = {**({} if target is None else {target: ALARMED_PRIOR}), **(priors or {})}
    for node, prior in weights.items():
        if not (isinstance(prior, int | float) and 0.0 < prior < math.inf):
            raise InputError(f"the prior of {node!s} must be a number above 0, not {prior!r}")
    log_priors = {node: math.log(weights.get(node, 1.0)) for node in candidates}
    return _Problem(network, measured, alarmed, log_priors)


def _check_probability(what: str, value: object) -> None:
    try:
        within = 0.0 <= float(value) <= 1.0  # type: ignore[arg-type]
    except (TypeError, ValueError):
        within = False
    if not within:
        raise InputError(f"{what} must be a number from 0 to 1, not {value!r}")


def _likelihood_ratio(degree: float, sensitivity: float, false_alarm: float) -> float:
    """Read a degree of anomaly as the odds that the node is impaired, clipped."""
    if degree in (0.0, 1.0):
        return (1 - sensitivity) / (1 - false_alarm) if degree == 0.0 else sensitivity / false_alarm
    return math.exp(clip(math.log(degree) - math.log1p(-degree), sensitivity, false_alarm))
