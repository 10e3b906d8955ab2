"""The proof behind a suspect as trees: rules, the facts they matched, and where these were observed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import frozen

from campaign_rules.model import (
    Conclusion,
    Fact,
    Firing,
    KnowledgeBase,
    Observation,
    Provenance,
    Result,
    State,
    Suspect,
)
from campaign_rules.report.wording import wording
from campaign_rules.texts import text_in

Derivation = Callable[[Fact], Firing | None]
"""Leads from a derived fact to the firing that proves it, from an observed one to None."""


@frozen
class Ground:
    """A fact that a rule matched: in words, where it was observed, and its proof if it was derived."""

    fact: Fact
    stated: str
    places: tuple[Provenance, ...]
    proof: Proved | None


@frozen
class Proved:
    """A firing in words: the rule, what it concludes, what it rests on, and where it is documented."""

    firing: Firing
    rule: str
    concludes: str
    inferred: bool
    because: tuple[Ground, ...]
    not_derived: tuple[str, ...]
    source: tuple[str, ...]


def proofs(
    suspect: Suspect, result: Result, knowledge: KnowledgeBase, derivation: Derivation
) -> tuple[Proved, ...]:
    """Return a tree for each firing of a rule that gives evidence for or against `suspect`, by rule."""
    rules = {weight.rule for weight in suspect.evidence}
    firings = sorted(
        (one for one in result.firings if one.rule in rules and suspect.instance in ("", one.instance)),
        key=lambda one: one.rule,
    )
    origins = _origins(result)
    return tuple(_proved(one, result, knowledge, derivation, origins, frozenset()) for one in firings)


def stated(fact: Fact, result: Result, knowledge: KnowledgeBase) -> str:
    """Return `fact` in words, with its value, and its state unless it is present."""
    known = knowledge.observations.get(fact.name) or knowledge.facts[fact.name]
    label = text_in(known.label, result.language)
    value = "" if fact.value is None else f" = {fact.value}"
    state = "" if fact.state is State.PRESENT else f" [{wording(result.language)[fact.state]}]"
    return f"{label}{value}{state}"


def concluded(conclusion: Conclusion, language: str) -> str:
    """Return a conclusion in words."""
    strength = f" ({conclusion.strength})" if conclusion.strength else ""
    return f"{wording(language)[conclusion.verb]} {conclusion.target}{strength}"


def _proved(
    firing: Firing,
    result: Result,
    knowledge: KnowledgeBase,
    derivation: Derivation,
    origins: Mapping[Fact, Observation],
    above: frozenset[Fact],
) -> Proved:
    def ground(fact: Fact) -> Ground:
        origin, proof = origins.get(fact), derivation(fact)
        below = None
        if proof is not None and fact not in above:
            below = _proved(proof, result, knowledge, derivation, origins, above | {fact})
        return Ground(fact, stated(fact, result, knowledge), origin.provenance if origin else (), below)

    rule = knowledge.rules[firing.rule]
    return Proved(
        firing,
        rule.id,
        ", ".join(concluded(one, result.language) for one in rule.then),
        rule.inferred,
        tuple(ground(fact) for fact in firing.supports),
        tuple(text_in(knowledge.facts[name].label, result.language) for name in firing.absences),
        rule.source,
    )


def _origins(result: Result) -> dict[Fact, Observation]:
    """Map each observed fact to its observation, in every layer of working memory that it may be in."""
    layers = {firing.instance for firing in result.firings} | {""}
    return {
        Fact(item.id, item.state, instance, item.value): item
        for item in result.observations
        for instance in ([item.instance] if item.instance else sorted(layers))
    }
