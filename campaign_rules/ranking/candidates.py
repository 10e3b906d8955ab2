"""The score of one module as the root, and of the causes inside it.

In nats, against "no module is at fault":

    ln prior(module) + ln L(module) + sum of w(caller) + what the evidence about its causes adds

L and w are those of `noisy_or`, from what was concluded about the states of modules; the last term is that of
`inside`. Every module has besides its known causes an unspecified one, id "", of which nothing is observed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from attrs import frozen

from campaign_rules.ranking.case import Case, nats
from campaign_rules.ranking.evidence import Node
from campaign_rules.ranking.inside import cause_shares, module_weight, told, within
from campaign_rules.ranking.network import dependencies_of
from campaign_rules.ranking.noisy_or import sweep, weight

ELSEWHERE: Node = ("", "")
"""Stands for the hypothesis "elsewhere" among the roots."""


@frozen
class Candidate:
    """A module as the root.

    `weights` are what the states of the observed nodes say of its fault, in nats; `within` are the
    probabilities of its causes, given that it is the root; `score` is in nats with the prior. `implicated`
    says that at least one of its causes explains the evidence better than no fault does.
    """

    node: Node
    weights: Mapping[Node, float]
    within: Mapping[str, float]
    log_prior: float
    score: float
    implicated: bool


def candidates(case: Case, nodes: Iterable[Node], leak: float) -> tuple[tuple[Candidate, ...], float]:
    """Score the modules `nodes` as the root, one by one, in the order given.

    Returned beside them is the weight of evidence, in nats, for something that is not modelled and impairs
    every observed node with the probability `leak`.
    """
    roots = tuple(nodes)
    weights: dict[Node, dict[Node, float]] = {root: {} for root in (*roots, ELSEWHERE)}
    relevant = dependencies_of(case.network, case.likelihood)
    seeds: dict[Node, dict[Node, float]] = {root: {root: 1.0} for root in roots if root in relevant}
    for node in case.likelihood:
        seeds.setdefault(node, {})[ELSEWHERE] = leak
    for visit in sweep(case.network, seeds, case.likelihood, relevant):
        if visit.node in case.likelihood:
            for root, predicted in visit.predicted.items():
                weights[root][visit.node] = weight(predicted, case.likelihood[visit.node])
    elsewhere = math.fsum(weights[ELSEWHERE].values())
    return tuple(_candidate(case, root, weights[root]) for root in roots), elsewhere


def _candidate(case: Case, node: Node, weights: Mapping[Node, float]) -> Candidate:
    about_states = math.fsum(weights.values())
    shares, inside = cause_shares(case.knowledge, node[0]), case.inside.get(node, {})
    log_prior = math.log(case.knowledge.scale.frequencies[case.knowledge.modules[node[0]].frequency])
    about_causes = module_weight(shares, inside, told(case, weights)) if inside else 0.0
    return Candidate(
        node=node,
        weights=weights,
        within=within(shares, inside),
        log_prior=log_prior,
        score=log_prior + about_states + about_causes,
        implicated=about_states + max([0.0, *map(nats, inside.values())]) > 0.0,
    )


def log_sum(logs: list[float]) -> float:
    """Return ln of the sum of the exponentials."""
    highest = max(logs)
    return highest + math.log(math.fsum(math.exp(log - highest) for log in logs))
