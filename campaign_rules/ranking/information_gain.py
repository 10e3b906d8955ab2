"""What to check next: expected information gain about the root cause per minute.

The gain of a question is the mutual information between its answer and the hypothesis, none and elsewhere
included, in bits (Lindley, "On a measure of the information provided by an experiment", 1956).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from attrs import frozen

from campaign_rules.model import KnowledgeBase, NextCheck, Observation, ObservationType, State
from campaign_rules.ranking.case import Case
from campaign_rules.ranking.evidence import Node
from campaign_rules.ranking.noisy_or import walk
from campaign_rules.ranking.observation_links import Link, observation_links
from campaign_rules.ranking.posterior import LEAK, Ranking
from campaign_rules.texts import text_in

WORTHWHILE_BITS = 0.02
SHORTEST_MINUTES = 0.1
NOTICEABLE = 1e-4
"""Hypotheses below this posterior predict nothing in particular."""


ELSEWHERE: Node = ("", "")
"""Stands for the hypothesis "elsewhere" among the roots."""


@frozen
class _Outlook:
    """The hypotheses worth telling apart, as roots: the noticeable modules and `ELSEWHERE`.

    `roots` holds their posteriors, `causes` those of the causes inside them. `predictions` lists per node
    the roots under which it may be impaired, with that probability.
    """

    roots: Mapping[Node, float]
    causes: Mapping[tuple[Node, str], float]
    predictions: Mapping[Node, tuple[tuple[Node, float], ...]]


def next_checks(
    knowledge: KnowledgeBase,
    ranking: Ranking,
    observed: Iterable[Observation],
    language: str = "en",
    limit: int = 5,
) -> tuple[NextCheck, ...]:
    """Return the observations most worth making, by bits per minute.

    `observed` are the observations made so far: what is known, present or absent, is not asked again. At most
    one observation per source group is returned, and none that gains less than `WORTHWHILE_BITS`. With more
    than one instance, an observation is worth what it is worth in the best one.
    """
    links = observation_links(knowledge)
    known = {item.id for item in observed if item.state is not State.UNKNOWN}
    outlook = _outlook(ranking)
    instances = sorted({instance for _, instance in ranking.case.network.order if instance}) or [""]
    gains = {
        id_: max(
            _gain(ranking.case, outlook, knowledge.observations[id_], links[id_], each) for each in instances
        )
        for id_ in sorted(links)
        if id_ not in known
    }
    chosen: dict[str, NextCheck] = {}
    for id_ in sorted(gains, key=lambda id_: (-gains[id_] / _minutes(knowledge.observations[id_]), id_)):
        observation = knowledge.observations[id_]
        if len(chosen) < limit and gains[id_] > WORTHWHILE_BITS and _group(observation) not in chosen:
            chosen[_group(observation)] = NextCheck(
                observation=id_,
                question=text_in(observation.question, language) or text_in(observation.label, language),
                how=text_in(observation.how, language),
                information_bits=gains[id_],
                minutes=observation.minutes,
            )
    return tuple(chosen.values())


def _outlook(ranking: Ranking) -> _Outlook:
    case = ranking.case
    posterior: dict[Node, float] = {}
    causes: dict[tuple[Node, str], float] = {}
    for hypothesis in ranking.hypotheses:
        node = (hypothesis.module, hypothesis.instance)
        posterior[node] = posterior.get(node, 0.0) + hypothesis.probability
        causes[node, hypothesis.cause] = hypothesis.probability
    roots = {node: probability for node, probability in posterior.items() if probability > NOTICEABLE}
    predictions: dict[Node, tuple[tuple[Node, float], ...]] = {}
    for root in roots:
        for node, belief in walk(case.network, {root: 1.0}, case.likelihood).beliefs.items():
            predictions[node] = (*predictions.get(node, ()), (root, belief))
    leak = walk(case.network, dict.fromkeys(case.likelihood, LEAK), case.likelihood).beliefs
    for node in case.network.order:
        belief = leak.get(node, 0.0)
        if node not in case.likelihood:
            belief = 1.0 - (1.0 - LEAK) * (1.0 - belief)
        predictions[node] = (*predictions.get(node, ()), (ELSEWHERE, belief))
    return _Outlook({**roots, ELSEWHERE: ranking.elsewhere_probability}, causes, predictions)


def _gain(
    case: Case, outlook: _Outlook, observation: ObservationType, links: tuple[Link, ...], instance: str
) -> float:
    """Return the mutual information of the answer and the hypothesis, in bits.

    The odds of presence under a hypothesis are the usual ones, those of the strongest link, times the change
    that each link makes.
    """
    by_root: dict[Node, float] = {}
    by_cause: dict[tuple[Node, str], float] = {}
    telling: list[Link] = []
    for link in links:
        module = case.knowledge.causes[link.target].module if link.cause else link.target
        node = (module, instance) if (module, instance) in case.network.order else (module, "")
        if _group(observation) in _used_groups(case, node, link):
            continue
        telling.append(link)
        if not link.cause:
            for root, belief in outlook.predictions[node]:
                by_root[root] = by_root.get(root, 0.0) + _shift(link, belief)
        elif node in outlook.roots:
            by_cause[node, link.target] = _shift(link, 1.0)
    if not telling:
        return 0.0
    base = _log_odds(max(telling, key=lambda link: abs(_shift(link, 1.0))).false_alarm)
    left = {root: outlook.roots[root] for root in by_root}
    answers = []
    for (root, cause), shift in by_cause.items():
        probability = outlook.causes[root, cause]
        answers.append((probability, _probability(base + by_root.get(root, 0.0) + shift)))
        if root in left:
            left[root] -= probability
    answers += [(max(left[root], 0.0), _probability(base + shift)) for root, shift in by_root.items()]
    predicted = math.fsum(probability for probability, _ in answers)
    answers.append((max(1.0 - predicted, 0.0), _probability(base)))
    on_average = math.fsum(probability * present for probability, present in answers)
    return _entropy(on_average) - math.fsum(
        probability * _entropy(present) for probability, present in answers
    )


def _used_groups(case: Case, node: Node, link: Link) -> frozenset[str]:
    counted = case.inside.get(node, {}).get(link.target, ()) if link.cause else case.states.get(node, ())
    return frozenset(group for item in counted for group in item.groups)


def _shift(link: Link, belief: float) -> float:
    """Return the change of the log odds of presence if the target is impaired with probability `belief`."""
    return _log_odds(link.false_alarm + belief * (link.sensitivity - link.false_alarm)) - _log_odds(
        link.false_alarm
    )


def _log_odds(probability: float) -> float:
    return math.log(probability) - math.log1p(-probability)


def _probability(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-log_odds))


def _entropy(probability: float) -> float:
    if not 0.0 < probability < 1.0:
        return 0.0
    return -(probability * math.log2(probability) + (1 - probability) * math.log2(1 - probability))


def _group(observation: ObservationType) -> str:
    return observation.group or observation.id


def _minutes(observation: ObservationType) -> float:
    return max(observation.minutes, SHORTEST_MINUTES)
