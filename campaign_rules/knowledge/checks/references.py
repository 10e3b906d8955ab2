"""Ids and words: each defined once, each reference to something that is there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from campaign_rules.knowledge.checks.known import Known, target_section, unknown_word
from campaign_rules.knowledge.documents import RuleEntry
from campaign_rules.knowledge.entries import Entries, Entry
from campaign_rules.knowledge.findings import Finding
from campaign_rules.model import Comparison, Condition, State, ValueKind, Verb


def references(entries: Entries, known: Known) -> Iterator[Finding]:
    """Find ids given twice, and words and ids that do not exist or do not fit."""
    yield from _duplicates(entries)
    yield from _scale_words(entries)
    for module in entries.modules:
        edges = module.value.depends_on
        for edge in edges:
            yield from known.missing(module, "depends_on", edge.on, "modules")
            if edge.on == module.value.id:
                yield module.finding("a module cannot depend on itself", edge.on, within="depends_on")
        for name, count in Counter(edge.on for edge in edges).items():
            if count > 1:
                yield module.finding(
                    f"dependency on {name!r} is given {count} times", name, within="depends_on"
                )
    yield from _observations(entries)
    yield from _rules(entries, known)
    for cause in entries.causes:
        yield from known.missing(cause, "module", cause.value.module, "modules")
        for remedy in cause.value.remedy:
            yield from known.missing(cause, "remedy", remedy.step, "steps")


def _duplicates(entries: Entries) -> Iterator[Finding]:
    for kind in ("modules", "rules", "causes", "steps"):
        yield from _given_twice(getattr(entries, kind))
    yield from _given_twice((*entries.observations, *entries.facts))


def _given_twice(found: Iterable[Entry[Any]]) -> Iterator[Finding]:
    first: dict[str, Entry[Any]] = {}
    for entry in found:
        earlier = first.setdefault(entry.value.id, entry)
        if earlier is not entry:
            yield entry.finding(f"id {entry.value.id!r} is already used at {earlier.place}", entry.value.id)


def _scale_words(entries: Entries) -> Iterator[Finding]:
    scale = entries.base.value.scale
    for module in entries.modules:
        yield from unknown_word(module, "frequency", module.value.frequency, scale.frequencies)
        for edge in module.value.depends_on:
            yield from unknown_word(module, "strength of a dependency", edge.strength, scale.propagation)
    for cause in entries.causes:
        yield from unknown_word(cause, "frequency", cause.value.frequency, scale.frequencies)
        for remedy in cause.value.remedy:
            yield from unknown_word(cause, "word for cures", remedy.cures, scale.cures)
    for rule in entries.rules:
        for conclusion in rule.value.then:
            if conclusion.verb is not Verb.DERIVES:
                yield from unknown_word(rule, "strength", conclusion.strength, scale.strengths)


def _observations(entries: Entries) -> Iterator[Finding]:
    languages = {entry.value.code for entry in entries.languages}
    for entry in entries.observations:
        observation = entry.value
        for language in observation.signs.phrases:
            yield from unknown_word(entry, "language", language, languages)
        for pattern in (*observation.signs.log, *observation.signs.recovered, *observation.signs.prose):
            yield from _pattern_fault(entry, pattern)
        if observation.values and observation.value is not ValueKind.WORD:
            yield entry.finding("'values' needs 'value: word'", "values")


def _pattern_fault(entry: Entry[Any], pattern: str) -> Iterator[Finding]:
    try:
        if re.compile(pattern).match(""):
            yield entry.finding(f"pattern {pattern!r} matches the empty text", pattern)
    except re.error as error:
        yield entry.finding(f"pattern {pattern!r} is not a regular expression: {error}", pattern)


def _rules(entries: Entries, known: Known) -> Iterator[Finding]:
    for entry in entries.rules:
        rule = entry.value
        if not (rule.when.all or rule.when.any):
            yield entry.finding(f"rule {rule.id!r} needs a condition under 'all' or 'any'")
        if not rule.then:
            yield entry.finding(f"rule {rule.id!r} concludes nothing")
        for condition in (*rule.when.all, *rule.when.any):
            yield from _condition(entry, condition, known)
        for fact in rule.when.unless:
            yield from known.missing(entry, "when", fact, "facts")
        for conclusion in rule.then:
            yield from known.missing(entry, "then", conclusion.target, target_section(conclusion.verb))


def _condition(entry: Entry[RuleEntry], condition: Condition, known: Known) -> Iterator[Finding]:
    name = condition.fact
    if name in known.facts:
        if condition.state is State.ABSENT:
            yield entry.finding(f"{name!r} is derived and never observed absent; use 'unless'", name)
        if condition.test is not None:
            yield entry.finding(f"{name!r} is derived and has no value to test", name)
        return
    yield from known.missing(entry, "when", name, "observations", "facts")
    if name not in known.observations or condition.test is None:
        return
    observation, test = known.observations[name], condition.test
    number = observation.value is ValueKind.NUMBER
    if observation.value is ValueKind.NONE:
        yield entry.finding(f"{name!r} has no value to test", name)
    elif number != isinstance(test.operand, float):
        yield entry.finding(f"{name!r} is a {observation.value}, compared with {test.operand!r}", name)
    elif observation.values and test.comparison in (Comparison.IS, Comparison.IS_NOT):
        yield from unknown_word(entry, f"value of {name}", str(test.operand), observation.values)
