"""What the evidence says when the module at fault is known."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from campaign_rules.ranking.candidates import log_sum
from campaign_rules.ranking.noisy_or import sweep
from campaign_rules.ranking.posterior import Ranking


def impaired_by(ranking: Ranking, module: str) -> Mapping[str, float]:
    """Return the probability that each module is impaired, if `module` is at fault, given the evidence.

    It is 1 for the module itself. Of several instances the likeliest counts. Modules that are hardly ever
    impaired are missing.
    """
    case = ranking.case
    seeds = {node: {module: 1.0} for node in case.network.callees if node[0] == module}
    found: dict[str, float] = {}
    for visit in sweep(case.network, seeds, case.likelihood):
        name = visit.node[0]
        found[name] = max(found.get(name, 0.0), visit.beliefs[module])
    return found


def shares_among(ranking: Ranking, modules: Iterable[str]) -> Mapping[str, float]:
    """Return the probability that each of `modules` is at fault, if one of them is, given the evidence."""
    knowledge = ranking.case.knowledge
    scores = {}
    for module in sorted(modules):
        prior = math.log(knowledge.scale.frequencies[knowledge.modules[module].frequency])
        scored = [each.score for node, each in ranking.candidates.items() if node[0] == module]
        scores[module] = max(scored, default=prior)
    total = log_sum(list(scores.values()))
    return {module: math.exp(score - total) for module, score in scores.items()}
