"""What speaks against a module, and what the rules that would speak for it are missing."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from campaign_rules.model import (
    Conclusion,
    Condition,
    Fact,
    KnowledgeBase,
    Result,
    Rule,
    State,
    Verb,
)
from campaign_rules.values import predicate

_SPEAKING_FOR = (Verb.IMPAIRS, Verb.SUPPORTS)


@frozen
class Objection:
    """A conclusion of a rule that fired and speaks against the module, and the facts it rests on."""

    rule: str
    conclusion: Conclusion
    because: tuple[Fact, ...]


@frozen
class Unmet:
    """A condition that does not hold: nothing is known about it, or it is `contradicted`."""

    condition: Condition
    contradicted: bool


@frozen
class Gap:
    """A rule that would speak for the module, and why it did not fire.

    `blocked_by` are derived facts that it must not find.
    """

    rule: str
    concludes: tuple[Conclusion, ...]
    unmet: tuple[Unmet, ...]
    blocked_by: tuple[str, ...]


@frozen
class Objections:
    """All that keeps a module from being the root cause; `has_rules` is false if no rule is about it."""

    against: tuple[Objection, ...]
    gaps: tuple[Gap, ...]
    has_rules: bool


def objections(result: Result, knowledge: KnowledgeBase, module: str) -> Objections:
    """Return what keeps `module` from being the root cause, by rule."""
    fired = {firing.rule for firing in result.firings}
    about = {module, *(cause.id for cause in knowledge.causes.values() if cause.module == module)}
    rules = [
        rule
        for _, rule in sorted(knowledge.rules.items())
        if any(conclusion.target in about for conclusion in rule.then)
    ]
    derived = {one.target for firing in result.firings for one in knowledge.rules[firing.rule].then}
    gaps = (_gap(rule, about, result, derived) for rule in rules if rule.id not in fired)
    return Objections(
        tuple(one for rule in rules if rule.id in fired for one in _against(rule, about, result)),
        tuple(gap for gap in gaps if any(one.verb in _SPEAKING_FOR for one in gap.concludes)),
        bool(rules),
    )


def _against(rule: Rule, about: set[str], result: Result) -> Iterator[Objection]:
    supports = {fact for firing in result.firings if firing.rule == rule.id for fact in firing.supports}
    because = tuple(sorted(supports, key=lambda fact: fact.sort_key))
    for conclusion in rule.then:
        if conclusion.target in about and conclusion.verb not in (*_SPEAKING_FOR, Verb.DERIVES):
            yield Objection(rule.id, conclusion, because)


def _gap(rule: Rule, about: set[str], result: Result, derived: set[str]) -> Gap:
    unmet = [one for one in (*rule.all, *rule.any) if not _holds(one, result, derived)]
    return Gap(
        rule.id,
        tuple(one for one in rule.then if one.target in about),
        tuple(Unmet(condition, _contrary(condition, result)) for condition in unmet),
        tuple(fact for fact in rule.unless if fact in derived),
    )


def _contrary(condition: Condition, result: Result) -> bool:
    return any(item.id == condition.fact and item.state is not State.UNKNOWN for item in result.observations)


def _holds(condition: Condition, result: Result, derived: set[str]) -> bool:
    return condition.fact in derived or any(
        item.id == condition.fact
        and item.state is condition.state
        and (condition.test is None or predicate(condition.test)(item.value))
        for item in result.observations
    )
