"""A machine's artefact (log, command output, probe reply) to observations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import frozen

from campaign_rules.evidence.gathering import gather
from campaign_rules.evidence.log_matches import match_text
from campaign_rules.evidence.merge import Ranks
from campaign_rules.evidence.period import ALWAYS, Period
from campaign_rules.evidence.readers import RECORD_READERS, STATE_READERS
from campaign_rules.evidence.readers.listing import may_be_cut
from campaign_rules.evidence.readers.process_readings import Unlisted
from campaign_rules.evidence.readers.reader import Found
from campaign_rules.evidence.reading_signs import judge_readings
from campaign_rules.evidence.recogniser import Recogniser
from campaign_rules.evidence.text_lines import Line, split_lines
from campaign_rules.evidence.times import own_time
from campaign_rules.model import Evidence, Observation, Reading, State


@frozen
class Measured:
    """What the readers of machine formats found: observations, and the numbers of the lines they read.

    `unlisted` are those that rest on a process list which does not show a module.
    """

    observations: tuple[Observation, ...]
    unlisted: tuple[Observation, ...]
    lines: frozenset[int]


def read_artifact(text: str, source: str, recogniser: Recogniser) -> Evidence:
    """Return the observations in the artefact `text`, redacted; `source` names it in the provenance.

    What a listing or a probe measures stands against what a log line says. Raises
    :class:`InputError` when `text` is not a string.
    """
    return gather([artifact_ranks(split_lines(text, source), text, source, recogniser)])


def artifact_ranks(
    lines: Sequence[Line], text: str, source: str, recogniser: Recogniser, period: Period = ALWAYS
) -> Ranks:
    """Return what the artefact `text`, cut into `lines`, says within `period`."""
    measured = measure(lines, source, recogniser, period)
    logged = match_text(text, source, recogniser.logs, period)
    return Ranks(measured.observations, logged, unlisted=measured.unlisted)


def measure(lines: Sequence[Line], source: str, recogniser: Recogniser, period: Period = ALWAYS) -> Measured:
    """Run the readers of machine formats over `lines`.

    Records that tell when they were written count within `period` only, and so does a state that tells when
    it was so, or since when. What tells no time counts. Records of a text that may be cut deny nothing.
    """
    found = [reader(lines, source, recogniser.processes) for reader in STATE_READERS]
    records = [reader(lines, source, recogniser.processes) for reader in RECORD_READERS]
    used = frozenset(number for _, numbers in (*found, *records) for number in numbers)
    if not period.open and any(readings for readings, _ in records):
        within = [line for line in lines if period.holds(own_time(line.text))]
        records = [reader(within, source, recogniser.processes) for reader in RECORD_READERS]
    states = _within(period, found)
    shown = _judged(recogniser, (one for one in states if not isinstance(one, Unlisted)))
    unlisted = _judged(recogniser, (one for one in states if isinstance(one, Unlisted)))
    recorded = _judged(recogniser, _within(period, records))
    if may_be_cut(lines):
        recorded = tuple(one for one in recorded if one.state is State.PRESENT)
    return Measured((*shown, *recorded), unlisted, used)


def _within(period: Period, found: Iterable[Found]) -> list[Reading]:
    return [
        one
        for readings, _ in found
        for one in readings
        if period.meets(one.provenance.first, one.provenance.last)
    ]


def _judged(recogniser: Recogniser, readings: Iterable[Reading]) -> tuple[Observation, ...]:
    return judge_readings(tuple(readings), recogniser.readings)
