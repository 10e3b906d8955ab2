"""The corridor: observations walk through inference, ranking and remediation, and leave as a diagnosis."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from attrs import field, frozen

from campaign_rules import ranking, remediation, report
from campaign_rules.errors import InputError, UnknownNameError, did_you_mean
from campaign_rules.inference import Engine, Proof, compile_program, make_engine, prove
from campaign_rules.model import (
    Conclusion,
    Evidence,
    Fact,
    Firing,
    KnowledgeBase,
    NextCheck,
    Observation,
    Result,
    State,
    Verb,
)
from campaign_rules.observations import Given, canonical, facts_of
from campaign_rules.rule_base import shipped_knowledge

OPERATING_SYSTEM, HOSTING, BUILD = "ctx-os", "ctx-hosting", "ctx-build"
"""The observations of the vocabulary that describe the platform."""


@frozen(eq=False, kw_only=True)
class Diagnosis(Result):
    """A result that can be asked. Holds the knowledge base, the proof and the ranking it rests on."""

    knowledge: KnowledgeBase = field(repr=False)
    proof: Proof = field(repr=False)
    ranking: ranking.Ranking = field(repr=False)

    def why(self, module: str) -> str:
        """Return why `module` is suspected: every weight of evidence, with the rules and facts behind it.

        Raises UnknownNameError for a module that the knowledge base does not have.
        """
        self._known(module)
        return report.why(self, self.knowledge, self.proof.derivation, module)

    def why_not(self, module: str) -> str:
        """Return what is missing or speaks against `module`, rule by rule.

        Raises UnknownNameError for a module that the knowledge base does not have.
        """
        self._known(module)
        return report.why_not(self, self.knowledge, module)

    def explanation(self, module: str) -> dict[str, Any]:
        """Return what `why` and `why_not` tell as plain data under these two keys, ready for JSON.

        Raises UnknownNameError for a module that the knowledge base does not have.
        """
        self._known(module)
        return {
            "why": report.why_to_dict(self, self.knowledge, self.proof.derivation, module),
            "why_not": report.why_not_to_dict(self, self.knowledge, module),
        }

    def next_checks_besides(self, asked: Iterable[str]) -> tuple[NextCheck, ...]:
        """Return the next checks with none of the observations `asked`, which somebody could not answer.

        Raises UnknownNameError for an observation that the knowledge base does not have.
        """
        told = canonical(asked, self.knowledge.observations)
        return ranking.next_checks(self.knowledge, self.ranking, (*self.observations, *told), self.language)

    def with_(self, *given: Given) -> Diagnosis:
        """Return the diagnosis that these observations would make of this one, if they were there too.

        Raises UnknownNameError or InputError as `diagnose` does.
        """
        added = canonical(given, self.knowledge.observations)
        answered = {(one.id, one.instance) for one in added}
        kept = [one for one in self.observations if (one.id, one.instance) not in answered]
        return diagnose([*kept, *added], knowledge=self.knowledge, language=self.language)

    def without(self, *given: Given) -> Diagnosis:
        """Return the diagnosis without these observations, whatever their state and value.

        Raises UnknownNameError for an observation that the knowledge base does not have, InputError for one
        that was not made.
        """
        dropped = {(one.id, one.instance) for one in canonical(given, self.knowledge.observations)}
        made = {(one.id, one.instance) for one in self.observations}
        for name, _ in sorted(dropped - made):
            raise InputError(f"{name!r} was not observed{did_you_mean(name, [known for known, _ in made])}")
        kept = [one for one in self.observations if (one.id, one.instance) not in dropped]
        return diagnose(kept, knowledge=self.knowledge, language=self.language)

    def to_frame(self, part: str = "suspects", library: str = "") -> Any:
        """Return a part of the diagnosis as a data frame of pandas or Polars.

        `part` is "suspects", "evidence" (one row for each weight of each suspect), "plan", "observations" or
        "next_checks". `library` is "pandas" or "polars", or "" for the first of them that is installed.

        Raises UnknownNameError for another part or library, InputError where no such library is installed.
        """
        return report.to_frame(self, self.knowledge, part, library)

    def to_dict(self) -> dict[str, Any]:
        """Return the versioned result schema, ready for JSON."""
        return report.result_to_dict(self, self.knowledge)

    def _repr_html_(self) -> str:
        return report.render_fragment(self, self.knowledge, self.proof.derivation)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": report.render_text(self, self.knowledge), "text/html": self._repr_html_()}

    def _known(self, module: str) -> None:
        if module not in self.knowledge.modules:
            raise UnknownNameError("module", module, self.knowledge.modules)


def diagnose(
    observations: Iterable[Given] = (),
    *,
    knowledge: KnowledgeBase | None = None,
    language: str = "en",
    engine: str = "auto",
    next_checks: bool = True,
) -> Diagnosis:
    """Diagnose an incident: rank the root causes of `observations` and plan the remedy.

    `observations` are `Observation`s or their short notation (``"mails-not-sent"``,
    ``"ctx-os=linux"``, ``"process-missing-mta@prod"``, ``"!process-missing-stat"`` for one that is absent).
    The result depends on the set of them only, not on their order. What an `Evidence` says was not
    understood is handed on. `engine` is "auto", "durable" or "semi-naive"; all give the same result.
    `next_checks`, which take most of the time, can be left out.

    Raises UnknownNameError for an observation, language or engine that does not exist, InputError
    for a value of the wrong type, EngineLimitError when the rule base is too large for the engine.
    """
    report.wording(language)
    base = knowledge or shipped_knowledge()
    missed = observations.not_understood if isinstance(observations, Evidence) else ()
    observed = canonical(observations, base.observations)
    facts = facts_of(observed)
    firings = _engine(base, engine).fire(facts)
    proof = prove(base.rules, firings, facts)
    ranked = ranking.rank(base, weigh(base, firings, proof))
    plan, cost = remediation.plan(base, ranked.suspects, ranked.causes, _platform(observed), language)
    return Diagnosis(
        language=language,
        knowledge_version=base.version,
        knowledge_fingerprint=base.fingerprint,
        observations=observed,
        suspects=ranked.suspects,
        none_probability=ranked.none_probability,
        elsewhere_probability=ranked.elsewhere_probability,
        plan=plan,
        expected_minutes=cost.planned,
        likeliest_first_minutes=cost.likeliest_first,
        cheapest_first_minutes=cost.cheapest_first,
        next_checks=ranking.next_checks(base, ranked, observed, language) if next_checks else (),
        unused=_unused(base, observed, proof, facts),
        unexplained=ranked.unexplained,
        second_fault=ranked.second_fault,
        not_understood=tuple(sorted(set(missed))),
        firings=firings,
        knowledge=base,
        proof=proof,
        ranking=ranked,
    )


@lru_cache(maxsize=16)
def _engine(base: KnowledgeBase, name: str) -> Engine:
    return make_engine(compile_program(base.rules), name)


def weigh(base: KnowledgeBase, firings: Iterable[Firing], proof: Proof) -> list[ranking.Evidence]:
    """Turn what the firings conclude about modules and causes into weights of evidence."""
    return [
        _evidence(base, firing, conclusion, proof.leaves(firing))
        for firing in firings
        for conclusion in base.rules[firing.rule].then
        if conclusion.verb is not Verb.DERIVES
    ]


def _evidence(
    base: KnowledgeBase, firing: Firing, conclusion: Conclusion, leaves: tuple[Fact, ...]
) -> ranking.Evidence:
    names = sorted({leaf.name for leaf in leaves})
    names = [name for name in names if not base.observations[name].context] or names
    speaks_for = conclusion.verb in (Verb.IMPAIRS, Verb.SUPPORTS)
    decibans = base.scale.strengths[conclusion.strength]
    return ranking.Evidence(
        verb=conclusion.verb,
        target=conclusion.target,
        instance=firing.instance,
        rule=firing.rule,
        decibans=decibans if speaks_for else -decibans,
        leaves=tuple(names),
        groups=tuple(base.observations[name].group or name for name in names),
    )


def _platform(observed: Iterable[Observation]) -> remediation.Platform:
    """Read the platform from the observations; what they contradict each other about is unknown."""
    observed = tuple(observed)
    present = [item for item in observed if item.state is State.PRESENT]

    def only(values: Iterable[object]) -> object:
        found = set(values)
        return found.pop() if len(found) == 1 else ""

    return remediation.Platform(
        os=str(only(item.value for item in present if item.id == OPERATING_SYSTEM)),
        hosting=str(only(item.value for item in present if item.id == HOSTING)),
        build=int(max((float(item.value or 0) for item in present if item.id == BUILD), default=0)),
        instance=str(only(item.instance for item in observed if item.instance)),
    )


def _unused(
    base: KnowledgeBase, observed: Iterable[Observation], proof: Proof, facts: Iterable[Fact]
) -> tuple[str, ...]:
    facts = tuple(facts)
    used = {fact.name for fact in facts} - {fact.name for fact in proof.unused(facts)}
    idle = {item.id for item in observed if item.id not in used and not base.observations[item.id].context}
    return tuple(sorted(idle))
