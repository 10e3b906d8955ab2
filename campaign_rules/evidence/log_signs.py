"""Log signs: the regular expressions of the knowledge base, cut at their top-level alternatives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from attrs import frozen

from campaign_rules.errors import KnowledgeError
from campaign_rules.evidence.pattern import (
    alternatives,
    any_digits,
    flexible,
    of_masked,
    required_words,
    tells_digits,
)
from campaign_rules.evidence.text_lines import plain
from campaign_rules.model import ObservationType, Value, ValueKind

RECOVERED = " recovered"
"""What follows the id of an observation that is over. No id holds a space."""

_FIGURES = re.compile(rb"[^A-Za-z\x80-\xff]*\d[^A-Za-z\x80-\xff]*")
_DIGIT = re.compile(r"[0-9]")


@frozen(eq=False)
class LogSign:
    """One alternative of a log sign, as written. Each match holds a word of each set of `words`.

    `recovery` says that it shows the end of the observation.
    """

    observation: ObservationType
    text: str
    words: tuple[frozenset[str], ...]
    recovery: bool = False

    @property
    def shows(self) -> str:
        """The id of what a match shows: the observation, or that it is over."""
        return f"{self.observation.id}{RECOVERED}" if self.recovery else self.observation.id

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """The alternative compiled. Raises :class:`KnowledgeError` if it is no regular expression."""
        try:
            return re.compile(flexible(self.text), re.IGNORECASE | re.MULTILINE)
        except re.error as error:
            where = f"observation {self.observation.id}: log sign {self.text!r}"
            raise KnowledgeError([f"{where} is no regular expression: {error}"]) from None

    @cached_property
    def tells_apart(self) -> bool:
        """Whether one digit, or a small and a large letter, may matter differently."""
        return tells_digits(self.text) or "(?-i" in self.text

    def may_match_masked(self, line: bytes) -> bool:
        """Tell whether the sign may match a line that is `line` in small letters, with 0 for each digit."""
        return self._masked is None or not line.isascii() or bool(self._masked.search(line))

    @cached_property
    def _masked(self) -> re.Pattern[bytes] | None:
        expression = flexible(of_masked(self.text)).encode()
        try:
            return re.compile(expression, re.MULTILINE) if expression else None
        except re.error:
            return None

    def may_match(self, text: str) -> bool:
        """Tell whether the sign may match the line `text` if its digits were others."""
        return "(?-i" in self.text or bool(self._relaxed.search(text))

    @cached_property
    def _relaxed(self) -> re.Pattern[str]:
        return re.compile(flexible(any_digits(self.text)), re.IGNORECASE | re.MULTILINE)

    @cached_property
    def figures(self) -> tuple[tuple[bytes, ...], ...]:
        """The parts with digits that a match holds as they stand: one of each set."""
        sets = [[_FIGURES.findall(word.encode()) for word in choice] for choice in self.words]
        return tuple(tuple(sorted(max(runs, key=len) for runs in one)) for one in sets if all(one))

    @cached_property
    def anchored(self) -> bool:
        """Whether a match may have to stand at the beginning."""
        return "^" in self.text.replace("[^", "")

    @cached_property
    def masked_words(self) -> tuple[frozenset[str], ...]:
        """`words` with 0 for every digit."""
        return tuple(frozenset(_DIGIT.sub("0", word) for word in choice) for choice in self.words)

    @property
    def has_groups(self) -> bool:
        """Whether a value or an instance may be read from a match."""
        return "(?P<" in self.text

    def holds_words(self, text: str) -> bool:
        """Tell whether `text`, in lower case, holds a word of each set."""
        return all(any(word in text for word in choice) for choice in self.words)


def log_signs(observations: Iterable[ObservationType]) -> tuple[LogSign, ...]:
    """Make the log signs of `observations` ready, those of their recovery too."""
    return tuple(
        sign
        for one in sorted(observations, key=lambda entry: entry.id)
        for recovery, texts in ((False, one.signs.log), (True, one.signs.recovered))
        for sign in _ready(one, texts, recovery)
    )


def prose_signs(observations: Iterable[ObservationType]) -> tuple[LogSign, ...]:
    """Make the signs of what a text is about ready."""
    return tuple(
        sign
        for one in sorted(observations, key=lambda entry: entry.id)
        for sign in _ready(one, one.signs.prose)
    )


def _ready(observation: ObservationType, texts: Iterable[str], recovery: bool = False) -> Iterator[LogSign]:
    for text in texts:
        for part in alternatives(plain(text)):
            yield LogSign(observation, part, required_words(part), recovery)


def named(match: re.Match[str], group: str) -> str:
    """Return the text of a named group, "" if there is none."""
    return match.groupdict().get(group) or ""


def value_of(observation: ObservationType, text: str) -> Value:
    """Return the value that the group ``value`` of a sign gives."""
    if observation.value is ValueKind.NUMBER:
        try:
            return float(text.replace(" ", "").replace(",", "."))
        except ValueError:
            return None
    if observation.value is ValueKind.WORD and text:
        known = {word.casefold(): word for word in observation.values}
        return known.get(text.casefold(), text)
    return None
