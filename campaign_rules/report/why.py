"""Why a module is suspected, and why not: the proof in words."""

from __future__ import annotations

from collections.abc import Iterator

from campaign_rules.model import (
    Fact,
    KnowledgeBase,
    Prospect,
    Result,
    SecondFault,
    Suspect,
)
from campaign_rules.report.objections import Gap, Objection, objections
from campaign_rules.report.proof_tree import Derivation, Proved, concluded, proofs, stated
from campaign_rules.report.wording import wording
from campaign_rules.texts import text_in


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
    found = objections(result, knowledge, module)
    against = [line for one in found.against for line in _against(one, result, knowledge)]
    open_rules = [line for one in found.gaps for line in _gap(one, result, knowledge)]
    if against:
        lines += [f"{words['against']}:", *against]
    if open_rules:
        lines += [f"{words['would_support']}:", *open_rules]
    if not found.has_rules:
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


def _against(one: Objection, result: Result, knowledge: KnowledgeBase) -> Iterator[str]:
    yield f"  {one.rule}: {concluded(one.conclusion, result.language)}"
    for fact in one.because:
        yield f"    {wording(result.language)['because']} {stated(fact, result, knowledge)}"


def _gap(one: Gap, result: Result, knowledge: KnowledgeBase) -> Iterator[str]:
    words = wording(result.language)
    yield f"  {one.rule}: " + ", ".join(concluded(each, result.language) for each in one.concludes)
    for unmet in one.unmet:
        gap = words["contradicted" if unmet.contradicted else "missing"]
        fact = Fact(unmet.condition.fact, unmet.condition.state)
        yield f"    {gap}: {stated(fact, result, knowledge)}"
    for name in one.blocked_by:
        yield f"    {words['contradicted']}: {text_in(knowledge.facts[name].label, result.language)}"
