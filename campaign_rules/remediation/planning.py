"""From ranked suspects to an ordered plan of steps."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from campaign_rules.model import Cause, Disruption, KnowledgeBase, PlannedStep, Step, StepKind, Suspect
from campaign_rules.remediation.ordering import (
    RepairProblem,
    chance_of_cure,
    expected_cost,
    naive_order,
    order_steps,
)
from campaign_rules.remediation.platform import (
    Platform,
    applies,
    make_concrete,
    name_instance,
    needs_instance,
)
from campaign_rules.texts import text_in

Fault = tuple[str, str, str]
"""A cause in a module: module id, instance, cause id."""

Task = tuple[str, str]
"""A step and the instance it is done for, "" when its commands do not name one."""

TREATED_PROBABILITY = 0.02
ACTS = 12
THIN_PROBABILITY = 0.5
LEADING_SUSPECTS = 3
UNREFUTED = 0.5
"""Share of the likeliest cause's probability that a common cause must have to be presumed at work."""
SHORTEST_MINUTES = 0.1
COMMON = "common"
CALM = (Disruption.NONE, Disruption.LOW, Disruption.HIGH)


@frozen
class _Treatment:
    """How one fault is treated: its tasks in order, with the probability that each cures it."""

    fault: Fault
    probability: float
    tasks: tuple[tuple[Task, float], ...]


@frozen
class Cost:
    """The expected cost in minutes of the plan, and of the same steps in two naive orders."""

    planned: float = 0.0
    likeliest_first: float = 0.0
    cheapest_first: float = 0.0


def plan(
    knowledge: KnowledgeBase,
    suspects: Sequence[Suspect],
    causes: Mapping[Fault, float],
    platform: Platform | None = None,
    language: str = "en",
) -> tuple[tuple[PlannedStep, ...], Cost]:
    """Return the steps to take, in order, and the expected cost of the plan.

    `causes` are the posteriors of the known causes. Treated are, within the suspects, the causes of at least
    `TREATED_PROBABILITY`, the causes named with the leading suspects, and those commonly at work, and not
    refuted, in a suspect of which no cause is known; likeliest first, up to `ACTS` steps that change
    something. A cause is treated in the order of its remedy, checks first; a step that several causes share
    is done once. While no suspect has `THIN_PROBABILITY`, the checks of the leading suspects come before
    everything else, by the probability of the causes that they concern per minute. The cost counts a
    disruption as minutes, and a step only as far as the steps before it are expected to have failed.
    """
    place = platform or Platform()
    treatments = _treatments(knowledge, suspects, causes, place)
    tasks = sorted(
        {task for treatment in treatments for task, _ in treatment.tasks},
        key=lambda task: _calm_first(knowledge.steps[task[0]], task),
    )
    names = {task: f"{position:04}" for position, task in enumerate(tasks)}
    problem = _problem(knowledge, treatments, names)
    by_name = {name: task for task, name in names.items()}
    order = [by_name[name] for name in order_steps(list(names.values()), problem)]
    if suspects and suspects[0].probability < THIN_PROBABILITY:
        checks = _checks(knowledge, names, problem, treatments, suspects[:LEADING_SUSPECTS])
        order = [*checks, *(task for task in order if task not in checks)]
    ids = list(names.values())
    cost = Cost(
        expected_cost([names[task] for task in order], problem),
        expected_cost(naive_order(ids, problem, lambda step: chance_of_cure(step, problem)), problem),
        expected_cost(naive_order(ids, problem, lambda step: -problem.costs[step]), problem),
    )
    return tuple(_planned(knowledge, task, treatments, suspects, place, language) for task in order), cost


def _treatments(
    knowledge: KnowledgeBase, suspects: Sequence[Suspect], causes: Mapping[Fault, float], platform: Platform
) -> tuple[_Treatment, ...]:
    cause_known = {(suspect.module, suspect.instance): bool(suspect.cause) for suspect in suspects}
    named = {(suspect.module, suspect.instance, suspect.cause) for suspect in suspects[:LEADING_SUSPECTS]}
    suspected = [fault for fault in causes if fault[:2] in cause_known]
    likeliest: dict[tuple[str, str], float] = {}
    for module, instance, cause_id in suspected:
        probability = causes[module, instance, cause_id]
        likeliest[module, instance] = max(probability, likeliest.get((module, instance), 0.0))
    chosen: list[_Treatment] = []
    acts: set[Task] = set()
    for fault in sorted(suspected, key=lambda fault: (-round(causes[fault], 12), fault)):
        module, instance, cause_id = fault
        cause = knowledge.causes[cause_id]
        unrefuted = causes[fault] >= UNREFUTED * likeliest[module, instance]
        presumed = cause.frequency == COMMON and unrefuted and not cause_known[module, instance]
        if causes[fault] < TREATED_PROBABILITY and not presumed and fault not in named:
            continue
        tasks = _remedy(knowledge, cause, instance, platform)
        needed = acts | {task for task, _ in tasks if knowledge.steps[task[0]].kind is StepKind.ACT}
        if tasks and len(needed) <= ACTS:
            acts = needed
            chosen.append(_Treatment(fault, causes[fault], tasks))
    return tuple(chosen)


