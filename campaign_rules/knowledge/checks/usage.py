"""Nothing idle: what is defined is produced and used, and every module and cause has a remedy."""

from __future__ import annotations

from collections.abc import Iterator

from campaign_rules.knowledge.checks.known import Known
from campaign_rules.knowledge.entries import Entries
from campaign_rules.knowledge.findings import Finding


def usage(entries: Entries, known: Known) -> Iterator[Finding]:
    """Find entries that nothing produces, uses or remedies.

    What an overlay leaves idle in the base below it is a warning.
    """
    rules = [entry.value for entry in entries.rules]
    used = {condition.fact for rule in rules for condition in (*rule.when.all, *rule.when.any)}
    used.update(fact for rule in rules for fact in rule.when.unless)
    concluded = {conclusion.target for rule in rules for conclusion in rule.then}
    remedied = {remedy.step for entry in entries.causes for remedy in entry.value.remedy}
    faulty = {entry.value.module for entry in entries.causes}
    for module in entries.modules:
        if module.value.id not in faulty:
            yield module.idle(f"module {module.value.id!r} has no cause, so nothing remedies it")
    for fact in entries.facts:
        if fact.value.id not in concluded:
            yield fact.idle(f"fact {fact.value.id!r} is derived by no rule")
        if fact.value.id not in used:
            yield fact.idle(f"fact {fact.value.id!r} is used by no rule")
    for observation in entries.observations:
        if observation.value.id not in used and not observation.value.context:
            yield observation.idle(f"observation {observation.value.id!r} is used by no rule")
    for cause in entries.causes:
        if cause.value.id not in concluded:
            yield cause.idle(f"cause {cause.value.id!r} is supported by no rule")
        if not cause.value.remedy:
            yield cause.finding(f"cause {cause.value.id!r} has no remedy", "remedy")
    for step in entries.steps:
        if step.value.id not in remedied:
            yield step.idle(f"step {step.value.id!r} is in no cause's remedy")
