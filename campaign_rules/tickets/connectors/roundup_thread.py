"""Messages and files of an issue of Roundup, as one thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import evolve

from campaign_rules.tickets.connectors.roundup_properties import moment, name_of
from campaign_rules.tickets.ticket import Attachment, Message

MESSAGE_FIELDS = ("author", "content", "creation", "creator", "date", "files")
FILE_FIELDS = ("creation", "creator", "name")


def thread(
    issue: Mapping[str, Any],
    messages: Iterable[Mapping[str, Any]],
    files: Iterable[Mapping[str, Any]],
    content: Callable[[str], bytes | None],
    own: str,
) -> tuple[Message, ...]:
    """Return the messages in the order in which they came, the description first, with their files.

    `messages` and `files` have `MESSAGE_FIELDS` and `FILE_FIELDS`. An issue that began without a message has
    an empty description. Files belong to the issue: one that no message names goes to the message of the same
    person that is nearest in time, or to the description. `content` gives the bytes of a file, or None, and
    then the text of its message says that it was not read. `own` is the name of our account: the creator of
    a message cannot be forged, its author can.
    """
    rows = sorted(messages, key=lambda row: int(row["id"]))
    if not rows or name_of(rows[0]["creator"]) == own:
        opened = {name: issue[name] for name in ("creator", "creation")}
        rows.insert(0, {**dict.fromkeys(MESSAGE_FIELDS), **opened, "id": "", "files": ()})
    found = [_message(row, own) for row in rows]
    for row in sorted(files, key=lambda row: int(row["id"])):
        place = _place(row, rows)
        found[place] = _with_file(found[place], str(row["name"] or f"file{row['id']}"), content(row["id"]))
    return tuple(found)


def _message(row: Mapping[str, Any], own: str) -> Message:
    creator = name_of(row["creator"])
    return Message(
        id=row["id"],
        author=name_of(row["author"]) or creator,
        written=moment(row["date"] or row["creation"]),
        text=str(row["content"] or "").replace("\r\n", "\n"),
        own=creator == own and bool(row["id"]),
    )


def _place(file: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> int:
    for number, row in enumerate(rows):
        if any(named["id"] == file["id"] for named in row["files"]):
            return number
    uploaded, who = moment(file["creation"]), name_of(file["creator"])
    nearest = [
        (abs(moment(row["creation"]) - uploaded), number)
        for number, row in enumerate(rows)
        if name_of(row["creator"]) == who
    ]
    return min(nearest)[1] if nearest else 0


def _with_file(message: Message, name: str, content: bytes | None) -> Message:
    if content is None:
        return evolve(
            message, text=f"{message.text}\n[{name}: too large, or not readable, and left out]".lstrip()
        )
    return evolve(message, attachments=(*message.attachments, Attachment(name, content)))
