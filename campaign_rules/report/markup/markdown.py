"""A document as Markdown: CommonMark, with tables as GitHub has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
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
from campaign_rules.report.markup.line import line
from campaign_rules.report.shown_text import printable_lines

_SPECIAL = re.compile(
    r"[\\`*{}\[\]<#|~!&$^]"
    r"|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"  # words may have it inside
    r"|(?<=[^ (])>|>(?! )"  # but not the sign of comparison
    r"|(?<!\w)@"  # somebody would be called
)
_NUMBER = re.compile(r"\d{1,9}(?=[.)])")
_INDENT = 4


def to_markdown(document: Document) -> str:
    """Return `document` as Markdown."""
    return "\n\n".join("\n".join(_block(block)) for block in document) + "\n"


def escape(text: str) -> str:
    """Return a text so that Markdown shows it as it is, within a line."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield f"{'#' * level} {_spans(line((Span(text),)))}".rstrip()
        case Paragraph(spans):
            yield _paragraph(spans)
        case Code(text):
            lines = printable_lines(text)
            fence = "`" * (max(2, *map(_longest_ticks, ("", *lines))) + 1)
            yield from (f"{fence}text", *lines, fence)
        case Items(entries, numbered):
            yield from _items(entries, numbered)
        case Table(head, rows):
            yield _row(head)
            yield "|" + "---|" * len(head)
            yield from (_row(row) for row in rows)


def _items(entries: Sequence[Entry], numbered: bool) -> Iterator[str]:
    loose = any(len(entry) > 1 for entry in entries)
    markers = (f"{number}. " for number in count(1)) if numbered else ("- " for _ in count())
    for number, (marker, entry) in enumerate(zip(markers, entries, strict=False)):
        if loose and number:
            yield ""
        indent = " " * max(_INDENT, len(marker))
        for place, block in enumerate(entry):
            if place:
                yield ""
            for at, text in enumerate(_block(block)):
                yield (marker if not place and not at else indent if text else "") + text


def _row(cells: Iterable[tuple[Span, ...]]) -> str:
    return "|" + "|".join(f" {_cell(cell)} " if cell else " " for cell in cells) + "|"


def _cell(cell: Iterable[Span]) -> str:
    return "".join(text.replace("|", r"\|") if span.code else text for span, text in _written(line(cell)))


def _paragraph(spans: Iterable[Span]) -> str:
    """Return a line that begins no other block than a paragraph."""
    text = _spans(line(spans))
    if number := _NUMBER.match(text):
        return f"{number[0]}\\{text[number.end() :]}"
    return f"\\{text}" if text[:1] in ("-", "+", ">") else text


def _spans(spans: Sequence[Span]) -> str:
    return "".join(text for _, text in _written(spans))


def _written(spans: Sequence[Span]) -> Iterator[tuple[Span, str]]:
    for place, span in enumerate(spans):
        before = spans[place - 1].text[-1] if place else " "
        after = spans[place + 1].text[0] if place + 1 < len(spans) else " "
        yield span, _span(span, before, after)


def _span(span: Span, before: str, after: str) -> str:
    if span.code:
        return _code(span.text)
    text = escape(span.text)
    if span.strong and _stands(text[0], before) and _stands(span.text[-1], after):
        return f"**{text}**"
    return text


def _stands(inner: str, outer: str) -> bool:
    """Return whether ``**`` between these two characters begins or ends strong words.

    A punctuation mark inside needs a blank or punctuation outside (CommonMark, delimiter runs).
    """
    return inner.isalnum() or outer == " " or (outer.isascii() and not outer.isalnum())


def _code(text: str) -> str:
    ticks = "`" * (_longest_ticks(text) + 1)
    edge = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{ticks}{edge}{text}{edge}{ticks}"


def _longest_ticks(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
