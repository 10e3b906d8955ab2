"""A small knowledge base with remedies, written in code."""

from __future__ import annotations

from collections.abc import Iterable

from campaign_rules.model import (
    Cause,
    Command,
    Disruption,
    KnowledgeBase,
    Module,
    Performer,
    Place,
    Remedy,
    Scale,
    Scope,
    Step,
    StepKind,
    Suspect,
)

SCALE = Scale(
    strengths={},
    propagation={},
    frequencies={"common": 1.0, "occasional": 0.4, "rare": 0.1},
    cures={"usually": 0.8, "sometimes": 0.3},
    disruption_minutes={"none": 0.0, "low": 3.0, "high": 30.0},
)


def act(id_: str, minutes: float = 5.0, disruption: Disruption = Disruption.NONE, **rest) -> Step:
    return Step(id_, {"en": f"Do {id_}."}, StepKind.ACT, minutes=minutes, disruption=disruption, **rest)


def check(id_: str, minutes: float = 1.0, **rest) -> Step:
    return Step(id_, {"en": f"Look at {id_}."}, StepKind.CHECK, minutes=minutes, **rest)


RESTART = Step(
    "restart",
    {"en": "Restart the module.", "it": "Riavvia il modulo."},
    commands=(Command("nlserver restart mta@<instance>"),),
    disruption=Disruption.LOW,
    minutes=2.0,
    warning={"en": "Work in progress waits."},
    verify={"en": "The module is listed again.", "it": "Il modulo è di nuovo in elenco."},
    performer=Performer.ADMINISTRATOR,
    source=("production/using/usual-commands.md#module-launch-commands",),
)
STEPS = (RESTART, act("clean", 10.0), act("console", place=Place.CONSOLE), check("logs"), check("disk"))


def knowledge_base(causes: Iterable[Cause], steps: Iterable[Step] = STEPS) -> KnowledgeBase:
    return KnowledgeBase(
        version="1",
        fingerprint="",
        scale=SCALE,
        modules={
            "mta": Module("mta", {}, Scope.INSTANCE),
            "web": Module("web", {}, Scope.INSTANCE),
            "db": Module("db", {}),
        },
        dependencies=(),
        observations={},
        facts={},
        rules={},
        causes={cause.id: cause for cause in causes},
        steps={step.id: step for step in steps},
        languages={},
    )


def cause(id_: str, module: str, *steps: str, frequency: str = "occasional", cures: str = "usually") -> Cause:
    return Cause(id_, module, {}, frequency, tuple(Remedy(step, cures) for step in steps))


def suspect(module: str, probability: float = 0.9, known: str = "known", instance: str = "") -> Suspect:
    return Suspect(module, instance, probability, known, probability if known else 0.0)
