"""Log lines to observations: the regular expressions of the knowledge base, run where they can match.

Each expression is cut at its top-level alternatives; the words that an alternative requires are
looked up in the text first, among its distinct words and then in its lines, and the expression runs on
the lines that hold them. It is compiled when it first runs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from attrs import field, frozen

from campaign_rules.errors import KnowledgeError
from campaign_rules.evidence.log_lines import instance_name, path_instance, read_log_line
from campaign_rules.evidence.pattern import alternatives, flexible, required_words
from campaign_rules.evidence.text_lines import Line, excerpt, plain
from campaign_rules.model import Observation, ObservationType, Provenance, State, Value, ValueKind


@frozen(eq=False)
class LogSign:
    """One alternative of a log sign, as written. Each match holds a word of each set of `words`."""

    observation: ObservationType
    text: str
    words: tuple[frozenset[str], ...]

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """The alternative compiled. Raises :class:`KnowledgeError` if it is no regular expression."""
        try:
            return re.compile(flexible(self.text), re.IGNORECASE | re.MULTILINE)
        except re.error as error:
            where = f"observation {self.observation.id}: log sign {self.text!r}"
            raise KnowledgeError([f"{where} is no regular expression: {error}"]) from None


def log_signs(observations: Iterable[ObservationType]) -> tuple[LogSign, ...]:
    """Make the log signs of `observations` ready."""
    return tuple(
        LogSign(observation, part, required_words(part))
        for observation in sorted(observations, key=lambda entry: entry.id)
        for text in observation.signs.log
        for part in alternatives(plain(text))
    )


def match_lines(lines: Sequence[Line], source: str, signs: Iterable[LogSign]) -> tuple[Observation, ...]:
    """Return an observation for each sign and line that match.

    The line is searched, and for an expression bound to a beginning its message as well. The instance
    is the sign's named group, else the one that the line names, else the one whose folder `source`
    lies in.
    """
    index = _LineIndex.of(lines)
    home = path_instance(source)
    found: list[Observation] = []
    for sign in signs:
        for line in index.holding(sign.words):
            match = sign.expression.search(line.text)
            if match is None and "^" in sign.text:
                match = sign.expression.search(read_log_line(line.text).message)
            if match and match[0]:
                log_line = read_log_line(line.text)
                named = _group(match, "instance")
                instance = instance_name(named) if named else log_line.instance or home
                at = max(0, match.start() - (len(match.string) - len(log_line.message)))
                shown = excerpt(log_line.message, at, at + len(match[0]))
                found.append(_observation(sign, match, instance, Provenance(source, line.number, shown)))
    return tuple(found)


def match_prose(lines: Sequence[Line], source: str, signs: Iterable[LogSign]) -> tuple[Observation, ...]:
    """Return an observation for each sign found in running text, where a match may span line breaks."""
    text = "\n".join(line.text for line in lines)
    index = _LineIndex.of(lines)
    found: list[Observation] = []
    for sign in signs:
        if not index.may_hold(sign.words):
            continue
        for match in sign.expression.finditer(text):
            if not match[0]:
                continue
            instance = instance_name(_group(match, "instance") or "")
            shown = excerpt(" ".join(match[0].split()))
            place = Provenance(source, index.line_at(match.start()).number, shown)
            found.append(_observation(sign, match, instance, place))
    return tuple(found)


@frozen(eq=False)
class _LineIndex:
    """Lines, their text in lower case, where each begins in it, and the lines of words asked for.

    `words` are the distinct words of the text: what has no space is in the text if it is in them.
    """

    lines: Sequence[Line]
    text: str
    words: str
    starts: list[int]
    known: dict[str, list[int]] = field(factory=dict)

    @classmethod
    def of(cls, lines: Sequence[Line]) -> _LineIndex:
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line.text) + 1)
        text = "\n".join(_lower(line.text) for line in lines)
        return cls(lines, text, " ".join(sorted(set(text.split()))), starts)

    def line_at(self, offset: int) -> Line:
        return self.lines[bisect_right(self.starts, offset) - 1]

    def holding(self, words: Sequence[frozenset[str]]) -> Iterator[Line]:
        """Yield the lines that hold a word of each set."""
        if not words:
            yield from self.lines
        if not words or not self.may_hold(words):
            return
        first, *others = words
        for at in sorted({at for word in first for at in self._with(word)}):
            text = self.text[self.starts[at] : self.starts[at + 1] - 1]
            if all(any(word in text for word in choice) for choice in others):
                yield self.lines[at]

    def may_hold(self, words: Sequence[frozenset[str]]) -> bool:
        """Tell whether the text holds a word of each set, on whatever lines."""
        return all(any(word in self.words for word in choice) for choice in words)

    def _with(self, word: str) -> list[int]:
        """Return the positions of the lines that hold `word`."""
        if word not in self.known:
            places: list[int] = []
            at = self.text.find(word) if word in self.words else -1
            while at >= 0:
                places.append(bisect_right(self.starts, at) - 1)
                at = self.text.find(word, self.starts[places[-1] + 1])
            self.known[word] = places
        return self.known[word]


def _lower(text: str) -> str:
    """Lower case that keeps every character's place."""
    lowered = text.lower()
    return (
        lowered
        if len(lowered) == len(text)
        else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    )


def _group(match: re.Match[str], name: str) -> str:
    return match.groupdict().get(name) or ""


def _observation(sign: LogSign, match: re.Match[str], instance: str, place: Provenance) -> Observation:
    value = _value(sign.observation, _group(match, "value"))
    return Observation(sign.observation.id, State.PRESENT, value, instance, (place,))


def _value(observation: ObservationType, text: str) -> Value:
    if observation.value is ValueKind.NUMBER:
        try:
            return float(text.replace(" ", "").replace(",", "."))
        except ValueError:
            return None
    if observation.value is ValueKind.WORD and text:
        known = {word.casefold(): word for word in observation.values}
        return known.get(text.casefold(), text)
    return None
