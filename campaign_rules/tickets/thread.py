"""A thread of messages to what is known by now: later messages correct earlier ones."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from attrs import evolve

from campaign_rules.evidence.merge import merge
from campaign_rules.model import Evidence, KnowledgeBase, Observation
from campaign_rules.reading import read_files
from campaign_rules.tickets.note import standing
from campaign_rules.tickets.quoting import without_quotations
from campaign_rules.tickets.ticket import Message, Ticket

DESCRIPTION = "description"

LOG_DAYS = 7.0
"""Days before its message from which lines of a log count."""

Key = tuple[str, str]


def read_thread(
    ticket: Ticket, knowledge: KnowledgeBase | None = None, *, log_days: float = LOG_DAYS, redact: bool = True
) -> Evidence:
    """Return what a ticket says by now.

    The messages are read one by one, the oldest first, each with its attachments. What a later one says of
    something, also that it is not so, stands in place of what earlier ones said of it. Lines of logs that are
    more than `log_days` days older than their message do not count. Places are called "description",
    "message 2" and so on, and attachments by their names. One numbering of redacted values goes through the
    whole thread.

    What cannot be read, such as a picture, is told in the notes.
    """
    notes = {message.id for message, _ in standing(ticket.messages)}
    known = Evidence()
    for number, message in enumerate(ticket.messages, start=1):
        if message.id in notes:
            continue
        said = read_files(
            (),
            knowledge=knowledge,
            tickets=_texts(ticket, message, number),
            attachments=_attachments(message),
            since=message.written - timedelta(days=log_days),
            redact=redact,
            ledger=known.ledger,
        )
        known = _corrected(known, said)
    return known


def _texts(ticket: Ticket, message: Message, number: int) -> dict[str, str]:
    if number == 1:
        return {DESCRIPTION: f"{ticket.title}\n\n{message.text}"}
    return {f"message {number}": without_quotations(message.text)}


def _attachments(message: Message) -> dict[str, BytesIO]:
    """Return the attachments as streams; of several of one name, the later ones are numbered."""
    streams: dict[str, BytesIO] = {}
    for attachment in message.attachments:
        name, again = attachment.name, 2
        while name in streams:
            name, again = f"{attachment.name} ({again})", again + 1
        streams[name] = BytesIO(attachment.content)
    return streams


def _corrected(known: Evidence, said: Evidence) -> Evidence:
    """Return what is known once somebody has said something more."""
    return Evidence(
        _merged(known.observations, said.observations),
        tuple(dict.fromkeys((*known.notes, *said.notes))),
        (*known.not_understood, *said.not_understood),
        said.ledger,
    )


def _merged(earlier: tuple[Observation, ...], later: tuple[Observation, ...]) -> tuple[Observation, ...]:
    """Put `later` in place of what `earlier` says of the same; what both say keeps both places.

    As long as one instance at most is named, what names none is about that one.
    """
    named = {one.instance for one in (*earlier, *later) if one.instance}
    told = {_key(one, named) for one in later}
    again = {_fact(one) for one in later}
    kept = [one for one in earlier if _key(one, named) not in told or _fact(one) in again]
    return merge((*kept, *later))


def _key(one: Observation, named: set[str]) -> Key:
    return (one.id, one.instance if len(named) > 1 else "")


def _fact(one: Observation) -> Observation:
    return evolve(one, provenance=())
