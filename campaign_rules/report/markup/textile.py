"""A document as Textile, in the dialect of Redmine (its `redcloth3.rb`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from campaign_rules.report.document import (
    Block,
    Code,
    Document,
    Entry,
    Heading,
    Items,
    Paragraph,
    Span,
    Table,
)
from campaign_rules.report.markup.line import line
from campaign_rules.report.shown_text import printable_lines

_SPECIAL = re.compile(
    r"""[\\"#%&*+<=>\[\]^{|}~!]"""
    r"|(?<![A-Za-z0-9])[-_@]|[-_@](?![A-Za-z0-9])"  # words may have them inside
    r"|(?<=[A-Za-z0-9])\("  # an acronym, and how it is read
    r"|\?(?=\?)|(?<=\?)\?"
    r"|:(?=/)|(?<=www)\."  # Redmine escapes an address that it makes a link of once more
)
_PREFIX = re.compile(r"[a-z]+\d*\S*\. ")
_NOT_IN_PRE = re.compile(r"</?(?:code|pre|kbd|notextile)|x%x%|:redsh#|<redpre#", re.IGNORECASE)
"""What Redmine acts on inside of ``<pre>``, too: closing tags, and its own placeholders."""


def to_textile(document: Document) -> str:
    """Return `document` as Textile. What has a meaning there is written as character references."""
    return "\n\n".join(filter(None, map(_block, document))) + "\n"


def escape(text: str) -> str:
    """Return a text so that Textile shows it as it is, within a line."""
    return _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", text)


def _block(block: Block) -> str:
    match block:
        case Heading(level, text):
            text = _spans((Span(text),))
            return f"h{level}. {text}" if text else ""
        case Paragraph(spans):
            text = _spans(spans)
            return f"p. {text}" if _PREFIX.match(text) else text
        case Code(text):
            return _code(text)
        case Items():
            return "\n".join(_items(block, ""))
        case Table(head, rows):
            return "\n".join((_row(head, "|_. "), *(_row(row, "| ") for row in rows)))


def _items(items: Items, outer: str) -> list[str]:
    marker = outer + ("#" if items.numbered else "*")
    return [text for entry in items.entries for text in _entry(entry, marker)]


def _entry(entry: Entry, marker: str) -> list[str]:
    """Return an entry, further paragraphs in lines of their own: a blank line would end the list."""
    lines: list[str] = []
    for block in entry:
        match block:
            case Items():
                lines += _items(block, marker)
            case Paragraph(spans) if lines and lines[-1].endswith("</pre>"):
                lines[-1] += _spans(spans)
            case Paragraph(spans):
                lines.append(_spans(spans) if lines else f"{marker} {_spans(spans)}")
            case _:
                lines.append(_block(block))
    return lines


def _row(cells: Iterable[tuple[Span, ...]], edge: str) -> str:
    return "".join(f"{edge}{_spans(cell)} " for cell in cells) + "|"


def _code(text: str) -> str:
    lines = printable_lines(text)
    if _NOT_IN_PRE.search("\n".join(lines)):
        return "\n".join(_spans((Span(text, code=True),)) for text in lines if text)
    return "<pre>\n" + "\n".join(lines) + "\n</pre>"


def _spans(spans: Iterable[Span]) -> str:
    return "".join(_written(line(spans)))


def _written(spans: Sequence[Span]) -> Iterator[str]:
    before = " "
    for place, span in enumerate(spans):
        after = spans[place + 1].text[0] if place + 1 < len(spans) else " "
        text = _span(span, before, after)
        before = text[-1]
        yield text


def _span(span: Span, before: str, after: str) -> str:
    """Return a span in its style, or plainly where Textile would not see the style between these two."""
    text = escape(span.text)
    if span.code and not _in_word(before + after) and "@" not in before:
        return f"@{text}@"
    ends = after == " " or (after.isascii() and not after.isalnum())
    if span.strong and before == " " and ends and len(text) > 1:
        return f"*{text}*"
    return text


def _in_word(around: str) -> bool:
    return bool(re.search(r"[A-Za-z0-9_]", around))
