"""Where the rows of the blame tree stand in its picture, and what they say."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from attrs import frozen

from campaign_rules.report.blame import Blame

WIDTH = 380
INDENT, LINE, GAP, MARGIN = 26, 17, 14, 12
LETTER = 7.4
"""Width of a letter, on the safe side."""


@frozen
class Row:
    """A module or symptom: the middle of its mark, its lines, and the way that leads to it, as SVG paths."""

    x: int
    y: int
    module: str
    lines: tuple[str, ...]
    way: str = ""
    tip: str = ""

    @property
    def first_line(self) -> int:
        """How many lines below its mark the text begins: one for a module, whose name comes first."""
        return 1 if self.module else 0


@frozen
class Picture:
    """The rows, the size of the whole, and the same in words."""

    rows: tuple[Row, ...]
    width: int
    height: int
    told: str


def picture(tree: Sequence[Blame]) -> Picture:
    """Lay the blame tree out: one row below the other, indented by depth."""
    rows: list[Row] = []
    top = MARGIN
    for entry in tree:
        x, y = MARGIN + INDENT * entry.depth, top + LINE // 2
        letters = int((WIDTH - x - 20) / LETTER)
        lines = tuple(textwrap.wrap(entry.label, max(letters, 12)))
        way, tip = _way(rows[entry.parent], x, y) if entry.parent >= 0 else ("", "")
        rows.append(Row(x, y, entry.module, lines, way, tip))
        top += LINE * (len(lines) + bool(entry.module)) + GAP
    return Picture(tuple(rows), WIDTH, top, _told(tree))


def _way(parent: Row, x: int, y: int) -> tuple[str, str]:
    end = x - 10
    return f"M{parent.x} {parent.y + 8}V{y}H{end - 4}", f"M{end - 5} {y - 4}L{end + 1} {y}L{end - 5} {y + 4}z"


def _told(tree: Iterable[Blame]) -> str:
    return "; ".join(entry.module or entry.label for entry in tree)
