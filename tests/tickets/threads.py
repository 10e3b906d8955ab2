"""Tickets for tests, told in a few words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from campaign_rules.tickets import Attachment, Message, Ticket

OPENED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def message(number: int, text: str, *attachments: Attachment, own: bool = False) -> Message:
    """A message, `number` hours after the ticket was opened."""
    return Message(str(number), f"author {number}", OPENED + timedelta(hours=number), text, attachments, own)


def ticket(*said: str | Message, title: str = "Help", labels: Iterable[str] = ()) -> Ticket:
    """A ticket with these messages."""
    messages = [one if isinstance(one, Message) else message(at, one) for at, one in enumerate(said)]
    return Ticket(key="7", revision="1", title=title, messages=tuple(messages), labels=frozenset(labels))


def attachment(name: str, text: str) -> Attachment:
    """A text file at a message."""
    return Attachment(name, text.encode())
