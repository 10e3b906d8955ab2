"""A document in the Atlassian Document Format, version 1, as Jira takes it.

Valid by its published JSON schema (http://go.atlassian.com/adf-json-schema): a text is never empty, code
combines with no other mark, and a list or a table has an entry.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from campaign_rules.report.document import Block, Code, Document, Heading, Items, Paragraph, Span, Table
from campaign_rules.report.markup.line import line
from campaign_rules.report.shown_text import printable_lines

Node = dict[str, Any]


def to_adf(document: Document) -> Node:
    """Return `document` as the root node, ready for JSON."""
    return {"version": 1, "type": "doc", "content": _blocks(document)}


def _blocks(blocks: Iterable[Block]) -> list[Node]:
    return [node for block in blocks for node in _block(block)]


def _block(block: Block) -> list[Node]:
    match block:
        case Heading(level, text):
            return [{"type": "heading", "attrs": {"level": level}, "content": _texts((Span(text),))}]
        case Paragraph(spans):
            return [_paragraph(spans)]
        case Code(text):
            lines = "\n".join(printable_lines(text))
            return [{"type": "codeBlock", "content": [{"type": "text", "text": lines}]}] if lines else []
        case Items(entries, numbered):
            items = [{"type": "listItem", "content": _blocks(entry)} for entry in entries]
            return [{"type": "orderedList" if numbered else "bulletList", "content": items}] if items else []
        case Table(head, rows):
            table = [_row(head, "tableHeader"), *(_row(row, "tableCell") for row in rows)]
            return [{"type": "table", "content": table}]


def _row(cells: Iterable[tuple[Span, ...]], kind: str) -> Node:
    return {"type": "tableRow", "content": [{"type": kind, "content": [_paragraph(cell)]} for cell in cells]}


def _paragraph(spans: Iterable[Span]) -> Node:
    return {"type": "paragraph", "content": _texts(spans)}


def _texts(spans: Iterable[Span]) -> list[Node]:
    return [_text(span) for span in line(spans)]


def _text(span: Span) -> Node:
    mark = "code" if span.code else "strong" if span.strong else ""
    return {"type": "text", "text": span.text, **({"marks": [{"type": mark}]} if mark else {})}
