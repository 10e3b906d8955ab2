"""How many questions it takes until the true module has a posterior of .9: suggested against random order.

Incidents are drawn from a knowledge base: a cause by its frequency, the impaired modules by the dependencies,
and the answers by the rates that the rules imply. Each starts from two symptoms. At random are asked the
questions about the suspects, those of at least one per cent; the suggested question is the first of the next
checks.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence

from attrs import frozen

import campaign_rules as cr
from campaign_rules.model import Cause, KnowledgeBase, Observation, State
from campaign_rules.ranking import module_graph
from campaign_rules.ranking.observation_links import Link, observation_links

SURE = 0.9
MOST = 60
"""An incident that is not settled by so many questions counts as this."""


@frozen
class Simulated:
    """The cause at work, the modules it impairs, the answer to every question, and the symptoms that show."""

    cause: Cause
    impaired: frozenset[str]
    answers: dict[str, bool]
    symptoms: tuple[str, ...]


def simulated(base: KnowledgeBase, count: int, symptoms: int = 2, seed: int = 3) -> Iterator[Simulated]:
    """Yield incidents with so many symptoms: answers that tell of an impaired module."""
    draw = random.Random(seed)
    causes = [cause for _, cause in sorted(base.causes.items())]
    frequencies = base.scale.frequencies
    weights = [
        frequencies[cause.frequency] * frequencies[base.modules[cause.module].frequency] for cause in causes
    ]
    graph = module_graph(base)
    while count:
        cause = draw.choices(causes, weights)[0]
        impaired = _impaired(graph, cause.module, draw)
        answers = {
            id_: draw.random() < _presence(links, impaired, cause.id)
            for id_, links in observation_links(base).items()
        }
        telling = [
            id_
            for id_, links in observation_links(base).items()
            if answers[id_] and any(link.if_present > 0 and link.target in impaired for link in links)
        ]
        if len(telling) >= symptoms:
            count -= 1
            yield Simulated(cause, impaired, answers, tuple(sorted(draw.sample(telling, symptoms))))


def questions_needed(base: KnowledgeBase, incident: Simulated, suggested: bool, seed: int = 0) -> int:
    """Return how many questions it takes, `MOST` if it takes that many or more."""
    draw = random.Random(f"{incident.cause.id} {seed}")
    observed = [Observation(id_) for id_ in incident.symptoms]
    for asked in range(MOST):
        diagnosis = cr.diagnose(observed, knowledge=base, engine="semi-naive")
        if probability(diagnosis, incident.cause.module) >= SURE:
            return asked
        if suggested:
            open_questions = [check.observation for check in diagnosis.next_checks[:1]]
        else:
            open_questions = _about_suspects(base, diagnosis, {item.id for item in observed})
        if not open_questions:
            return MOST
        id_ = draw.choice(open_questions)
        observed.append(Observation(id_, State.PRESENT if incident.answers[id_] else State.ABSENT))
    return MOST


def probability(diagnosis: cr.Diagnosis, module: str) -> float:
    """Return the posterior of a module, over its instances."""
    return math.fsum(suspect.probability for suspect in diagnosis.suspects if suspect.module == module)


def _about_suspects(base: KnowledgeBase, diagnosis: cr.Diagnosis, known: set[str]) -> list[str]:
    modules = {suspect.module for suspect in diagnosis.suspects}
    links = observation_links(base).items()
    return [id_ for id_, some in links if id_ not in known and any(link.module in modules for link in some)]


def _impaired(graph: object, root: str, draw: random.Random) -> frozenset[str]:
    """Let impairment spread to the callers; every edge carries it or not, once."""
    impaired = {root}
    waiting = [(root, "")]
    while waiting:
        node = waiting.pop()
        for caller in sorted(graph.predecessors(node)):  # type: ignore[attr-defined]
            if caller[0] not in impaired and draw.random() < graph[caller][node]["propagation"]:  # type: ignore[index]
                impaired.add(caller[0])
                waiting.append(caller)
    return frozenset(impaired)


def _presence(links: Sequence[Link], impaired: frozenset[str], cause: str) -> float:
    """Return the probability of presence; several targets change the odds one by one."""

    def odds(chance: float) -> float:
        return chance / (1 - chance)

    strongest = max(links, key=lambda link: abs(math.log(odds(link.sensitivity) / odds(link.false_alarm))))
    total = odds(strongest.false_alarm)
    for link in links:
        if link.target == cause if link.cause else link.target in impaired:
            total *= odds(link.sensitivity) / odds(link.false_alarm)
    return total / (1 + total)
