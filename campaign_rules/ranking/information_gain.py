"""What to check next: expected information gain about the root cause per minute.

The gain of a question is the mutual information between its answer and the hypothesis, none and elsewhere
included, in bits (Lindley, "On a measure of the information provided by an experiment", 1956). Questions are
chosen one after the other, each by what it adds to those before it.
"""

from __future__ import annotations

import heapq
import math
from bisect import insort
from collections.abc import Iterable, Iterator

from campaign_rules.model import KnowledgeBase, NextCheck, Observation, ObservationType, State
from campaign_rules.ranking.case import Case
from campaign_rules.ranking.information_bounds import at_most, masses, surprises
from campaign_rules.ranking.observation_links import observation_links
from campaign_rules.ranking.outlook import (
    Effect,
    Outlook,
    answered,
    answers_to,
    chance_of_presence,
    effects_of,
    information,
    outlook_of,
    prospect,
)
from campaign_rules.ranking.posterior import Ranking
from campaign_rules.texts import text_in

WORTHWHILE_BITS = 0.02
SHORTEST_MINUTES = 0.1
SETTLED = 0.95
"""A first suspect with this probability is settled: only what may overturn it is worth asking."""

BRANCHES = 4
"""So many combinations of earlier answers are thought through, the likeliest."""

Question = tuple[float, str, str, int, tuple[Effect, ...]]
"""The negative rate, the observation, the instance, how many checks come before, and what is asked."""

SHORTLISTED = 12
"""So many questions per instance, the best by themselves, compete for the places."""


def next_checks(
    knowledge: KnowledgeBase,
    ranking: Ranking,
    observed: Iterable[Observation],
    language: str = "en",
    limit: int = 5,
) -> tuple[NextCheck, ...]:
    """Return the observations most worth making, by bits per minute.

    `observed` are the observations made so far: what is known, present or absent, is not asked again. The
    bits of a check are those that it is expected to add to the answers of the checks before it. At most one
    observation per source group is returned, and none that gains less than `WORTHWHILE_BITS`. Once the first
    suspect has a probability of `SETTLED`, a check is returned only if an answer would put another module
    first. With more than one instance, an observation is worth what it is worth in the best one.
    """
    known = {item.id for item in observed if item.state is not State.UNKNOWN}
    now = outlook_of(ranking)
    waiting = _shortlist(knowledge, ranking.case, now, known)
    ahead = [(1.0, now)]
    chosen: dict[str, NextCheck] = {}
    while waiting and len(chosen) < limit:
        rate, id_, instance, after, effects = heapq.heappop(waiting)
        observation = knowledge.observations[id_]
        if group_of(observation) in chosen:
            continue
        if after == len(chosen):
            gain = -rate * _minutes(observation)
            check = _check(observation, effects, ranking, now, gain, language)
            if _idle(ranking, check):
                continue
            chosen[group_of(observation)] = check
            ahead = _branches(ahead, effects) if len(chosen) < limit else []
            continue
        gain = math.fsum(
            chance * information(outlook, answers_to(outlook, effects)) for chance, outlook in ahead
        )
        if gain > WORTHWHILE_BITS:
            heapq.heappush(waiting, (-gain / _minutes(observation), id_, instance, len(chosen), effects))
    return tuple(chosen.values())


def _idle(ranking: Ranking, check: NextCheck) -> bool:
    """Whether the first suspect is settled, and stays the first whatever the answer is."""
    if not ranking.suspects or ranking.suspects[0].probability < SETTLED:
        return False
    first = ranking.suspects[0]
    after = [answer for answer in (check.if_yes, check.if_no) if answer]
    return all((answer.module, answer.instance) == (first.module, first.instance) for answer in after)


def group_of(observation: ObservationType) -> str:
    """Return the source group of an observation, by itself if it is in none."""
    return observation.group or observation.id


def _shortlist(knowledge: KnowledgeBase, case: Case, outlook: Outlook, known: set[str]) -> list[Question]:
    """Return the questions that gain most per minute by themselves, as a heap."""
    instances = sorted({instance for _, instance in case.network.callees if instance}) or [""]
    places = SHORTLISTED * len(instances)
    bounds = _bounds(knowledge, instances, outlook, known)
    gains: dict[tuple[Effect, ...], float] = {}
    best: list[Question] = []
    for rate, id_, instance in sorted(bounds):
        if len(best) >= places and rate > best[places - 1][0]:
            break
        observation = knowledge.observations[id_]
        effects = effects_of(case, observation_links(knowledge)[id_], group_of(observation), instance)
        if effects not in gains:
            gains[effects] = information(outlook, answers_to(outlook, effects)) if effects else 0.0
        if gains[effects] > WORTHWHILE_BITS:
            question = (-gains[effects] / _minutes(observation), id_, instance, 0, effects)
            insort(best, question, key=lambda item: item[:3])
    return best[:places]


def _bounds(
    knowledge: KnowledgeBase, instances: Iterable[str], outlook: Outlook, known: set[str]
) -> Iterator[tuple[float, str, str]]:
    """Yield what may be worth asking: the negative bound of bits per minute, observation and instance."""
    surprise, mass = surprises(knowledge), masses(outlook)
    for id_, links in observation_links(knowledge).items():
        if id_ not in known:
            for instance in instances:
                bits = at_most(outlook, mass, links, surprise[id_], instance)
                if bits > WORTHWHILE_BITS:
                    yield -bits / _minutes(knowledge.observations[id_]), id_, instance


def _branches(
    ahead: Iterable[tuple[float, Outlook]], effects: tuple[Effect, ...]
) -> list[tuple[float, Outlook]]:
    """Return the outlooks after either answer with their probabilities; the likeliest few stand for all."""
    branches = []
    for place, (chance, outlook) in enumerate(ahead):
        answers = answers_to(outlook, effects)
        presence = chance_of_presence(outlook, answers)
        branches.append((-round(chance * presence, 12), place, True, chance * presence, outlook, answers))
        absence = 1.0 - presence
        branches.append((-round(chance * absence, 12), place, False, chance * absence, outlook, answers))
    kept = sorted(branches, key=lambda branch: branch[:3])[:BRANCHES]
    total = math.fsum(chance for _, _, _, chance, _, _ in kept)
    return [
        (chance / total, answered(outlook, effects, answers, present))
        for _, _, present, chance, outlook, answers in kept
    ]


def _check(
    observation: ObservationType,
    effects: tuple[Effect, ...],
    ranking: Ranking,
    now: Outlook,
    gain: float,
    language: str,
) -> NextCheck:
    return NextCheck(
        observation=observation.id,
        question=text_in(observation.question, language) or text_in(observation.label, language),
        how=text_in(observation.how, language),
        information_bits=gain,
        minutes=observation.minutes,
        if_yes=prospect(ranking, now, effects, observation.id, present=True),
        if_no=prospect(ranking, now, effects, observation.id, present=False),
    )


def _minutes(observation: ObservationType) -> float:
    return max(observation.minutes, SHORTEST_MINUTES)
