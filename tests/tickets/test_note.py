"""A note in every markup, and how it is found again."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from campaign_rules.report.document import Heading, Paragraph, Span
from campaign_rules.tickets import Markup, Message, Note, rendered
from campaign_rules.tickets.note import standing

NOTE = Note((Heading(2, "Root cause: mta"), Paragraph((Span("It is *down*"),))))


def source(markup: Markup) -> str:
    """Return what a tracker would give back of the note."""
    written = rendered(NOTE, markup)
    return written if isinstance(written, str) else json.dumps(written)


@pytest.mark.parametrize("markup", Markup)
def test_the_source_of_any_markup_holds_the_mark(markup: Markup) -> None:
    message = Message("1", "bot", datetime.now(UTC), source(markup), own=True)
    assert standing([message]) == ((message, NOTE.digest),)


def test_each_markup_is_its_own() -> None:
    assert source(Markup.MARKDOWN).startswith("## Root cause: mta\n\nIt is \\*down\\*\n")
    assert source(Markup.HTML).startswith("<h2>Root cause: mta</h2>\n<p>It is *down*</p>\n")
    assert source(Markup.TEXTILE).startswith("h2. Root cause: mta\n\nIt is &#42;down&#42;\n")
    assert rendered(NOTE, Markup.JIRA)["type"] == "doc"  # type: ignore[index]


def test_a_note_of_somebody_else_is_none() -> None:
    assert standing([Message("1", "eve", datetime.now(UTC), source(Markup.HTML))]) == ()
