"""An estimate of one frequency or strength, and the word of the scale that it earns."""

from __future__ import annotations

import math
from collections.abc import Mapping

from attrs import frozen

WHOLE = -1
"""Stands for the entry itself where an estimate is not about one conclusion of a rule."""


@frozen
class Estimate:
    """What the tickets say about one entry.

    `section` and `id` name the entry, `conclusion` the position among the conclusions of a rule and `about`
    what it concludes, as in "impairs mta". `shipped` and `word` are the words of the scale before and after,
    `worth` is what the first counts and `value` what was learnt: a relative frequency, or decibans. `low` and
    `high` bound the interval of it, `counts` tells the tickets behind it.
    """

    section: str
    id: str
    conclusion: int
    shipped: str
    word: str
    worth: float
    value: float
    low: float
    high: float
    counts: str
    about: str = ""

    @property
    def changed(self) -> bool:
        """Whether the tickets earn it another word."""
        return self.word != self.shipped


def earned(
    shipped: str, words: Mapping[str, float], value: float, interval: tuple[float, float], enough: bool
) -> str:
    """Return the word nearest to `value`; the shipped one unless `enough` tickets speak against it."""
    low, high = interval
    if not enough or low <= words[shipped] <= high:
        return shipped
    return min(words, key=lambda word: (abs(words[word] - value), word))


def on_log_scale(words: Mapping[str, float]) -> Mapping[str, float]:
    """Return the words with the natural logarithms of what they are worth."""
    return {word: math.log(worth) for word, worth in words.items()}


def tickets(count: float) -> str:
    """Return a number of tickets, which may be shared among modules, for people."""
    return f"{count:.1f}".removesuffix(".0")
