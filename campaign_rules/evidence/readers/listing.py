"""Listings that commands print: a heading, rows below it, and whether any row may be left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from attrs import frozen

from campaign_rules.evidence.text_lines import Line

_CUT = re.compile(
    r"[\[(<]?\s*(?:\.{3,}|\u2026|(?:cut|snip\w*|truncated|omissis)\b.{0,40})\s*[\])>]?$", re.IGNORECASE
)
_PROMPT = r"(?:^|.{0,200}[$#>]\s{0,4})(?:sudo\s{1,4})?(?:/\S{0,80}/)?"


def is_cut(text: str) -> bool:
    """Tell whether a line says that others were left out: ``...``, ``[snip]``."""
    return bool(_CUT.match(text))


def may_be_cut(lines: Sequence[Line]) -> bool:
    """Tell whether a text may be a part: no line break at its end, or a mark of a cut at either end."""
    first = next((line for line in lines if line.text), None)
    last = next((line for line in reversed(lines) if line.text), None)
    if first is None or last is None:
        return False
    return last is lines[-1] or is_cut(first.text) or is_cut(last.text)


@frozen
class Listing:
    """One command's output. `arguments` are those of the command line above it (None without one).

    `cut` says that the listing breaks off, or that its output went through a filter.
    """

    heading: Line
    rows: tuple[Line, ...]
    arguments: str | None
    cut: bool

    @property
    def numbers(self) -> frozenset[int]:
        """The numbers of its lines."""
        return frozenset({self.heading.number, *(row.number for row in self.rows)})


@frozen(eq=False)
class Shape:
    """What a listing looks like.

    `heading` and `row` tell whether a line is one; `begun` tells whether it is the beginning of a row
    that was cut; `command` is the name of the program.
    """

    command: str
    heading: Callable[[str], bool]
    row: Callable[[str], bool]
    begun: Callable[[str], bool]


def find_listings(lines: Sequence[Line], shape: Shape) -> Iterator[Listing]:
    """Yield the listings of one shape, in order. Blank lines above the first row are passed over."""
    command = re.compile(
        _PROMPT + shape.command + r"(?:\.exe)?(?P<arguments>(?:\s.{0,200})?)$", re.IGNORECASE
    )
    above = ""
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not shape.heading(line.text):
            above = line.text or above
            continue
        rows: list[Line] = []
        while at < len(lines) and (shape.row(lines[at].text) or (not rows and not lines[at].text)):
            if lines[at].text:
                rows.append(lines[at])
            at += 1
        after = [line.text for line in lines[at : at + 3]]
        quoted = command.match(above) if len(above) <= 400 else None
        arguments = quoted["arguments"].strip() if quoted else None
        cut = _breaks_off(after, shape) or "|" in (arguments or "")
        yield Listing(line, tuple(rows), arguments, cut)
        above = ""


def _breaks_off(after: Sequence[str], shape: Shape) -> bool:
    """Tell whether the lines after the last row say that more was left out.

    A single line at the end of the text, or before an ellipsis, may be the beginning of a row.
    """
    if not after or not after[0]:
        return False
    last = len(after) == 1 or (len(after) == 2 and not after[1])
    return is_cut(after[0]) or shape.begun(after[0]) or last or is_cut(after[1])
