"""Which files of a ticket are read, and at which message they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from attrs import evolve, frozen

from campaign_rules.tickets.connectors.transport import HttpError
from campaign_rules.tickets.ticket import Attachment, Message

LARGEST = 20_000_000
"""The largest file that is read, in bytes."""

TOGETHER = 60_000_000
"""How many bytes of files are read of one ticket, the earliest first."""


@frozen
class File:
    """A file as a tracker lists it: of `size` bytes, put there by `author` at `written`."""

    id: str
    name: str
    size: int
    author: str
    written: datetime


Fetch = Callable[[File, int], bytes | None]
"""Loads a file, or None if it has more bytes than it may have."""


def with_files(messages: Sequence[Message], files: Iterable[File], fetch: Fetch) -> tuple[Message, ...]:
    """Return `messages` (the description first, never none) with `files`.

    Trackers keep files at the ticket. One goes to the message that its author wrote nearest in time, to the
    description if there is none. The text of the message names a file that is not read, and says why.
    """
    placed = list(messages)
    left = TOGETHER
    for file in sorted(files, key=lambda file: (file.written, file.id)):
        place = _place(placed, file)
        content = _content(file, min(LARGEST, left), fetch)
        if isinstance(content, bytes):
            left -= len(content)
            attachments = (*placed[place].attachments, Attachment(file.name, content))
            placed[place] = evolve(placed[place], attachments=attachments)
        else:
            text = f"{placed[place].text}\n\n({file.name} was not read: {content})".lstrip("\n")
            placed[place] = evolve(placed[place], text=text)
    return tuple(placed)


def _place(messages: Sequence[Message], file: File) -> int:
    by_author = [
        place for place, message in enumerate(messages) if message.author == file.author and not message.own
    ]
    return min(by_author, key=lambda place: abs(messages[place].written - file.written), default=0)


def _content(file: File, limit: int, fetch: Fetch) -> bytes | str:
    """Return what is in a file, or why that is not known."""
    too_large = f"it has {file.size / 1e6:.1f} MB, and at most {LARGEST / 1e6:.0f} MB are read of a file"
    if file.size > LARGEST:
        return too_large
    if file.size > limit:
        return f"at most {TOGETHER / 1e6:.0f} MB are read of a ticket"
    try:
        content = fetch(file, limit)
    except HttpError as error:
        if error.temporary:
            raise
        return f"the tracker answered with {error.status}"
    return too_large if content is None else content
