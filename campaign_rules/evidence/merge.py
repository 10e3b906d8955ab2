"""Observations from many places to one list: duplicates united, contradictions settled, sorted."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nsmallest

from attrs import evolve, frozen

from campaign_rules.model import Observation, Provenance, State

MOST_PLACES = 5
"""Provenances that one observation keeps."""


@frozen
class Ranks:
    """Observations by what they rest on: what was measured, what logs show, and what people say.

    `not_understood` are the sentences and lines of tickets of which nothing was made. `unlisted` was measured
    too, by a process list that does not show a module: it may run on another machine.
    """

    measured: tuple[Observation, ...] = ()
    logged: tuple[Observation, ...] = ()
    said: tuple[Observation, ...] = ()
    not_understood: tuple[Provenance, ...] = ()
    unlisted: tuple[Observation, ...] = ()


def join(ranks: Iterable[Ranks]) -> Ranks:
    """Put what several sources say together."""
    ranks = tuple(ranks)
    return Ranks(
        tuple(found for one in ranks for found in one.measured),
        tuple(found for one in ranks for found in one.logged),
        tuple(found for one in ranks for found in one.said),
        tuple(place for one in ranks for place in one.not_understood),
        tuple(found for one in ranks for found in one.unlisted),
    )


def merge(observations: Iterable[Observation]) -> tuple[Observation, ...]:
    """Unite equal observations and sort: same id, state, value and instance are one observation."""
    places: dict[Observation, set[Provenance]] = {}
    for observation in observations:
        places.setdefault(evolve(observation, provenance=()), set()).update(observation.provenance)
    united = [
        evolve(bare, provenance=tuple(nsmallest(MOST_PLACES, found, key=_place)))
        for bare, found in places.items()
    ]
    return tuple(sorted(united, key=_order))


def settle(*ranks: Iterable[Observation]) -> tuple[Observation, ...]:
    """Merge observations given in order of trust, the most trusted first.

    Where two contradict each other about one instance, the more trusted rank stands; within one
    rank what is present stands, since people report what is wrong.
    """
    kept: list[Observation] = []
    settled: dict[tuple[str, str], State] = {}
    for rank in ranks:
        found = list(rank)
        states: dict[tuple[str, str], State] = {}
        for observation in found:
            key = (observation.id, observation.instance)
            if observation.state is State.PRESENT or key not in states:
                states[key] = observation.state
        settled = states | settled
        kept.extend(entry for entry in found if settled[entry.id, entry.instance] is entry.state)
    return merge(kept)


def _order(observation: Observation) -> tuple[str, str, str, str, str]:
    value = observation.value
    return (observation.id, observation.instance, observation.state, type(value).__name__, str(value))


def _place(provenance: Provenance) -> tuple[str, int, str]:
    return (provenance.source, provenance.line, provenance.text)
