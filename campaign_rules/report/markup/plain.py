"""A document as plain text, for mails and for systems that show what is written as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

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
from campaign_rules.report.markup.line import plain
from campaign_rules.report.shown_text import printable, printable_lines

_INDENT = "    "


def to_plain(document: Document) -> str:
    """Return `document` as plain text. Styles are lost; a row of a table is a line with bars."""
    return "\n\n".join("\n".join(_block(block)) for block in document) + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, text):
            title = printable(text)
            yield title
            if level <= 3 and title:
                yield ("=" if level <= 2 else "-") * len(title)
        case Paragraph(spans):
            yield plain(spans)
        case Code(text):
            yield from (f"{_INDENT}{line}".rstrip() for line in printable_lines(text))
        case Items(entries, numbered):
            yield from _items(entries, numbered)
        case Table(head, rows):
            yield from (_row(row) for row in (head, *rows))


def _items(entries: Iterable[Entry], numbered: bool) -> Iterator[str]:
    markers = (f"{number}. " for number in count(1)) if numbered else ("- " for _ in count())
    for marker, entry in zip(markers, entries, strict=False):
        indent = " " * len(marker)
        lines = (line for block in entry for line in _block(block))
        for at, line in enumerate(lines):
            yield f"{indent if at else marker}{line}".rstrip()


def _row(cells: Iterable[tuple[Span, ...]]) -> str:
    return " | ".join(plain(cell) for cell in cells).rstrip()
