"""A machine's artefact (log, command output, probe reply) to observations."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from campaign_rules.evidence.gathering import gather
from campaign_rules.evidence.log_search import match_text
from campaign_rules.evidence.merge import Ranks
from campaign_rules.evidence.period import ALWAYS, Period
from campaign_rules.evidence.readers import READERS
from campaign_rules.evidence.reading_signs import judge_readings
from campaign_rules.evidence.recogniser import Recogniser
from campaign_rules.evidence.text_lines import Line, split_lines
from campaign_rules.model import Evidence, Observation


@frozen
class Measured:
    """What the readers of machine formats found: observations, and the numbers of the lines they read."""

    observations: tuple[Observation, ...]
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
    """Return what the artefact `text`, cut into `lines`, says; what its log shows only within `period`."""
    return Ranks(
        measure(lines, source, recogniser).observations, match_text(text, source, recogniser.logs, period)
    )


def measure(lines: Sequence[Line], source: str, recogniser: Recogniser) -> Measured:
    """Run the readers of machine formats over `lines`."""
    found = [reader(lines, source, recogniser.processes) for reader in READERS]
    readings = [reading for part, _ in found for reading in part]
    used = frozenset(number for _, numbers in found for number in numbers)
    return Measured(judge_readings(readings, recogniser.readings), used)
