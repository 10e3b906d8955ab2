"""Long lines, and the windows in which they are read: every expression runs on bounded text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from attrs import frozen

from campaign_rules.evidence.decode import decode_line
from campaign_rules.evidence.text_lines import REACH, plain, unquoted

WINDOW = 4_096
"""Bytes of the longest line that is read at once; a longer one is read in windows of twice as many."""

OVERLAP = 2 * WINDOW
"""Bytes that two parts of one long line share."""

Beside = Callable[[], tuple[str, str]]
"""Gives what stands before and after a part of a line."""


@frozen
class Window:
    """A part of a long line: where it begins and ends in the block, its bytes and its text.

    `within` says that it begins within the line, `beside` gives what stands next to it there.
    """

    begin: int
    end: int
    raw: bytes
    text: str
    within: bool
    beside: Beside


def nothing_beside() -> tuple[str, str]:
    """Return what stands beside a whole line."""
    return "", ""


def long_lines(data: bytes, inside: bool) -> Iterator[tuple[int, int]]:
    """Yield the begin and the end of each line that is long, or began in the block before."""
    first, size = 0, len(data)
    while first < size:
        end = -1 if inside and not first else data.rfind(b"\n", first, first + WINDOW + 1)
        if end >= 0:
            first = end + 1
        elif size - first > WINDOW or (inside and not first):
            end = data.find(b"\n", first)
            end = end if end >= 0 else size
            yield first, end
            first = end + 1
        else:
            break


def windows(data: bytes, first: int, last: int, cut: bool) -> Iterator[Window]:
    """Yield the windows of the line from `first` to `last`, overlapping by half; `cut`: it began before."""
    for begin in range(first, last, WINDOW):
        end = min(last, begin + 2 * WINDOW)
        raw = data[_whole(data, begin) : _whole(data, end)]
        within = cut or begin > first
        line = decode_line(raw)
        text = plain(line) if within else unquoted(line)
        yield Window(begin, end, raw, text, within, partial(_beside, data, begin, end, first, last))


def _beside(data: bytes, begin: int, end: int, first: int, last: int) -> tuple[str, str]:
    """Return what stands beside the part from `begin` to `end` of the line from `first` to `last`."""
    before, after = max(first, begin - REACH), min(last, end + REACH)
    parts = ((_whole(data, before), _whole(data, begin)), (_whole(data, end), _whole(data, after)))
    left, right = (plain(decode_line(data[one:other])) for one, other in parts)
    return left, right


def _whole(data: bytes, at: int) -> int:
    """Return the place of the first character of UTF-8 that begins at `at` or soon after."""
    for _ in range(3):
        if at < len(data) and data[at] & 0xC0 == 0x80:
            at += 1
    return at
