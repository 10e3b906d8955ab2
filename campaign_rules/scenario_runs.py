"""Scenarios of a rule base, run: each an incident as data with the diagnosis it must give."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from campaign_rules.diagnosis import Diagnosis, diagnose
from campaign_rules.errors import CampaignRulesError
from campaign_rules.knowledge import Entry, Scenario
from campaign_rules.model import Fact, KnowledgeBase, State, Verb
from campaign_rules.observations import canonical, facts_of
from campaign_rules.reading import read_ticket


@frozen
class ScenarioRun:
    """What came of a scenario: its failures, one line each behind file and line; none if it passed.

    `fired` are the ids of rules, `facts` the observations and what was derived from them, `cause` is
    the cause of the first suspect.
    """

    scenario: str
    failures: tuple[str, ...]
    fired: frozenset[str] = frozenset()
    facts: frozenset[Fact] = frozenset()
    cause: str = ""


def run_scenario(entry: Entry[Scenario], knowledge: KnowledgeBase) -> ScenarioRun:
    """Diagnose the incident of `entry` and compare the outcome with what it expects."""
    scenario = entry.value
    try:
        diagnosis = diagnose_scenario(scenario, knowledge)
    except CampaignRulesError as error:
        return ScenarioRun(scenario.id, (entry.problem(f"scenario {scenario.id!r}: {error}"),))
    failures = tuple(
        entry.problem(f"scenario {scenario.id!r}: {failure}", word)
        for failure, word in _failures(scenario, diagnosis)
    )
    return ScenarioRun(
        scenario.id,
        failures,
        fired=frozenset(firing.rule for firing in diagnosis.firings),
        facts=frozenset(_facts(diagnosis, knowledge)),
        cause=diagnosis.suspects[0].cause if diagnosis.suspects else "",
    )


def diagnose_scenario(scenario: Scenario, knowledge: KnowledgeBase) -> Diagnosis:
    """Diagnose the incident that `scenario` describes. Raises as `diagnose` does."""
    read = read_ticket(scenario.ticket, scenario.attachments, knowledge=knowledge, redact=False)
    given = canonical(scenario.observe, knowledge.observations)
    denied = canonical(scenario.absent, knowledge.observations, State.ABSENT)
    return diagnose((*read, *given, *denied), knowledge=knowledge, language=scenario.language)


def _facts(diagnosis: Diagnosis, knowledge: KnowledgeBase) -> Iterator[Fact]:
    yield from facts_of(diagnosis.observations)
    for firing in diagnosis.firings:
        for conclusion in knowledge.rules[firing.rule].then:
            if conclusion.verb is Verb.DERIVES:
                yield Fact(conclusion.target, instance=firing.instance)


def _failures(scenario: Scenario, diagnosis: Diagnosis) -> Iterator[tuple[str, str]]:
    expect = scenario.expect
    ranked = list(dict.fromkeys(suspect.module for suspect in diagnosis.suspects))
    shown = ", ".join(f"{one.module} {one.probability:.2f}" for one in diagnosis.suspects[:4]) or "no suspect"
    first = diagnosis.suspects[0] if diagnosis.suspects else None
    steps = [step.step for step in diagnosis.plan]
    found = {state: {item.id for item in diagnosis.observations if item.state is state} for state in State}
    if expect.nothing and first:
        yield f"expected no suspect, got {shown}", "nothing"
    if expect.root and ranked[:1] != [expect.root]:
        yield f"expected root {expect.root}, got {shown}", "root"
    if expect.cause and (first is None or first.cause != expect.cause):
        yield f"expected cause {expect.cause}, got {first.cause if first else ''!r}", "cause"
    for module in expect.suspects:
        if module not in ranked[:3]:
            yield f"expected {module} among the first three, got {shown}", module
    for module in expect.not_suspects:
        if module in ranked:
            yield f"{module} must not be suspected, got {shown}", module
    for module in expect.explains:
        if first is None or module not in {
            name for full in first.explains for name in (full, full.partition("@")[0])
        }:
            yield (
                f"expected {module} to be explained, got {', '.join(first.explains) if first else shown}",
                module,
            )
    if expect.first_step and steps[:1] != [expect.first_step]:
        yield f"expected first step {expect.first_step}, got {', '.join(steps) or 'none'}", "first_step"
    for step in expect.steps:
        if step not in steps:
            yield f"expected step {step}, got {', '.join(steps) or 'none'}", step
    for step in expect.not_steps:
        if step in steps:
            yield f"step {step} must not be in the plan", step
    for ids, state in ((expect.observations, State.PRESENT), (expect.absent, State.ABSENT)):
        for name in ids:
            if name not in found[state]:
                yield f"expected {name} {state}, got {', '.join(sorted(found[state])) or 'none'}", name
