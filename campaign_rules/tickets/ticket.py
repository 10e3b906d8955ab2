"""A ticket as every ticketing system knows it: a thread of messages with attachments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import field, frozen


@frozen
class Attachment:
    """A file at a message: its name, and its bytes as they are."""

    name: str
    content: bytes = field(repr=False)


@frozen
class Message:
    """What somebody wrote, as plain text.

    `written` is aware of its time zone. `own` tells that the account wrote it which the connector logs in
    with. Quotations of earlier messages are still in `text`.
    """

    id: str
    author: str
    written: datetime
    text: str = field(repr=False)
    attachments: tuple[Attachment, ...] = ()
    own: bool = False


@frozen(kw_only=True)
class Ticket:
    """A ticket as it stood when it was read.

    `revision` is another text whenever anything of the ticket is another. `messages` begin with the
    description, the oldest first. `fields` are the values of the tracker's own fields by name, as text.
    """

    key: str
    revision: str
    title: str = field(repr=False)
    messages: tuple[Message, ...]
    labels: frozenset[str] = frozenset()
    queue: str = ""
    fields: Mapping[str, str] = field(factory=dict)
    closed: bool = False
    url: str = ""
