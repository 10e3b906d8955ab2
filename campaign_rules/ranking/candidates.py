"""The score of one module as the root, and of the causes inside it.

In nats, against "no module is at fault":

    ln prior(module) + ln L(module) + sum of w(caller) + ln of the average of lambda over its causes

L and w are those of `noisy_or`, from what was concluded about the states of modules. lambda comes from what
was concluded about a cause itself, relative to a generic fault of the same module; the average is by the
share of the causes. Every module has besides its known causes an unspecified one, id "", with lambda = 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from attrs import frozen

from campaign_rules.model import KnowledgeBase
from campaign_rules.ranking.case import Case, causes_by_module, nats
from campaign_rules.ranking.evidence import Node
from campaign_rules.ranking.network import dependencies_of
from campaign_rules.ranking.noisy_or import sweep, weight

UNSPECIFIED = ""
UNSPECIFIED_FREQUENCY = "occasional"


@frozen
class Candidate:
    """A module as the root.

    `weights` are what the states of the observed nodes say of its fault, in nats; `shares` and `within` are
    the probabilities of its causes, given that it is the root, before and after the evidence; `score` is in
    nats with the prior. `implicated` says that at least one of its causes explains the evidence better than
    no fault does.
    """

    node: Node
    weights: Mapping[Node, float]
    shares: Mapping[str, float]
    within: Mapping[str, float]
    log_prior: float
    score: float
    implicated: bool


def candidates(case: Case, nodes: Iterable[Node]) -> tuple[Candidate, ...]:
    """Score the modules `nodes` as the root, one by one, in the order given."""
    roots = tuple(nodes)
    weights: dict[Node, dict[Node, float]] = {root: {} for root in roots}
    relevant = dependencies_of(case.network, case.likelihood)
    seeds = {root: {root: 1.0} for root in roots if root in relevant}
    for visit in sweep(case.network, seeds, case.likelihood, relevant):
        if visit.node in case.likelihood:
            for root, predicted in visit.predicted.items():
                weights[root][visit.node] = weight(predicted, case.likelihood[visit.node])
    return tuple(_candidate(case, root, weights[root]) for root in roots)


def _candidate(case: Case, node: Node, weights: Mapping[Node, float]) -> Candidate:
    knowledge = case.knowledge
    about_states = math.fsum(weights.values())
    shares = cause_shares(knowledge, node[0])
    inside = {cause: nats(items) for cause, items in case.inside.get(node, {}).items()}
    about_causes = average(shares, inside)
    log_prior = math.log(knowledge.scale.frequencies[knowledge.modules[node[0]].frequency])
    return Candidate(
        node=node,
        weights=weights,
        shares=shares,
        within={
            cause: share * math.exp(inside.get(cause, 0.0) - about_causes) for cause, share in shares.items()
        }
        if inside
        else shares,
        log_prior=log_prior,
        score=log_prior + about_states + about_causes,
        implicated=about_states + max([0.0, *inside.values()]) > 0.0,
    )


@lru_cache(maxsize=4096)
def cause_shares(knowledge: KnowledgeBase, module: str) -> Mapping[str, float]:
    """Return how often each cause is the one, given a fault of the module; the unspecified one included."""
    frequencies = {UNSPECIFIED: knowledge.scale.frequencies[UNSPECIFIED_FREQUENCY]}
    for cause in causes_by_module(knowledge).get(module, ()):
        frequencies[cause.id] = knowledge.scale.frequencies[cause.frequency]
    total = math.fsum(frequencies.values())
    return MappingProxyType({cause: frequency / total for cause, frequency in frequencies.items()})


def average(shares: Mapping[str, float], inside: Mapping[str, float]) -> float:
    """Return what the evidence about causes says of their module, in nats.

    The module is impaired by one of its causes, so its likelihood ratio is their average. `inside` maps the
    causes with evidence to ln lambda.
    """
    if not inside:
        return 0.0
    return log_sum([math.log(share) + inside.get(cause, 0.0) for cause, share in shares.items()])


def log_sum(logs: list[float]) -> float:
    """Return ln of the sum of the exponentials."""
    highest = max(logs)
    return highest + math.log(math.fsum(math.exp(log - highest) for log in logs))
