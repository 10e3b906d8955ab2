"""A second, simultaneous fault that would account for what the first suspect leaves unexplained.

The ranking assumes one fault. To that fault the one is added that explains the facts best together with it
(greedy residual); it is a suggestion, as most of what is left unexplained is a false alarm.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from campaign_rules.model import SecondFault
from campaign_rules.ranking.candidates import Candidate
from campaign_rules.ranking.case import NATS_PER_DECIBAN, Case
from campaign_rules.ranking.evidence import Node
from campaign_rules.ranking.module_graph import label
from campaign_rules.ranking.network import dependencies_of
from campaign_rules.ranking.noisy_or import sweep, weight

TIE = 9


def second_fault(
    case: Case, first: Candidate, scored: Iterable[Candidate], unexplained: frozenset[Node]
) -> SecondFault | None:
    """Return the module that, failing besides `first`, adds most to what is explained; None if none adds.

    `scored` are all candidates, `unexplained` the impaired nodes that `first` does not account for. Its
    weight counts how often the module is at fault and what speaks for a cause inside it.
    """
    below = dependencies_of(case.network, unexplained)
    others = {each.node: each for each in scored if each.node in below and each.node != first.node}
    seeds: dict[Node, dict[Node, float]] = {node: {node: 1.0} for node in others}
    seeds[first.node] = dict.fromkeys(others, 1.0)
    terms: dict[Node, dict[Node, float]] = {node: {} for node in others}
    for visit in sweep(case.network, seeds, case.likelihood):
        if visit.node in case.likelihood:
            for node, predicted in visit.predicted.items():
                terms[node][visit.node] = weight(predicted, case.likelihood[visit.node])
    alone = math.fsum(first.weights.values())
    gains = {
        node: other.score - math.fsum(other.weights.values()) + math.fsum(terms[node].values()) - alone
        for node, other in others.items()
    }
    best = min(gains, key=lambda node: (-round(gains[node], TIE), node), default=None)
    if best is None or gains[best] <= 0.0:
        return None
    explained = [node for node in unexplained if terms[best].get(node, 0.0) > 0.0]
    if not explained:
        return None
    return SecondFault(*best, gains[best] / NATS_PER_DECIBAN, tuple(sorted(map(label, explained))))
