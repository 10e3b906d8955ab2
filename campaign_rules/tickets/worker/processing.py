"""One ticket brought up to date: read, decided, and written to only where something is to be changed.

All of it may be done again from the start after a crash at any point: the note that was written is found by
its mark, and one that says the same already is left alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Protocol

from attrs import evolve, frozen

from campaign_rules.report.document import Paragraph, Span
from campaign_rules.tickets.note import Note, standing
from campaign_rules.tickets.ticket import Ticket
from campaign_rules.tickets.tracker import Edits, Tracker

SUPERSEDED = Note((Paragraph((Span("This diagnosis was written twice. The other note stands."),)),))
"""What takes the place of a second note."""

CLOSED, LEFT_ALONE = "closed", "left-alone"
"""Verdicts on tickets that get no note: closed, or older than is asked for."""


class Decided(Protocol):
    """What is known of a ticket, and what is to be done about it."""

    @property
    def verdict(self) -> str: ...  # noqa: D102
    @property
    def note(self) -> Note: ...  # noqa: D102
    @property
    def edits(self) -> Edits: ...  # noqa: D102
    @property
    def module(self) -> str: ...  # noqa: D102
    @property
    def probability(self) -> float: ...  # noqa: D102


@frozen(kw_only=True)
class Outcome:
    """What was found, and whether the ticket was written to. `edits` tells those that were made by now."""

    revision: str
    verdict: str
    module: str = ""
    probability: float = 0.0
    written: bool = False
    edited: bool = False
    edits: str = ""


def process(
    key: str,
    tracker: Tracker,
    decide: Callable[[Ticket], Decided | None],
    edits: str,
    still_ours: Callable[[], None],
) -> Outcome:
    """Bring a ticket up to date, and return what was done.

    `decide` returns None for a ticket that is to be left alone. `edits` tells which were made before, as an
    outcome did: the same ones are not made again, so that what a person changed since stays. `still_ours` is
    called after reading and before each change, and raises if the ticket is another worker's by now.

    Raises what the tracker, `decide` and `still_ours` raise.
    """
    ticket = tracker.read(key)
    still_ours()
    decision = None if ticket.closed else decide(ticket)
    if decision is None:
        verdict = CLOSED if ticket.closed else LEFT_ALONE
        return Outcome(revision=ticket.revision, verdict=verdict, edits=edits)
    written = _note(ticket, decision.note, tracker, still_ours)
    fresh = _fresh(decision.edits, edits)
    edited = _changes(ticket, fresh)
    if edited:
        still_ours()
        tracker.edit(ticket, fresh)
    return Outcome(
        revision=ticket.revision,
        verdict=decision.verdict,
        module=decision.module,
        probability=decision.probability,
        written=written,
        edited=edited,
        edits=told(decision.edits),
    )


def told(edits: Edits) -> str:
    """Return edits as a text, by which the next run knows what was done."""
    return json.dumps(
        {
            "labels_added": sorted(edits.labels_added),
            "labels_removed": sorted(edits.labels_removed),
            "queue": edits.queue,
            "fields": dict(sorted(edits.fields.items())),
        }
    )


def _fresh(edits: Edits, before: str) -> Edits:
    """Return those edits that were not made the time before."""
    if not before:
        return edits
    made = json.loads(before)
    return evolve(
        edits,
        labels_added=edits.labels_added - set(made["labels_added"]),
        labels_removed=edits.labels_removed - set(made["labels_removed"]),
        queue="" if edits.queue == made["queue"] else edits.queue,
        fields={name: value for name, value in edits.fields.items() if made["fields"].get(name) != value},
    )


def _note(ticket: Ticket, note: Note, tracker: Tracker, still_ours: Callable[[], None]) -> bool:
    """Write the note unless it stands there; return whether anything was written.

    Where messages can be changed, the oldest note is kept up to date, and what two workers wrote at once is
    taken back. Where they cannot, the newest counts.
    """
    found = [
        (message, digest) for message, digest in standing(ticket.messages) if digest != SUPERSEDED.digest
    ]
    if not tracker.rewrites:
        found = found[-1:]
    written = False
    if not found or found[0][1] != note.digest:
        still_ours()
        tracker.write_note(ticket, note, found[0][0] if found else None)
        written = True
    for message, _ in found[1:]:
        still_ours()
        tracker.write_note(ticket, SUPERSEDED, message)
        written = True
    return written


def _changes(ticket: Ticket, edits: Edits) -> bool:
    """Tell whether the edits would change anything."""
    return bool(
        edits.labels_added - ticket.labels
        or edits.labels_removed & ticket.labels
        or (edits.queue and edits.queue != ticket.queue)
        or any(ticket.fields.get(name) != value for name, value in edits.fields.items())
    )
