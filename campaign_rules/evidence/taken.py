"""What was printed at a known moment: observations carry that time, and count if it lies in the period."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from attrs import evolve

from campaign_rules.errors import InputError
from campaign_rules.evidence.merge import Ranks
from campaign_rules.evidence.period import Period
from campaign_rules.evidence.times import parse_moment
from campaign_rules.model import Observation, Provenance


def moment(taken: str) -> str:
    """Return when an artefact was taken, as ISO text in UTC; "" if that is no time."""
    try:
        return parse_moment(taken)
    except InputError:
        return ""


def on_that_day(period: Period, time: str) -> Period:
    """Return `period` with the day of `time` for lines that tell only the hour."""
    return evolve(period, day=date.fromisoformat(time[:10]))


def as_of(ranks: Ranks, time: str, period: Period) -> Ranks:
    """Return `ranks` with `time` for what tells none; without that, if `time` is not in `period`."""
    counts = period.holds(time)

    def timed(observations: Iterable[Observation]) -> tuple[Observation, ...]:
        return tuple(
            evolve(one, provenance=tuple(_dated(place, time) for place in one.provenance))
            for one in observations
            if counts or all(place.first or place.last for place in one.provenance)
        )

    return evolve(
        ranks,
        measured=timed(ranks.measured),
        logged=timed(ranks.logged),
        said=timed(ranks.said),
        unlisted=timed(ranks.unlisted),
    )


def _dated(place: Provenance, time: str) -> Provenance:
    return place if place.first or place.last else evolve(place, first=time, last=time)
