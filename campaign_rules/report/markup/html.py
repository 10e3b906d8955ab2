"""A document as plain HTML: only elements that ticketing systems let through, without any attribute."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

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
from campaign_rules.report.shown_text import printable, printable_lines


def to_html(document: Document) -> str:
    """Return `document` as HTML to stand inside a page. Headings are of the levels 2 to 4."""
    return "\n".join(_block(block) for block in document) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(level, text):
            name = f"h{min(max(level, 2), 4)}"
            return f"<{name}>{escape(printable(text))}</{name}>"
        case Paragraph(spans):
            return f"<p>{_spans(spans)}</p>"
        case Code(text):
            return f"<pre><code>{escape(chr(10).join(printable_lines(text)))}</code></pre>"
        case Items(entries, numbered):
            name = "ol" if numbered else "ul"
            return f"<{name}>\n{''.join(_entry(entry) for entry in entries)}</{name}>"
        case Table(head, rows):
            body = "".join(_row(row, "td") for row in rows)
            return f"<table>\n<thead>\n{_row(head, 'th')}</thead>\n<tbody>\n{body}</tbody>\n</table>"


def _entry(entry: Entry) -> str:
    """Return an entry of a list: words alone stand in it without a paragraph of their own."""
    first, *rest = entry
    inside = "\n".join(map(_block, entry)) if rest else _spans(first.spans)
    return f"<li>{inside}</li>\n"


def _row(cells: Iterable[tuple[Span, ...]], name: str) -> str:
    return "<tr>" + "".join(f"<{name}>{_spans(cell)}</{name}>" for cell in cells) + "</tr>\n"


def _spans(spans: Iterable[Span]) -> str:
    return "".join(_span(span) for span in line(spans))


def _span(span: Span) -> str:
    name = "code" if span.code else "strong" if span.strong else ""
    text = escape(span.text)
    return f"<{name}>{text}</{name}>" if name else text
