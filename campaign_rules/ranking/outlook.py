"""What the hypotheses predict about a question, and what its answer would make of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from attrs import frozen

from campaign_rules.model import Prospect, Verb
from campaign_rules.ranking.candidates import ELSEWHERE
from campaign_rules.ranking.case import NATS_PER_DECIBAN, Case, nats
from campaign_rules.ranking.evidence import Evidence, Node
from campaign_rules.ranking.inside import cause_shares, module_weight, told
from campaign_rules.ranking.noisy_or import clip, sweep
from campaign_rules.ranking.observation_links import Link, rates
from campaign_rules.ranking.posterior import LEAK, Ranking

NOTICEABLE = 1e-3
"""Less probability than this is not followed: neither a hypothesis nor, jointly, what it predicts."""


@frozen
class Outlook:
    """The hypotheses worth telling apart, as roots: the noticeable modules and `ELSEWHERE`.

    `roots` holds their posteriors, `causes` those of the noticeable causes inside them; what the roots lack
    to 1 predicts nothing in particular. `beliefs` tells per node how probably it is impaired under each root.
    """

    roots: Mapping[Node, float]
    causes: Mapping[tuple[Node, str], float]
    beliefs: Mapping[Node, Mapping[Node, float]]


@frozen
class Effect:
    """What a question asks of a node, or of a cause inside it.

    It is present with probability `sensitivity` if the node is impaired, or the cause at work, and else with
    `false_alarm`. `if_present` and `if_absent` are what the rules make of the answer, in nats.
    """

    node: Node
    cause: str
    sensitivity: float
    false_alarm: float
    if_present: float
    if_absent: float


@frozen
class Answers:
    """The probability of "present" under each root, under each cause that differs from its root, and else."""

    usual: float
    by_root: Mapping[Node, float]
    by_cause: Mapping[tuple[Node, str], float]


def outlook_of(ranking: Ranking) -> Outlook:
    """Return the outlook of a posterior."""
    case = ranking.case
    posterior: dict[Node, float] = {}
    causes: dict[tuple[Node, str], float] = {}
    for hypothesis in ranking.hypotheses:
        node = (hypothesis.module, hypothesis.instance)
        posterior[node] = posterior.get(node, 0.0) + hypothesis.probability
        if hypothesis.cause and hypothesis.probability > NOTICEABLE:
            causes[node, hypothesis.cause] = hypothesis.probability
    roots = {node: probability for node, probability in posterior.items() if probability > NOTICEABLE}
    seeds: dict[Node, dict[Node, float]] = {root: {root: 1.0} for root in roots}
    for node in case.likelihood:
        seeds.setdefault(node, {})[ELSEWHERE] = LEAK
    roots[ELSEWHERE] = ranking.elsewhere_probability
    beliefs: dict[Node, Mapping[Node, float]] = {node: {ELSEWHERE: LEAK} for node in case.network.callees}
    for visit in sweep(case.network, seeds, case.likelihood):
        leak = visit.beliefs.get(ELSEWHERE, 0.0)
        if visit.node not in case.likelihood:
            leak = 1.0 - (1.0 - LEAK) * (1.0 - leak)
        beliefs[visit.node] = {
            root: belief
            for root, belief in {**visit.beliefs, ELSEWHERE: leak}.items()
            if roots[root] * belief > NOTICEABLE
        }
    return Outlook(roots, causes, beliefs)


def effects_of(case: Case, links: Iterable[Link], group: str, instance: str) -> tuple[Effect, ...]:
    """Return what an observation of `group` would say in this case, if made for `instance`.

    Left out is what rests on a measurement that was counted already. Where much is known of a module, a
    further fact about it says only as much as one observer may say in all.
    """
    effects = []
    for link in links:
        node = (link.module, instance)
        if node not in case.network.callees:
            node = (link.module, "")
        cause = link.target if link.cause else ""
        known = case.inside.get(node, {}).get(cause, ()) if cause else case.states.get(node, ())
        if not known:
            effects.append(
                Effect(node, cause, link.sensitivity, link.false_alarm, link.if_present, link.if_absent)
            )
        elif not any(group in item.groups for item in known):
            present, absent = link.if_present, link.if_absent
            if not cause:
                before = nats(known)
                present, absent = (clip(before + each) - clip(before) for each in (present, absent))
            if present or absent:
                rate = rates(present / NATS_PER_DECIBAN, absent / NATS_PER_DECIBAN)
                effects.append(Effect(node, cause, *rate, present, absent))
    return tuple(effects)


def answers_to(outlook: Outlook, effects: Sequence[Effect]) -> Answers:
    """Return how the hypotheses would answer.

    The odds of presence under a hypothesis are the usual ones, those of the strongest effect, times the
    change that each effect makes.
    """
    by_root: dict[Node, float] = {}
    by_cause: dict[tuple[Node, str], float] = {}
    for effect in effects:
        if effect.cause:
            if (effect.node, effect.cause) in outlook.causes:
                by_cause[effect.node, effect.cause] = shift(effect.sensitivity, effect.false_alarm, 1.0)
        else:
            for root, belief in outlook.beliefs[effect.node].items():
                by_root[root] = by_root.get(root, 0.0) + shift(effect.sensitivity, effect.false_alarm, belief)
    strongest = max(effects, key=lambda effect: abs(shift(effect.sensitivity, effect.false_alarm, 1.0)))
    usual = log_odds(strongest.false_alarm)
    return Answers(
        strongest.false_alarm,
        {root: _probability(usual + moved) for root, moved in by_root.items()},
        {
            (root, cause): _probability(usual + by_root.get(root, 0.0) + moved)
            for (root, cause), moved in by_cause.items()
        },
    )


def information(outlook: Outlook, answers: Answers) -> float:
    """Return the mutual information of the answer and the hypothesis, in bits."""
    parts = _parts(outlook, answers)
    on_average = math.fsum([probability * present for probability, present in parts])
    return _entropy(on_average) - math.fsum(
        [probability * _entropy(present) for probability, present in parts if probability]
    )


def chance_of_presence(outlook: Outlook, answers: Answers) -> float:
    """Return the probability of "present" on average over the hypotheses."""
    return math.fsum(probability * present for probability, present in _parts(outlook, answers))


def answered(outlook: Outlook, effects: Iterable[Effect], answers: Answers, present: bool) -> Outlook:
    """Return the outlook that an answer leaves (Bayes' theorem)."""
    chance = chance_of_presence(outlook, answers)
    offset, total = (0.0, chance) if present else (1.0, 1.0 - chance)
    factors = {root: abs(offset - of_root) / total for root, of_root in answers.by_root.items()}
    common = abs(offset - answers.usual) / total
    roots = {root: part * factors.get(root, common) for root, part in outlook.roots.items()}
    causes = {key: part * factors.get(key[0], common) for key, part in outlook.causes.items()}
    for key, chance_of_cause in answers.by_cause.items():
        causes[key], before = outlook.causes[key] * abs(offset - chance_of_cause) / total, causes[key]
        roots[key[0]] += causes[key] - before
    beliefs = dict(outlook.beliefs)
    for effect in effects:
        if not effect.cause:
            ratio = abs(offset - effect.sensitivity) / abs(offset - effect.false_alarm)
            beliefs[effect.node] = {
                root: belief * ratio / (1.0 + belief * (ratio - 1.0))
                for root, belief in beliefs[effect.node].items()
            }
    return Outlook(roots, causes, beliefs)


def prospect(
    ranking: Ranking, outlook: Outlook, effects: Sequence[Effect], observation: str, present: bool
) -> Prospect | None:
    """Return the likeliest module after an answer, as the rules would have it; None without a module.

    `observation` is what is asked, `outlook` that of `ranking`. An answer of which the rules make nothing
    leaves everything as it is.
    """
    moved: dict[Node, float] = {}
    for effect in effects:
        if not effect.cause:
            change = math.expm1(effect.if_present if present else effect.if_absent)
            for root, belief in outlook.beliefs[effect.node].items():
                moved[root] = moved.get(root, 0.0) + math.log1p(belief * change)
    answers: dict[Node, dict[str, float]] = {}
    for effect in effects:
        if effect.cause and effect.node in outlook.roots:
            weight = effect.if_present if present else effect.if_absent
            answers.setdefault(effect.node, {})[effect.cause] = weight
    for node, answer in answers.items():
        by_states = moved.get(node, 0.0)
        moved[node] = by_states + _about_causes(ranking, node, answer, observation, by_states)
    roots = {root: part * math.exp(moved.get(root, 0.0)) for root, part in outlook.roots.items()}
    total = math.fsum(roots.values()) + max(1.0 - math.fsum(outlook.roots.values()), 0.0)
    modules = [root for root in roots if root != ELSEWHERE]
    if not modules:
        return None
    best = min(modules, key=lambda root: (-round(roots[root] / total, 12), root))
    return Prospect(*best, roots[best] / total)


def _about_causes(
    ranking: Ranking, node: Node, answer: Mapping[str, float], observation: str, by_states: float
) -> float:
    """Return by how much the answer about causes of a module, in nats by cause, changes its weight.

    `by_states` is what the same answer says for the module through the states of nodes.
    """
    known = ranking.case.inside.get(node, {})
    after = dict(known)
    for cause, weight in answer.items():
        verb = Verb.SUPPORTS if weight > 0.0 else Verb.REFUTES
        leaf = (observation,)
        item = Evidence(verb, cause, node[1], "", weight / NATS_PER_DECIBAN, leaf, leaf)
        after[cause] = (*known.get(cause, ()), item)
    shares = cause_shares(ranking.case.knowledge, node[0])
    before = told(ranking.case, ranking.candidates[node].weights)
    return module_weight(shares, after, {**before, observation: by_states}) - module_weight(
        shares, known, before
    )


@lru_cache(maxsize=1 << 14)
def shift(sensitivity: float, false_alarm: float, belief: float) -> float:
    """Return the change of the log odds of presence if the target is impaired with probability `belief`."""
    return log_odds(false_alarm + belief * (sensitivity - false_alarm)) - log_odds(false_alarm)


@lru_cache(maxsize=1 << 12)
def log_odds(probability: float) -> float:
    """Return ln(p / (1 - p))."""
    return math.log(probability) - math.log1p(-probability)


def _parts(outlook: Outlook, answers: Answers) -> list[tuple[float, float]]:
    """Return the hypotheses by what they answer: their probability, and that of "present" under them."""
    parts = [(outlook.causes[key], present) for key, present in answers.by_cause.items()]
    left = {root: outlook.roots[root] for root in answers.by_root}
    for (root, cause), _ in answers.by_cause.items():
        if root in left:
            left[root] -= outlook.causes[root, cause]
    parts += [(max(left[root], 0.0), present) for root, present in answers.by_root.items()]
    told = math.fsum([probability for probability, _ in parts])
    parts.append((max(1.0 - told, 0.0), answers.usual))
    return parts


def _probability(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-log_odds))


def _entropy(probability: float) -> float:
    if not 0.0 < probability < 1.0:
        return 0.0
    return -(probability * math.log2(probability) + (1 - probability) * math.log2(1 - probability))
