"""The note that stands on a ticket: a document, and the mark by which it is found again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any

from attrs import frozen

from campaign_rules.report.document import Document, Paragraph, Span
from campaign_rules.report.markup import to_adf, to_html, to_jira_wiki, to_markdown, to_plain, to_textile
from campaign_rules.tickets.ticket import Message

_MARK = re.compile(r"campaign-rules:([0-9a-f]{16})")


class Markup(StrEnum):
    """How a tracker wants a text: `PLAIN` is for those that show it as it is written.

    `JIRA` is the document format of Jira Cloud (ADF), which is data, not text; `WIKI` is the wiki markup of
    Jira Data Center and Server.
    """

    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"
    TEXTILE = "textile"
    JIRA = "jira"
    WIKI = "wiki"


_WRITERS: Mapping[Markup, Callable[[Document], str | dict[str, Any]]] = {
    Markup.PLAIN: to_plain,
    Markup.MARKDOWN: to_markdown,
    Markup.HTML: to_html,
    Markup.TEXTILE: to_textile,
    Markup.JIRA: to_adf,
    Markup.WIKI: to_jira_wiki,
}


@frozen
class Note:
    """A note: what it says, and the digest of it."""

    document: Document

    @property
    def digest(self) -> str:
        """What tells this content from any other: 16 hexadecimal digits."""
        return hashlib.sha256(repr(self.document).encode()).hexdigest()[:16]


def marked(note: Note) -> Document:
    """Return what is written: the document, and below it the mark, which readers see as a short last line."""
    return (*note.document, Paragraph((Span(f"campaign-rules:{note.digest}", code=True),)))


def rendered(note: Note, markup: Markup) -> str | dict[str, Any]:
    """Return the marked note in a markup: a dict ready for JSON for Jira, else text.

    Its source shows the mark, too, so that `standing` finds the note again there.
    """
    return _WRITERS[markup](marked(note))


def standing(messages: Iterable[Message]) -> tuple[tuple[Message, str], ...]:
    """Return the notes among `messages` with their digests, the oldest first.

    A note is a message of our own account that ends with the mark; one that others quote is none.
    """
    found = []
    for message in messages:
        marks = _MARK.findall(message.text)
        if message.own and marks:
            found.append((message, marks[-1]))
    return tuple(found)
