"""What is done for one distinct incident: reading its ticket, and diagnosing its set of observations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa
from attrs import frozen

from campaign_rules.batch.results import Row, error_row, result_batch, result_row
from campaign_rules.diagnosis import diagnose
from campaign_rules.errors import CampaignRulesError
from campaign_rules.model import KnowledgeBase, State
from campaign_rules.observations import Given, canonical, notation
from campaign_rules.reading import read_ticket

ENGINE = "semi-naive"
"""The engine of batch work: no state between incidents, no compiled code that could fail under a pool."""


@frozen
class Fault:
    """Why an incident has no diagnosis."""

    reason: str


Observed = tuple[str, ...] | Fault
"""A set of observations, canonical and in short notation, or why there is none."""


@frozen(eq=False)
class Task:
    """What a diagnosis depends on besides the observations."""

    knowledge: KnowledgeBase
    language: str = "en"
    next_checks: bool = False


def observed(task: Task, given: Iterable[Given]) -> Observed:
    """Return what is given as a canonical set, or why it is none."""
    try:
        found = canonical(given, task.knowledge.observations)
    except CampaignRulesError as error:
        return Fault(str(error))
    return tuple(dict.fromkeys(notation(item) for item in found if item.state is not State.UNKNOWN))


def read_tickets(task: Task, tickets: Sequence[tuple[tuple[str, ...], str]]) -> list[Observed]:
    """Return the set of each ticket: the observations given beside it, and what its text says."""
    return [_read(task, given, text) for given, text in tickets]


def diagnose_sets(task: Task, sets: Sequence[tuple[str, ...]]) -> pa.RecordBatch:
    """Return the result of each set."""
    return result_batch([_diagnosed(task, one) for one in sets])


def _read(task: Task, given: tuple[str, ...], text: str) -> Observed:
    try:
        return observed(task, [*given, *read_ticket(text, knowledge=task.knowledge)])
    except Exception as error:  # one row must not end the work on a billion others
        return Fault(_reason(error))


def _diagnosed(task: Task, observations: tuple[str, ...]) -> Row:
    try:
        found = diagnose(
            observations,
            knowledge=task.knowledge,
            language=task.language,
            engine=ENGINE,
            next_checks=task.next_checks,
        )
        return result_row(found, observations, task.next_checks)
    except Exception as error:  # as above
        return error_row(_reason(error))


def _reason(error: Exception) -> str:
    if isinstance(error, CampaignRulesError):
        return str(error)
    return f"unexpected {type(error).__name__}: {error} (a fault of campaign-rules; please report it)"
