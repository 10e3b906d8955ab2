"""All that a tracker lists, page by page, as the worker asks for it."""

from __future__ import annotations

from campaign_rules.tickets.tracker import Tracker


def everything(tracker: Tracker, position: str = "") -> tuple[list[str], str]:
    """Return the keys of all tickets that changed since `position`, in their order, and the last position."""
    keys: list[str] = []
    while True:
        changes = tracker.changed(position)
        keys += [ticket.key for ticket in changes.tickets]
        if not changes.tickets:
            return keys, changes.position
        position = changes.position
