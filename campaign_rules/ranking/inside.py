"""What the evidence about the causes inside a module says of the module itself.

A rule that supports a cause was judged against other incidents, not against the other causes of its module.
So a cause that something speaks for competes with the unspecified one only, not with the causes of which
nothing is known: a module does not become less suspect because more is known about it. With lambda(c) =
P(facts | c) / P(facts | no fault), the share of each cause among the faults of the module, and its rival
share, the one beside the unspecified cause alone, the likelihood ratio of the module is

    sum of share(c) lambda(c)  +  max over causes of (rival(c) - share(c)) (fresh(c) - 1)

the average over the causes, the one that gains most by it counted by its rival share. `fresh` is lambda
without what the same observations have already said for the module, through its own state or that of its
callers: one measurement does not count twice for a hypothesis.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from campaign_rules.model import KnowledgeBase
from campaign_rules.ranking.case import NATS_PER_DECIBAN, Case, causes_by_module, nats
from campaign_rules.ranking.evidence import Evidence, Node, shares

UNSPECIFIED = ""
UNSPECIFIED_FREQUENCY = "occasional"

Inside = Mapping[str, Iterable[Evidence]]
"""The evidence about the causes of one module, by cause."""


@lru_cache(maxsize=4096)
def cause_shares(knowledge: KnowledgeBase, module: str) -> Mapping[str, float]:
    """Return how often each cause is the one, given a fault of the module; the unspecified one included."""
    frequencies = {UNSPECIFIED: knowledge.scale.frequencies[UNSPECIFIED_FREQUENCY]}
    for cause in causes_by_module(knowledge).get(module, ()):
        frequencies[cause.id] = knowledge.scale.frequencies[cause.frequency]
    total = math.fsum(frequencies.values())
    return MappingProxyType({cause: frequency / total for cause, frequency in frequencies.items()})


def within(shares_of_causes: Mapping[str, float], inside: Inside) -> Mapping[str, float]:
    """Return the probability of each cause, given that the module is the root (Bayes' theorem)."""
    if not inside:
        return shares_of_causes
    ratios = {cause: math.exp(nats(items)) for cause, items in inside.items()}
    joint = {cause: share * ratios.get(cause, 1.0) for cause, share in shares_of_causes.items()}
    total = math.fsum(joint.values())
    return {cause: part / total for cause, part in joint.items()}


def told(case: Case, weights: Mapping[Node, float]) -> Mapping[str, float]:
    """Return what each observation says for a module through the states of nodes, in nats."""
    found: dict[str, float] = {}
    for node, weight in weights.items():
        if weight > 0.0:
            items = case.states[node]
            for (observation, _), part in shares(items, weight / nats(items)).items():
                found[observation] = found.get(observation, 0.0) + part * NATS_PER_DECIBAN
    return found


def module_weight(
    shares_of_causes: Mapping[str, float], inside: Inside, already_told: Mapping[str, float]
) -> float:
    """Return what the evidence about causes says of their module, in nats."""
    average, best = 1.0, 0.0
    for cause, items in inside.items():
        share = shares_of_causes[cause]
        average += share * math.expm1(nats(items))
        fresh = math.fsum(_fresh(item, already_told) for item in items)
        rival = share / (share + shares_of_causes[UNSPECIFIED])
        best = max(best, (rival - share) * math.expm1(fresh))
    return math.log(average + best)


def _fresh(item: Evidence, already_told: Mapping[str, float]) -> float:
    """Return what is left of an item, in nats."""
    weight = item.decibans * NATS_PER_DECIBAN
    if weight <= 0.0:
        return weight
    return max(weight - math.fsum(max(already_told.get(leaf, 0.0), 0.0) for leaf in item.leaves), 0.0)
