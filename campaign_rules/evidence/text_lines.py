"""A text cut into numbered lines, with quoting marks taken off and typography made plain."""

from __future__ import annotations

import re
from typing import Self

from attrs import frozen

from campaign_rules.errors import InputError

_BREAK = re.compile(r"\r\n|\r|\n")
_QUOTING = re.compile(r"^[\s|]*(?:>[\s>]*)?")
_TYPOGRAPHY = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201b": "'", "\u2032": "'", "\u0060": "'", "\u00b4": "'"}
    | {
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u00ab": '"',
        "\u00bb": '"',
        "\u00a0": " ",
        "\u202f": " ",
    }
    | {"\ufeff": "", "\u200b": ""}
)

LONGEST = 20_000
"""Characters of one line that are looked at; the rest of a longer line is left out."""

SHOWN = 200
"""Characters of a line that a provenance keeps."""

REACH = 2_000
"""Characters before and after an excerpt that are searched, at least, for what gives a secret away."""


@frozen
class Line:
    """One line: its number from 1, and its text without e-mail quoting and surrounding space."""

    number: int
    text: str


def plain(text: str) -> str:
    """Return `text` with typographic quotes and odd spaces replaced by their plain forms."""
    return text.replace("`", "'") if text.isascii() else text.translate(_TYPOGRAPHY)


def unquoted(text: str) -> str:
    """Return one line in plain typography, without e-mail quoting and surrounding space."""
    return _QUOTING.sub("", plain(text)).rstrip()


def split_lines(text: str, source: str) -> tuple[Line, ...]:
    """Cut `text` into lines. Raises :class:`InputError` when it is not a string."""
    if not isinstance(text, str):
        raise InputError(f"{source} must be text, not {type(text).__name__}")
    return tuple(
        Line(number, _QUOTING.sub("", line[:LONGEST]).rstrip())
        for number, line in enumerate(_BREAK.split(plain(text)), start=1)
    )


class Excerpt(str):
    """What is shown of a text. It knows the text `around` it, in which it begins at `first`.

    What stands around a secret gives it away, so the redaction looks there. What is made of an excerpt is
    a plain string.
    """

    __slots__ = ("around", "first")

    def __new__(cls, shown: str, around: str = "", first: int = 0) -> Self:
        """Make an excerpt; without `around`, it is the whole text."""
        made = super().__new__(cls, shown)
        made.around, made.first = around or shown, first
        return made

    around: str
    first: int


def excerpt(text: str, start: int = 0, end: int = 0, *, around: str = "", at: int = 0) -> Excerpt:
    """Return at most `SHOWN` characters of `text`, around the part from `start` to `end`.

    `text` itself stands in the text `around`, where that is longer, at the character `at`.
    """
    first = max(0, min(start - max(0, (SHOWN - (end - start)) // 2), len(text) - SHOWN))
    shown = text[first : first + SHOWN]
    first += len(shown) - len(shown.lstrip())
    return Excerpt(shown.strip(), around or text, at + first)
