"""The spans of a line as every writer takes them: printable, each with a style that can be written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from campaign_rules.report.document import Span
from campaign_rules.report.shown_text import printable


def line(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return what a reader sees of `spans`.

    Control codes and marks of direction cannot act any more. Blanks are single, and stand in plain spans,
    none at the ends of the line. Neighbours differ in style, no span is empty, and code is never strong.
    """
    pieces = [piece for span in spans for piece in _pieces(span)]
    merged = [
        Span("".join(piece.text for piece in same), strong=strong, code=code)
        for (strong, code), same in groupby(_once_blank(pieces), key=lambda piece: (piece.strong, piece.code))
    ]
    return tuple(merged)


def plain(spans: Iterable[Span]) -> str:
    """Return the words of a line without their styles."""
    return "".join(span.text for span in line(spans))


def _pieces(span: Span) -> Iterator[Span]:
    """Yield the text of `span` in its style, and blanks at its ends as plain ones."""
    text = printable(span.text)
    if span.text[:1].isspace():
        yield Span(" ")
    if text:
        yield Span(text, strong=span.strong and not span.code, code=span.code)
    if text and span.text[-1:].isspace():
        yield Span(" ")


def _once_blank(pieces: list[Span]) -> Iterator[Span]:
    """Yield `pieces` without blanks at the ends and without a second blank after another."""
    blank, begun = False, False
    for piece in pieces:
        if piece.text == " ":
            blank = begun
            continue
        if blank:
            yield Span(" ")
        yield piece
        blank, begun = False, True
