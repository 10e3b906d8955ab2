"""Closed tickets whose module somebody confirmed, as rows of the table that is learnt from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from campaign_rules.errors import InputError
from campaign_rules.model import KnowledgeBase, State
from campaign_rules.observations import notation
from campaign_rules.tickets.thread import read_thread
from campaign_rules.tickets.ticket import Ticket
from campaign_rules.tickets.tracker import Tracker
from campaign_rules.tickets.triage import Policy


def every_key(tracker: Tracker) -> tuple[str, ...]:
    """Return the keys of all tickets that a tracker tells of."""
    keys: dict[str, None] = {}
    position, more = "", True
    while more:
        changes = tracker.changed(position)
        found = [one.key for one in changes.tickets]
        more = changes.position != position and not keys.keys() >= set(found)
        keys |= dict.fromkeys(found)
        position = changes.position
    return tuple(keys)


def confirmed_rows(
    tracker: Tracker,
    knowledge: KnowledgeBase,
    policy: Policy,
    advance: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[dict[str, Any]]:
    """Yield a row for each closed ticket with a confirmed module: what was observed, not what was written.

    `advance` is told how many of how many tickets were read. Raises InputError if `policy` names no field
    for the confirmed module, and TrackerError.
    """
    if "module" not in policy.fields:
        raise InputError(
            "no field of the tracker is named for the confirmed module: give triage.fields.module"
        )
    keys = every_key(tracker)
    for number, key in enumerate(keys, start=1):
        ticket = tracker.read(key)
        if ticket.closed and _field(ticket, policy, "module"):
            yield _row(ticket, knowledge, policy)
        advance(number, len(keys))


def _row(ticket: Ticket, knowledge: KnowledgeBase, policy: Policy) -> dict[str, Any]:
    observed = read_thread(ticket, knowledge, log_days=policy.log_days).observations
    return {
        "id": ticket.key,
        "observations": [notation(one) for one in observed if one.state is State.PRESENT],
        "absent": [notation(one).removeprefix("!") for one in observed if one.state is State.ABSENT],
        "module": _field(ticket, policy, "module"),
        "cause": _field(ticket, policy, "cause"),
    }


def _field(ticket: Ticket, policy: Policy, name: str) -> str:
    return ticket.fields.get(policy.fields.get(name, ""), "").strip()
