"""Observations from many places to one list: duplicates united, contradictions settled, sorted."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nsmallest

from attrs import evolve, frozen

from campaign_rules.evidence.log_signs import RECOVERED
from campaign_rules.model import Observation, Provenance, State

MOST_PLACES = 5
"""Provenances that one observation keeps."""


@frozen
class Ranks:
    """Observations by what they rest on: what was measured, what logs show, and what people say.

    `unlisted` was measured too, by a process list that does not show a module: it may run on another machine.
    """

    measured: tuple[Observation, ...] = ()
    logged: tuple[Observation, ...] = ()
    said: tuple[Observation, ...] = ()
    unlisted: tuple[Observation, ...] = ()


def join(ranks: Iterable[Ranks]) -> Ranks:
    """Put what several sources say together."""
    ranks = tuple(ranks)
    return Ranks(
        tuple(found for one in ranks for found in one.measured),
        tuple(found for one in ranks for found in one.logged),
        tuple(found for one in ranks for found in one.said),
        tuple(found for one in ranks for found in one.unlisted),
    )


def settle_all(ranks: Iterable[Ranks], at: str = "") -> tuple[Observation, ...]:
    """Settle what several sources say, in whatever order they come.

    What logs show to have been over by the moment `at` is left out.

    A module of an instance that runs on one machine is not missing because the list of another machine does
    not show it. Files of one folder come from one machine.
    """
    joined = join(ranks)
    running: dict[str, list[Observation]] = {}
    for one in joined.measured:
        if one.instance and one.state is State.ABSENT:
            running.setdefault(one.id, []).append(one)
    missing = [
        one for one in joined.unlisted if not any(_elsewhere(one, other) for other in running.get(one.id, ()))
    ]
    return settle((*joined.measured, *missing), _lasting(joined.logged, at), joined.said)


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


def _lasting(logged: Iterable[Observation], at: str) -> list[Observation]:
    """Return what logs show, without what was over by `at`: a later line tells so, of any source.

    A line that names no instance is about all of them.
    """
    found: list[Observation] = []
    over: dict[tuple[str, str], str] = {}
    for one in logged:
        if one.id.endswith(RECOVERED):
            key = (one.id.removesuffix(RECOVERED), one.instance)
            over[key] = max(_latest(one), over.get(key, ""))
        else:
            found.append(one)
    last: dict[tuple[str, str], str] = {}
    for one in found:
        key = (one.id, one.instance)
        last[key] = max(_latest(one), last.get(key, ""))
    return [
        one
        for one in found
        if not any(
            _latest(one) and last[one.id, one.instance] < over.get((one.id, instance), "") <= at
            for instance in {one.instance, ""}
        )
    ]


def _latest(observation: Observation) -> str:
    return max((place.last for place in observation.provenance), default="")


def _elsewhere(unlisted: Observation, running: Observation) -> bool:
    """Tell whether a module that a list does not show runs on another machine, in the same instance."""
    same = unlisted.instance in ("", running.instance)
    return same and not {_folder(place) for place in unlisted.provenance} & {
        _folder(place) for place in running.provenance
    }


def _folder(place: Provenance) -> str:
    return place.source.replace("\\", "/").rpartition("/")[0]


def _order(observation: Observation) -> tuple[str, str, str, str, str]:
    value = observation.value
    return (observation.id, observation.instance, observation.state, type(value).__name__, str(value))


def _place(provenance: Provenance) -> tuple[str, int, str]:
    return (provenance.source, provenance.line, provenance.text)
