"""What each observation would say, if it were made: read from the rules that need nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from attrs import frozen

from campaign_rules.model import Condition, KnowledgeBase, Rule, State, Verb
from campaign_rules.ranking.case import NATS_PER_DECIBAN

USUAL = 0.7
"""Probability of the telling answer where the rules give the weight of only one answer."""

Target = tuple[bool, str]
"""What a link is about: whether it is a cause, and the id of the module or cause."""


@frozen
class Link:
    """How an observation goes with a module or a cause.

    It is present with probability `sensitivity` if the module is impaired, or the cause at work, and else
    with `false_alarm`. `if_present` and `if_absent` are what the rules make of the answer, in nats. `cause`
    says that `target` is a cause id rather than a module id; `module` is the module in either case.
    """

    cause: bool
    target: str
    module: str
    sensitivity: float
    false_alarm: float
    if_present: float
    if_absent: float


@lru_cache(maxsize=16)
def observation_links(knowledge: KnowledgeBase) -> Mapping[str, tuple[Link, ...]]:
    """Return the links of every observation that has any, platform context excepted.

    A link comes from rules for which the observation alone suffices, present or absent, also through derived
    facts. Of several weights for the same answer and target the strongest counts. Tests of values are taken
    to pass.
    """
    sufficient = _sufficient(knowledge.rules.values())
    links = {}
    for id_, observation in sorted(knowledge.observations.items()):
        if observation.context:
            continue
        present = _weights(knowledge, sufficient, (id_, State.PRESENT))
        absent = _weights(knowledge, sufficient, (id_, State.ABSENT))
        of_observation = tuple(
            link(knowledge, target, present.get(target, 0.0), absent.get(target, 0.0))
            for target in sorted({**present, **absent})
        )
        if of_observation:
            links[id_] = of_observation
    return MappingProxyType(links)


def link(knowledge: KnowledgeBase, target: Target, present: float, absent: float) -> Link:
    """Return the link of which the two answers have these weights, in decibans."""
    cause, id_ = target
    return Link(
        cause,
        id_,
        knowledge.causes[id_].module if cause else id_,
        *rates(present, absent),
        present * NATS_PER_DECIBAN,
        absent * NATS_PER_DECIBAN,
    )


def rates(present: float, absent: float) -> tuple[float, float]:
    """Return sensitivity s and false alarm f from the weights of the two answers, in decibans.

    Solves ``s / f`` = ratio of presence and ``(1 - s) / (1 - f)`` = ratio of absence. Where only one answer
    has a weight, or both point the same way, the stronger one decides, and the side it speaks for gives that
    answer with the probability `USUAL`.
    """
    if present * absent < 0:
        if_present, if_absent = _ratio(present), _ratio(absent)
        false_alarm = (1 - if_absent) / (if_present - if_absent)
        return if_present * false_alarm, false_alarm
    stronger = _ratio(max(present, absent, key=abs))
    if_impaired, if_sound = (USUAL, USUAL / stronger) if stronger > 1 else (USUAL * stronger, USUAL)
    if abs(absent) > abs(present):
        return 1 - if_impaired, 1 - if_sound
    return if_impaired, if_sound


def _ratio(decibans: float) -> float:
    return math.exp(decibans * NATS_PER_DECIBAN)


def _sufficient(rules: Iterable[Rule]) -> Mapping[tuple[str, State], tuple[Rule, ...]]:
    """Return the rules that fire on one condition alone, by fact and state."""
    found: dict[tuple[str, State], tuple[Rule, ...]] = {}
    for rule in sorted(rules, key=lambda rule: rule.id):
        alone: tuple[Condition, ...] = ()
        if not rule.unless and not rule.all:
            alone = rule.any
        elif not rule.unless and len(rule.all) == 1 and not rule.any:
            alone = rule.all
        for key in sorted({(condition.fact, condition.state) for condition in alone}):
            found[key] = (*found.get(key, ()), rule)
    return found


def _weights(
    knowledge: KnowledgeBase,
    sufficient: Mapping[tuple[str, State], tuple[Rule, ...]],
    start: tuple[str, State],
) -> dict[Target, float]:
    """Return what follows from one fact, in decibans by target."""
    weights: dict[Target, float] = {}
    reached = {start}
    waiting = [start]
    while waiting:
        for rule in sufficient.get(waiting.pop(), ()):
            for conclusion in rule.then:
                if conclusion.verb is Verb.DERIVES:
                    derived = (conclusion.target, State.PRESENT)
                    if derived not in reached:
                        reached.add(derived)
                        waiting.append(derived)
                    continue
                sign = 1.0 if conclusion.verb in (Verb.IMPAIRS, Verb.SUPPORTS) else -1.0
                weight = sign * knowledge.scale.strengths[conclusion.strength]
                target = (conclusion.verb in (Verb.SUPPORTS, Verb.REFUTES), conclusion.target)
                weights[target] = max(weights.get(target, 0.0), weight, key=lambda value: (abs(value), value))
    return weights
