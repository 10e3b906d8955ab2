"""What a ticketing system has to offer, so that its tickets can be diagnosed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from attrs import frozen

from campaign_rules.tickets.note import Note
from campaign_rules.tickets.ticket import Message, Ticket


@frozen
class Changed:
    """A ticket that is new or another than before, at a revision."""

    key: str
    revision: str


@frozen
class Changes:
    """Tickets that changed, and the position to ask from next time: a text that the tracker understands."""

    tickets: tuple[Changed, ...]
    position: str


@frozen(kw_only=True)
class Edits:
    """Changes to a ticket besides its note: what is empty stays as it is."""

    labels_added: frozenset[str] = frozenset()
    labels_removed: frozenset[str] = frozenset()
    queue: str = ""
    fields: Mapping[str, str] = {}


@runtime_checkable
class Tracker(Protocol):
    """A ticketing system, by way of one account.

    Methods raise TrackerError: temporary if the same call may succeed later (no connection, too busy, too
    many requests), lasting if not (no such ticket, not allowed, refused). They may be called again after
    they failed half-way, and from one thread at a time.
    """

    @property
    def rewrites(self) -> bool:
        """Whether messages that were written can be changed. If not, the newest note counts."""
        ...

    def changed(self, position: str) -> Changes:
        """Return the tickets that changed since `position`, "" for the beginning. None is left out.

        A ticket may come again although nothing changed. The number returned at once is bounded; the
        position tells where to go on.
        """
        ...

    def read(self, key: str) -> Ticket:
        """Return a ticket with all its messages and attachments."""
        ...

    def write_note(self, ticket: Ticket, note: Note, replaces: Message | None) -> None:
        """Put `note` in place of the message `replaces`, or add it where there is none.

        A tracker whose messages cannot be changed adds it, and says that it is in place of the earlier one.
        """
        ...

    def edit(self, ticket: Ticket, edits: Edits) -> None:
        """Change labels, queue and fields. What others changed meanwhile in other places stays."""
        ...

    def close(self) -> None:
        """Give back connections."""
        ...


@runtime_checkable
class Receiving(Tracker, Protocol):
    """A tracker that is sent its tickets, since the system behind it cannot be asked for them."""

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Changed:
        """Keep the ticket that a message brings, so that :meth:`read` returns it from now on.

        The signature of the message has been checked. `headers` have names in lower case. The ticket outlives
        the process once this returns, and the same message may come again. Raises InputError for a message
        that is no ticket, TrackerError when it cannot be kept now.
        """
        ...
