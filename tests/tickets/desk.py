"""A ticketing system in memory, which fails as it is told to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import define, evolve, field, frozen

from campaign_rules.errors import TrackerError
from campaign_rules.tickets import Changed, Changes, Edits, Markup, Message, Note, Ticket
from campaign_rules.tickets.note import rendered, standing

OPENED = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@define
class Desk:
    """Tickets, each with a number of its last change. Pages hold `page` tickets."""

    page: int = 100
    tickets: dict[str, Ticket] = field(factory=dict)
    calls: list[str] = field(factory=list)
    _changes: int = 0
    _lock: threading.RLock = field(factory=threading.RLock)

    def open(self, key: str, text: str, **values: Any) -> None:
        """Open a ticket."""
        with self._lock:
            first = Message(f"{key}-1", "ann", OPENED, text)
            self._put(Ticket(key=key, revision="", title="A ticket", messages=(first,), **values))

    def reply(self, key: str, text: str, *, own: bool = False) -> None:
        """Add a message."""
        with self._lock:
            ticket = self.tickets[key]
            number = len(ticket.messages) + 1
            written = OPENED + timedelta(minutes=number)
            said = Message(f"{key}-{number}", "bot" if own else "bob", written, text, own=own)
            self._put(evolve(ticket, messages=(*ticket.messages, said)))

    def change(self, key: str, **values: Any) -> None:
        """Change a ticket."""
        with self._lock:
            self._put(evolve(self.tickets[key], **values))

    def changed(self, position: str) -> Changes:
        """Tell what changed; the last ticket of a page comes again with the next."""
        with self._lock:
            since = int(position or 0)
            later = sorted(
                (one for one in self.tickets.values() if int(one.revision) >= since),
                key=lambda one: int(one.revision),
            )[: self.page]
            found = tuple(Changed(one.key, one.revision) for one in later)
            return Changes(found, found[-1].revision if found else position)

    def read(self, key: str) -> Ticket:
        """Return a ticket."""
        with self._lock:
            if key not in self.tickets:
                raise TrackerError(f"desk: no ticket {key}")
            return self.tickets[key]

    def write(self, key: str, text: str, replaces: str | None) -> None:
        """Write a note, in place of the message of an id."""
        with self._lock:
            self.calls.append(f"write {key}")
            if replaces is None:
                self.reply(key, text, own=True)
                return
            ticket = self.tickets[key]
            messages = tuple(evolve(one, text=text) if one.id == replaces else one for one in ticket.messages)
            self._put(evolve(ticket, messages=messages))

    def edit(self, key: str, edits: Edits) -> None:
        """Change labels, queue and fields."""
        with self._lock:
            self.calls.append(f"edit {key}")
            ticket = self.tickets[key]
            self._put(
                evolve(
                    ticket,
                    labels=(ticket.labels | edits.labels_added) - edits.labels_removed,
                    queue=edits.queue or ticket.queue,
                    fields={**ticket.fields, **edits.fields},
                )
            )

    def notes(self, key: str) -> list[str]:
        """Return the digests of the notes on a ticket."""
        return [digest for _, digest in standing(self.tickets[key].messages)]

    def _put(self, ticket: Ticket) -> None:
        self._changes += 1
        self.tickets[ticket.key] = evolve(ticket, revision=str(self._changes))


@define
class DeskTracker:
    """The tracker of a desk. `before` is called before each call, and may raise."""

    desk: Desk
    rewrites: bool = True
    before: Callable[[str], None] = lambda call: None
    after: Callable[[str], None] = lambda call: None

    def changed(self, position: str) -> Changes:
        self.before("changed")
        return self.desk.changed(position)

    def read(self, key: str) -> Ticket:
        self.before(f"read {key}")
        return self.desk.read(key)

    def write_note(self, ticket: Ticket, note: Note, replaces: Message | None) -> None:
        self.before(f"write {ticket.key}")
        text = str(rendered(note, Markup.MARKDOWN))
        self.desk.write(ticket.key, text, replaces.id if replaces and self.rewrites else None)
        self.after(f"write {ticket.key}")

    def edit(self, ticket: Ticket, edits: Edits) -> None:
        self.before(f"edit {ticket.key}")
        self.desk.edit(ticket.key, edits)
        self.after(f"edit {ticket.key}")

    def close(self) -> None:
        """Nothing to give back."""


NOTHING_TO_EDIT = Edits()


@frozen(kw_only=True)
class Decided:
    """A decision of a test."""

    note: Note
    edits: Edits = NOTHING_TO_EDIT
    verdict: str = "diagnosed"
    module: str = "mta"
    probability: float = 0.9
    fields: Mapping[str, str] = {}
