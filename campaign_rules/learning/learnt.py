"""From closed tickets to a knowledge base with other words, and the changes that made it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import evolve, field, frozen

from campaign_rules.learning.closed import Studied
from campaign_rules.learning.estimates import WHOLE, Estimate
from campaign_rules.learning.frequencies import frequencies
from campaign_rules.learning.posteriors import Prior
from campaign_rules.learning.strengths import strengths
from campaign_rules.model import Cause, KnowledgeBase, Module, Rule


@frozen(eq=False)
class Learnt:
    """What was learnt: every estimate, and the shipped knowledge base with the words that they earned."""

    knowledge: KnowledgeBase = field(repr=False)
    estimates: tuple[Estimate, ...] = field(repr=False)

    @property
    def changes(self) -> tuple[Estimate, ...]:
        """The estimates that earned another word."""
        return tuple(one for one in self.estimates if one.changed)


def learn_words(studied: Iterable[Studied], knowledge: KnowledgeBase, prior: Prior | None = None) -> Learnt:
    """Learn frequencies and strengths from closed tickets. The order of the tickets does not matter.

    `knowledge` is what the tickets were studied with; it stays as it is.
    """
    told = sorted(studied, key=lambda one: one.closed.id)
    worth = prior or Prior()
    estimates = (*frequencies(told, knowledge, worth), *strengths(told, knowledge, worth))
    return Learnt(_with_words(knowledge, [one for one in estimates if one.changed]), estimates)


def _with_words(knowledge: KnowledgeBase, changes: Sequence[Estimate]) -> KnowledgeBase:
    modules: dict[str, Module] = dict(knowledge.modules)
    causes: dict[str, Cause] = dict(knowledge.causes)
    rules: dict[str, Rule] = dict(knowledge.rules)
    for one in changes:
        if one.conclusion != WHOLE:
            then = list(rules[one.id].then)
            then[one.conclusion] = evolve(then[one.conclusion], strength=one.word)
            rules[one.id] = evolve(rules[one.id], then=tuple(then))
        elif one.section == "modules":
            modules[one.id] = evolve(modules[one.id], frequency=one.word)
        else:
            causes[one.id] = evolve(causes[one.id], frequency=one.word)
    return evolve(knowledge, modules=modules, causes=causes, rules=rules)