def _remedy(
    knowledge: KnowledgeBase, cause: Cause, instance: str, platform: Platform
) -> tuple[tuple[Task, float], ...]:
    """Return the tasks of a cause, checks before acts; a check cures nothing."""
    checks: dict[Task, float] = {}
    acts: dict[Task, float] = {}
    for remedy in cause.remedy:
        step = knowledge.steps[remedy.step]
        if not applies(step, platform):
            continue
        task = (step.id, instance or platform.instance) if needs_instance(step) else (step.id, "")
        if step.kind is StepKind.CHECK:
            checks[task] = 0.0
        else:
            acts[task] = max(acts.get(task, 0.0), knowledge.scale.cures[remedy.cures])
    return (*checks.items(), *acts.items())


def _calm_first(step: Step, task: Task) -> tuple[int, bool, Task]:
    return (CALM.index(step.disruption), step.kind is StepKind.ACT, task)


def _problem(
    knowledge: KnowledgeBase, treatments: Iterable[_Treatment], names: Mapping[Task, str]
) -> RepairProblem:
    probabilities: dict[str, float] = {}
    cures: dict[str, dict[str, float]] = {name: {} for name in names.values()}
    precedence: list[tuple[str, str]] = []
    for treatment in treatments:
        fault = "/".join(treatment.fault)
        probabilities[fault] = treatment.probability
        for task, cure in treatment.tasks:
            if cure:
                cures[names[task]][fault] = cure
        chain = [names[task] for task, _ in treatment.tasks]
        precedence += itertools.pairwise(chain)
    costs = {
        name: max(step.minutes + knowledge.scale.disruption_minutes[step.disruption], SHORTEST_MINUTES)
        for task, name in names.items()
        for step in [knowledge.steps[task[0]]]
    }
    return RepairProblem(probabilities, cures, costs, tuple(precedence))


def _checks(
    knowledge: KnowledgeBase,
    names: Mapping[Task, str],
    problem: RepairProblem,
    treatments: Iterable[_Treatment],
    leading: Iterable[Suspect],
) -> list[Task]:
    """Return the checks of the leading suspects: what concerns the likeliest causes per minute comes first.

    They depend on no act.
    """
    nodes = {(suspect.module, suspect.instance) for suspect in leading}
    concerned: dict[Task, float] = {}
    for treatment in treatments:
        if treatment.fault[:2] in nodes:
            for task, _ in treatment.tasks:
                if knowledge.steps[task[0]].kind is StepKind.CHECK:
                    concerned[task] = concerned.get(task, 0.0) + treatment.probability
    by_name = {names[task]: task for task in concerned}

    def value(name: str) -> float:
        return round(concerned[by_name[name]] / problem.costs[name], 12)

    return [by_name[name] for name in naive_order(sorted(by_name), problem, value)]


def _planned(
    knowledge: KnowledgeBase,
    task: Task,
    treatments: Iterable[_Treatment],
    suspects: Iterable[Suspect],
    platform: Platform,
    language: str,
) -> PlannedStep:
    step = knowledge.steps[task[0]]
    concrete = make_concrete(step, platform, task[1], language)
    treated = {treatment.fault[0] for treatment in treatments if task in dict(treatment.tasks)}
    return PlannedStep(
        step=step.id,
        kind=step.kind,
        action=concrete.action,
        command=concrete.command,
        performer=concrete.performer,
        disruption=step.disruption,
        minutes=step.minutes,
        addresses=tuple(dict.fromkeys(suspect.module for suspect in suspects if suspect.module in treated)),
        warning=text_in(step.warning, language),
        verify=name_instance(text_in(step.verify, language), task[1]),
        source=step.source,
    )
