"""What an issue of Redmine says, as "Rest_Issues" and "Rest_IssueJournals" in Redmine's wiki describe it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from campaign_rules.tickets.connectors.files import File
from campaign_rules.tickets.ticket import Message

Raw = Mapping[str, Any]
"""A part of a reply of Redmine."""


def thread(issue: Raw, me: int) -> tuple[tuple[Message, ...], tuple[File, ...]]:
    """Return the description and the notes of `issue`, and its files.

    A file has the author and the time of the message that brought it, which the journals tell. Journals that
    only change something else are left out. `me` is the id of the own account.
    """
    at_issue = {str(entry["id"]): entry for entry in issue.get("attachments") or ()}
    notes, files = [], []
    journals = issue.get("journals") or ()
    for journal in sorted(journals, key=lambda journal: (journal["created_on"], journal["id"])):
        entries = [at_issue.pop(number) for number in _attached(journal) if number in at_issue]
        if journal.get("notes") or entries:
            text = journal.get("notes")
            notes.append(_message(str(journal["id"]), journal.get("user"), journal["created_on"], text, me))
            files += _files(entries, notes[-1])
    description = _message(
        "description", issue.get("author"), issue["created_on"], issue.get("description"), me
    )
    return (description, *notes), (*_files(list(at_issue.values()), description), *files)


def name_of(reference: Raw | None) -> str:
    """Return the name of what a part of an issue refers to, such as a person or a category."""
    return str((reference or {}).get("name") or "")


def _attached(journal: Raw) -> list[str]:
    """Return the ids of the files that a journal put there."""
    return [
        str(detail["name"])
        for detail in journal.get("details") or ()
        if detail.get("property") == "attachment" and detail.get("new_value")
    ]


def _message(number: str, user: Raw | None, written: str, text: str | None, me: int) -> Message:
    lines = (text or "").replace("\r\n", "\n")
    own = (user or {}).get("id") == me
    return Message(number, name_of(user), datetime.fromisoformat(written), lines, own=own)


def _files(entries: Sequence[Raw], message: Message) -> list[File]:
    return [
        File(str(raw["id"]), raw["filename"], int(raw["filesize"]), message.author, message.written)
        for raw in entries
    ]
