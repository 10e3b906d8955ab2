"""Why a module is suspected, and why not: the proof in words."""

from __future__ import annotations

from collections.abc import Iterator

from campaign_rules.model import (
    Condition,
    Fact,
    KnowledgeBase,
    Prospect,
    Result,
    Rule,
    SecondFault,
    State,
    Suspect,
    Verb,
)
from campaign_rules.report.proof_tree import Derivation, Proved, concluded, proofs, stated
from campaign_rules.report.wording import wording
from campaign_rules.texts import text_in
from campaign_rules.values import predicate

_SPEAKING_FOR = (Verb.IMPAIRS, Verb.SUPPORTS)


def why(result: Result, knowledge: KnowledgeBase, derivation: Derivation, module: str) -> str:
    """Return, for each instance of `module` that is suspected, its weights of evidence and their proof."""
    words = wording(result.language)
    suspects = [suspect for suspect in result.suspects if suspect.module == module]
    if not suspects:
        return words["not_a_suspect"].format(module=module)
    return "\n\n".join("\n".join(_reasons(suspect, result, knowledge, derivation)) for suspect in suspects)


def why_not(result: Result, knowledge: KnowledgeBase, module: str) -> str:
    """Return what speaks against `module`, and which conditions its rules are still missing."""
    words = wording(result.language)
    lines = [_standing(result, module)]
    firings = {firing.rule for firing in result.firings}
    about = {module, *(cause.id for cause in knowledge.causes.values() if cause.module == module)}
    rules = [
        rule
        for _, rule in sorted(knowledge.rules.items())
        if any(conclusion.target in about for conclusion in rule.then)
    ]
    against = [
        line for rule in rules if rule.id in firings for line in _against(rule, about, result, knowledge)
    ]
    open_rules = [
        line
        for rule in rules
        if rule.id not in firings
        and any(one.verb in _SPEAKING_FOR and one.target in about for one in rule.then)
        for line in _gaps(rule, about, result, knowledge)
    ]
    if against:
        lines += [f"{words['against']}:", *against]
    if open_rules:
        lines += [f"{words['would_support']}:", *open_rules]
    if not rules:
        lines.append(words["no_rules"].format(module=module))
    return "\n".join(lines)


def named(suspect: Suspect | Prospect | SecondFault) -> str:
    """Return ``module`` or ``module@instance``."""
    return f"{suspect.module}@{suspect.instance}" if suspect.instance else suspect.module


def percent(probability: float) -> str:
    """Return a probability as a whole percentage, never rounded to certainty."""
    if 0 < probability < 0.01:
        return "< 1 %"
    if 0.99 < probability < 1:
        return "> 99 %"
    return f"{100 * probability:.0f} %"


def _reasons(
    suspect: Suspect, result: Result, knowledge: KnowledgeBase, derivation: Derivation
) -> Iterator[str]:
    words = wording(result.language)
    yield f"{named(suspect)}  {percent(suspect.probability)}"
    if suspect.cause:
        label = text_in(knowledge.causes[suspect.cause].label, result.language)
        yield f"  {label}  {percent(suspect.cause_probability)}"
    yield f"  {suspect.prior_decibans:+6.1f} dB  {words['prior']}"
    for weight in suspect.evidence:
        label = text_in(knowledge.observations[weight.observation].label, result.language)
        through = f"  ({words['through']} {weight.through})" if weight.through else ""
        yield f"  {weight.decibans:+6.1f} dB  {label}{through}"
    for proved in proofs(suspect, result, knowledge, derivation):
        yield from _proof(proved, result.language, "  ")


def _proof(proved: Proved, language: str, indent: str) -> Iterator[str]:
    words = wording(language)
    note = f"  [{words['inferred']}]" if proved.inferred else ""
    yield f"{indent}{proved.rule}: {proved.concludes}{note}"
    for ground in proved.because:
        yield f"{indent}  {words['because']} {ground.stated}"
        for place in ground.places:
            yield f"{indent}    {place.source}:{place.line}  {place.text}"
        if ground.proof:
            yield from _proof(ground.proof, language, indent + "    ")
    for label in proved.not_derived:
        yield f"{indent}  {words['not_derived']} {label}"
    for source in proved.source:
        yield f"{indent}  {words['source']}: {source}"


def _standing(result: Result, module: str) -> str:
    words = wording(result.language)
    for rank, suspect in enumerate(result.suspects, start=1):
        if suspect.module == module:
            return words["is_suspect"].format(
                module=named(suspect), rank=rank, probability=percent(suspect.probability)
            )
    return words["not_a_suspect"].format(module=module)


def _against(rule: Rule, about: set[str], result: Result, knowledge: KnowledgeBase) -> Iterator[str]:
    words = wording(result.language)
    for conclusion in rule.then:
        if conclusion.target in about and conclusion.verb not in (*_SPEAKING_FOR, Verb.DERIVES):
            yield f"  {rule.id}: {concluded(conclusion, result.language)}"
            supports = {
                fact for firing in result.firings if firing.rule == rule.id for fact in firing.supports
            }
            for fact in sorted(supports, key=lambda fact: fact.sort_key):
                yield f"    {words['because']} {stated(fact, result, knowledge)}"


def _gaps(rule: Rule, about: set[str], result: Result, knowledge: KnowledgeBase) -> Iterator[str]:
    words = wording(result.language)
    yield f"  {rule.id}: " + ", ".join(
        concluded(one, result.language) for one in rule.then if one.target in about
    )
    derived = {one.target for firing in result.firings for one in knowledge.rules[firing.rule].then}
    for condition in (*rule.all, *rule.any):
        if not _holds(condition, result, derived):
            contrary = any(
                item.id == condition.fact and item.state is not State.UNKNOWN for item in result.observations
            )
            gap = words["contradicted" if contrary else "missing"]
            yield f"    {gap}: {stated(Fact(condition.fact, condition.state), result, knowledge)}"
    for fact in rule.unless:
        if fact in derived:
            label = text_in(knowledge.facts[fact].label, result.language)
            yield f"    {words['contradicted']}: {label}"


def _holds(condition: Condition, result: Result, derived: set[str]) -> bool:
    return condition.fact in derived or any(
        item.id == condition.fact
        and item.state is condition.state
        and (condition.test is None or predicate(condition.test)(item.value))
        for item in result.observations
    )
