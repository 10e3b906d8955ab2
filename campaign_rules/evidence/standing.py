"""What stands of what several sources say: machines differ, and what is over is not there any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from attrs import evolve

from campaign_rules.evidence.log_signs import RECOVERED
from campaign_rules.evidence.merge import Ranks
from campaign_rules.model import Observation, Provenance, State


def standing(ranks: Ranks, at: str = "") -> Ranks:
    """Return what stands of `ranks`, which hold what all sources say.

    A module of an instance that runs on one machine is not missing because the list of another machine does
    not show it. Files of one folder come from one machine. What logs show to have been over by the moment
    `at` is left out.
    """
    missing = _missing(ranks.unlisted, ranks.measured)
    return evolve(ranks, measured=(*ranks.measured, *missing), unlisted=(), logged=_lasting(ranks.logged, at))


def _missing(unlisted: Iterable[Observation], measured: Iterable[Observation]) -> tuple[Observation, ...]:
    """Return which of `unlisted` do not run on another machine, in the same instance."""
    running: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in measured:
        if one.instance and one.state is State.ABSENT:
            for instance in (one.instance, ""):
                running[one.id, instance].update(map(_folder, one.provenance))
    return tuple(
        one
        for one in unlisted
        if running.get((one.id, one.instance), set()) <= set(map(_folder, one.provenance))
    )


def _folder(place: Provenance) -> str:
    return place.source.replace("\\", "/").rpartition("/")[0]


def _lasting(logged: Iterable[Observation], at: str) -> tuple[Observation, ...]:
    """Return what logs show, without what was over by `at`: a later line tells so, of any source.

    A line that names no instance is about all of them.
    """
    found: list[Observation] = []
    last: dict[tuple[str, str], str] = {}
    over: dict[tuple[str, str], str] = {}
    for one in logged:
        name = one.id.removesuffix(RECOVERED)
        times = last if name == one.id else over
        key = (name, one.instance)
        times[key] = max(_latest(one), times.get(key, ""))
        if name == one.id:
            found.append(one)

    def is_over(one: Observation) -> bool:
        latest = last[one.id, one.instance]
        ends = (over.get((one.id, instance), "") for instance in {one.instance, ""})
        return bool(_latest(one)) and any(latest < end <= at for end in ends)

    return tuple(one for one in found if not is_over(one))


def _latest(observation: Observation) -> str:
    return max((place.last for place in observation.provenance), default="")
