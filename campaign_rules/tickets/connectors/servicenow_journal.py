"""Entries of ServiceNow's journals, the comments and work notes: notes as entries, and entries as plain text.

ServiceNow's "Journal field type": what stands between ``[code]`` and ``[/code]`` is shown as HTML.
"""

from __future__ import annotations

import re

from campaign_rules.tickets.connectors.html_text import text_of_html
from campaign_rules.tickets.note import Markup, Note, rendered
from campaign_rules.tickets.ticket import Message

_CODE = re.compile(r"\[code\](.*?)\[/code\]", re.DOTALL | re.IGNORECASE)
_CODE_TAG = re.compile(r"\[(?=/?code\])", re.IGNORECASE)


def entry_of(note: Note, replaces: Message | None) -> str:
    """Return a note as an entry, which says so if it stands in place of an earlier one."""
    html = str(rendered(note, Markup.HTML))
    if replaces is not None:
        html = f"<p>This stands in place of the note of {replaces.written:%Y-%m-%d %H:%M} UTC.</p>\n{html}"
    return f"[code]{_CODE_TAG.sub('&#91;', html)}[/code]"


def text_of_entry(entry: str) -> str:
    """Return what a reader sees of an entry."""
    return _CODE.sub(lambda found: text_of_html(found[1]), entry.replace("\r\n", "\n")).strip("\n")
