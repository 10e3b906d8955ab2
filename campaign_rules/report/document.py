"""A text with structure, from which every markup is written: headings, paragraphs, lists, tables, code."""

from __future__ import annotations

from attrs import frozen


@frozen
class Span:
    """Words within a line, set plainly, strong, or as code."""

    text: str
    strong: bool = False
    code: bool = False


@frozen
class Heading:
    """A heading of a level from 1 to 6."""

    level: int
    text: str


@frozen
class Paragraph:
    """Words in a row."""

    spans: tuple[Span, ...]


@frozen
class Code:
    """Lines to be shown as they are, such as a command."""

    text: str


@frozen
class Items:
    """A list; an entry begins with a paragraph, and may go on with paragraphs, code and lists.

    Not every markup has headings and tables within a list.
    """

    entries: tuple[Entry, ...]
    numbered: bool = False


@frozen
class Table:
    """Rows below a head, each with as many cells."""

    head: tuple[tuple[Span, ...], ...]
    rows: tuple[tuple[tuple[Span, ...], ...], ...]


Entry = tuple[Paragraph, *tuple[Paragraph | Code | Items, ...]]

Block = Heading | Paragraph | Code | Items | Table

Document = tuple[Block, ...]
