"""From a scored candidate to a suspect whose evidence is told observation by observation."""

from __future__ import annotations

from collections.abc import Iterable

from campaign_rules.model import Suspect, Weight
from campaign_rules.ranking.candidates import Candidate
from campaign_rules.ranking.case import NATS_PER_DECIBAN, Case, nats
from campaign_rules.ranking.evidence import Evidence, Node, shares
from campaign_rules.ranking.inside import UNSPECIFIED, cause_shares, module_weight, told
from campaign_rules.ranking.module_graph import label

COMMON = "common"


def suspect(case: Case, candidate: Candidate, probability: float) -> Suspect:
    """Return the suspect with its posterior `probability`."""
    cause = _likeliest_cause(case, candidate)
    return Suspect(
        module=candidate.node[0],
        instance=candidate.node[1],
        probability=probability,
        cause=cause,
        cause_probability=probability * candidate.within[cause] if cause else 0.0,
        prior_decibans=candidate.log_prior / NATS_PER_DECIBAN,
        evidence=_weights(case, candidate),
        explains=tuple(sorted(label(node) for node in explained(case, candidate))),
        observed=candidate.node in case.states or candidate.node in case.inside,
    )


def explained(case: Case, candidate: Candidate) -> frozenset[Node]:
    """Return the other impaired nodes whose impairment the candidate predicts."""
    return frozenset(
        node for node in case.impaired if node != candidate.node and candidate.weights.get(node, 0.0) > 0.0
    )


def _likeliest_cause(case: Case, candidate: Candidate) -> str:
    """Return the best cause if it beats the unspecified one, and has evidence or is commonly the cause."""
    best = min(candidate.within, key=lambda cause: (-candidate.within[cause], cause))
    if best == UNSPECIFIED or candidate.within[best] <= candidate.within[UNSPECIFIED]:
        return ""
    speaks = nats(case.inside.get(candidate.node, {}).get(best, ())) > 0.0
    return best if speaks or case.knowledge.causes[best].frequency == COMMON else ""


def _weights(case: Case, candidate: Candidate) -> tuple[Weight, ...]:
    """Return the evidence for a candidate, strongest first; the terms sum to its score without the prior.

    The term of a node is split over the observations behind it in proportion to their weights. Evidence about
    causes is taken item by item, strongest first; each is worth what it adds to the weight of the module
    (the chain rule for weights of evidence: Good, "Probability and the Weighing of Evidence",
    1950).
    """
    parts: dict[tuple[str, str, str], float] = {}

    def add(items: Iterable[Evidence], factor: float, through: str) -> None:
        for (observation, rule), decibans in shares(items, factor).items():
            key = (observation, rule, through)
            parts[key] = parts.get(key, 0.0) + decibans

    for node, weight in sorted(candidate.weights.items()):
        if weight != 0.0:
            items = case.states[node]
            add(items, weight / nats(items), "" if node == candidate.node else label(node))
    inside: dict[str, list[Evidence]] = {}
    of_causes, already_told = cause_shares(case.knowledge, candidate.node[0]), told(case, candidate.weights)
    before = 0.0
    for cause, item in _strongest_first(case, candidate.node):
        inside.setdefault(cause, []).append(item)
        after = module_weight(of_causes, inside, already_told)
        add([item], (after - before) / (item.decibans * NATS_PER_DECIBAN), "")
        before = after
    weights = [
        Weight(observation, rule, value, through) for (observation, rule, through), value in parts.items()
    ]
    return tuple(
        sorted(
            weights,
            key=lambda weight: (-abs(weight.decibans), weight.observation, weight.rule, weight.through),
        )
    )


def _strongest_first(case: Case, node: Node) -> list[tuple[str, Evidence]]:
    about = [(cause, item) for cause, items in case.inside.get(node, {}).items() for item in items]
    return sorted(about, key=lambda pair: (-abs(pair[1].decibans), pair[1].rule, pair[0]))
