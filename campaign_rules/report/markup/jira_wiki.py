"""A document in the wiki markup of Jira Data Center and Server.

The markup as in Atlassian's "Text Formatting Notation Help" of Jira, which tells what a backslash takes the
meaning from. Two backslashes are a line break there, so one before a mark becomes a character reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from campaign_rules.report.document import Block, Code, Document, Heading, Items, Paragraph, Span, Table
from campaign_rules.report.markup.line import line
from campaign_rules.report.shown_text import printable_lines

_SPECIAL = re.compile(
    r"\\(?=[^\w\s])"
    r"|[*+^~{}\[\]!|#]"
    r"|(?<![A-Za-z0-9])[-_]|[-_](?![A-Za-z0-9])"  # words may have them inside
    r"|\?(?=\?)|(?<=\?)\?"
    r"|[:;](?=[()DP])|\((?=[a-z/!+*?-]\))"  # faces and icons
)
_PREFIX = re.compile(r"\A(h[1-6]|bq)\. ")
_ENDS_VERBATIM = re.compile(r"\{noformat", re.IGNORECASE)


def to_jira_wiki(document: Document) -> str:
    """Return `document` as wiki markup. What has a meaning there follows a backslash."""
    return "\n\n".join(_block(block) for block in document) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"h{level}. {_spans((Span(text),))}"
        case Paragraph(spans):
            return _PREFIX.sub(r"\1\\. ", _spans(spans))
        case Code(text):
            return _code(text)
        case Items():
            return "\n".join(_items(block, ""))
        case Table(head, rows):
            return "\n".join((_row(head, "||"), *(_row(row, "|") for row in rows)))


def _items(items: Items, outer: str) -> list[str]:
    marker = outer + ("#" if items.numbered else "*")
    return [text for entry in items.entries for text in _entry(entry, marker)]


def _entry(entry: Iterable[Block], marker: str) -> list[str]:
    """Return an entry, further blocks in lines of their own: a blank line would end the list."""
    lines: list[str] = []
    for block in entry:
        match block:
            case Items():
                lines += _items(block, marker)
            case Paragraph() if not lines:
                lines.append(f"{marker} {_block(block)}")
            case _:
                lines.append(_block(block))
    return lines


def _row(cells: Iterable[tuple[Span, ...]], edge: str) -> str:
    return "".join(f"{edge}{_spans(cell) or ' '}" for cell in cells) + edge


def _code(text: str) -> str:
    lines = printable_lines(text)
    if _ENDS_VERBATIM.search("\n".join(lines)):
        return "\n".join(_spans((Span(text, code=True),)) for text in lines if text)
    return "\n".join(("{noformat}", *lines, "{noformat}"))


def _spans(spans: Iterable[Span]) -> str:
    return "".join(_span(span) for span in line(spans))


def _span(span: Span) -> str:
    text = _SPECIAL.sub(lambda found: "&#92;" if found[0] == "\\" else f"\\{found[0]}", span.text)
    if span.code:
        return f"{{{{{text}}}}}"
    return f"*{text}*" if span.strong else text
