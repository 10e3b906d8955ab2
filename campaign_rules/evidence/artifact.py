"""A machine's artefact (log, command output, probe reply) to observations."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from campaign_rules.evidence.log_signs import match_lines
from campaign_rules.evidence.merge import settle
from campaign_rules.evidence.process_readings import read_processes
from campaign_rules.evidence.reading_signs import judge_readings
from campaign_rules.evidence.recogniser import Recogniser
from campaign_rules.evidence.redirection import read_redirection
from campaign_rules.evidence.text_lines import Line, split_lines
from campaign_rules.model import Observation


@frozen
class Measured:
    """What the readers of machine formats found: observations, and the numbers of the lines they read."""

    observations: tuple[Observation, ...]
    lines: frozenset[int]


def read_artifact(text: str, source: str, recogniser: Recogniser) -> tuple[Observation, ...]:
    """Return the observations in the artefact `text`, sorted; `source` names it in the provenance.

    What a listing or a probe measures stands against what a log line says. Raises
    :class:`InputError` when `text` is not a string.
    """
    lines = split_lines(text, source)
    return settle(
        measure(lines, source, recogniser).observations, match_lines(lines, source, recogniser.logs)
    )


def measure(lines: Sequence[Line], source: str, recogniser: Recogniser) -> Measured:
    """Run the readers of machine formats over `lines`."""
    processes, process_lines = read_processes(lines, source, recogniser.processes)
    probes, probe_lines = read_redirection(lines, source)
    return Measured(judge_readings((*processes, *probes), recogniser.readings), process_lines | probe_lines)
