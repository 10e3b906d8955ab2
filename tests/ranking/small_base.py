"""A small knowledge base written in code, and short ways to write evidence about it.

web and mta need the database; mta needs stat; wf needs mta. web, mta, stat and wf run per instance.
"""

from __future__ import annotations

from collections.abc import Iterable

from campaign_rules.model import (
    Cause,
    Conclusion,
    Condition,
    Dependency,
    KnowledgeBase,
    Module,
    ObservationType,
    Rule,
    Scale,
    Scope,
    State,
    Verb,
)
from campaign_rules.ranking import Evidence

SCALE = Scale(
    strengths={"faint": 1e-9, "weak": 3.0, "strong": 10.0, "certain": 20.0},
    propagation={"weak": 0.2, "medium": 0.5, "strong": 0.9},
    frequencies={"common": 1.0, "frequent": 0.8, "occasional": 0.4, "rare": 0.1},
    cures={"usually": 0.8, "sometimes": 0.3},
    disruption_minutes={"none": 0.0, "low": 3.0, "high": 30.0},
)


def observation(id_: str, *, minutes: float = 2.0, context: bool = False, group: str = "") -> ObservationType:
    return ObservationType(
        id_,
        {"en": id_.capitalize()},
        question={"en": f"Is it {id_}?", "it": f"C'è {id_}?"},
        how={"en": f"Look for {id_}."},
        minutes=minutes,
        context=context,
        group=group,
    )


def rule(
    id_: str, fact: str, verb: Verb, target: str, strength: str = "", state: State = State.PRESENT
) -> Rule:
    return Rule(id_, (Conclusion(verb, target, strength),), all=(Condition(fact, state),))


RULES = (
    rule("mta-down", "no-mail", Verb.IMPAIRS, "mta", "strong"),
    rule("mta-fine", "no-mail", Verb.CLEARS, "mta", "weak", State.ABSENT),
    rule("db-log", "db-error", Verb.DERIVES, "db-trouble"),
    rule("db-trouble", "db-trouble", Verb.IMPAIRS, "db", "certain"),
    rule("disk", "disk-full", Verb.SUPPORTS, "tablespace", "strong"),
    rule("disk-ok", "disk-full", Verb.REFUTES, "tablespace", "strong", State.ABSENT),
    rule("port", "port-taken", Verb.SUPPORTS, "port", "certain"),
    rule("os", "ctx-os", Verb.IMPAIRS, "web", "weak"),
    Rule(
        "both",
        (Conclusion(Verb.IMPAIRS, "web", "strong"),),
        all=(Condition("no-mail"), Condition("slow")),
    ),
)


def knowledge_base(
    modules: Iterable[Module] | None = None,
    dependencies: Iterable[Dependency] | None = None,
    causes: Iterable[Cause] | None = None,
    rules: Iterable[Rule] = RULES,
    observations: Iterable[ObservationType] | None = None,
) -> KnowledgeBase:
    modules = modules or (
        Module("db", {"en": "Database"}, Scope.MACHINE, frequency="occasional"),
        Module("mta", {"en": "MTA"}, Scope.INSTANCE, frequency="common"),
        Module("stat", {"en": "Statistics"}, Scope.INSTANCE, frequency="common"),
        Module("web", {"en": "Web"}, Scope.INSTANCE, frequency="common"),
        Module("wf", {"en": "Workflow"}, Scope.INSTANCE, frequency="occasional"),
    )
    dependencies = dependencies or (
        Dependency("web", "db", "strong"),
        Dependency("mta", "db", "strong"),
        Dependency("mta", "stat", "medium"),
        Dependency("wf", "mta", "medium"),
    )
    causes = causes or (
        Cause("tablespace", "db", {"en": "Disk full"}, "occasional"),
        Cause("locks", "db", {"en": "Locks"}, "rare"),
        Cause("port", "stat", {"en": "Port taken"}, "common"),
    )
    observations = observations or (
        observation("ctx-os", context=True),
        observation("db-error", group="db-log"),
        observation("disk-full", minutes=1.0),
        observation("no-mail"),
        observation("port-taken"),
        observation("slow"),
    )
    return KnowledgeBase(
        version="1",
        fingerprint="",
        scale=SCALE,
        modules={item.id: item for item in modules},
        dependencies=tuple(dependencies),
        observations={item.id: item for item in observations},
        facts={},
        rules={item.id: item for item in rules},
        causes={item.id: item for item in causes},
        steps={},
        languages={},
    )


def evidence(
    verb: Verb,
    target: str,
    decibans: float,
    *leaves: str,
    instance: str = "",
    rule_id: str = "",
    groups: tuple[str, ...] = (),
) -> Evidence:
    leaves = leaves or (f"{target}-seen",)
    return Evidence(
        verb, target, instance, rule_id or f"{verb}-{target}-{decibans:g}", decibans, leaves, groups or leaves
    )


def impairs(target: str, decibans: float = 10.0, *leaves: str, instance: str = "") -> Evidence:
    return evidence(Verb.IMPAIRS, target, decibans, *leaves, instance=instance)


def clears(target: str, decibans: float = 10.0, *leaves: str, instance: str = "") -> Evidence:
    return evidence(Verb.CLEARS, target, -decibans, *leaves, instance=instance)


def supports(target: str, decibans: float = 10.0, *leaves: str, instance: str = "") -> Evidence:
    return evidence(Verb.SUPPORTS, target, decibans, *leaves, instance=instance)


def refutes(target: str, decibans: float = 10.0, *leaves: str, instance: str = "") -> Evidence:
    return evidence(Verb.REFUTES, target, -decibans, *leaves, instance=instance)
