"""Log lines to observations, in one pass: shapes of lines, candidates for each, confirmed and counted.

Lines that differ only in their digits and in small and large letters have one shape. What a shape shows is
found out once; signs that tell digits apart, or read a value, are tried on each of its lines. A confirming
expression runs on one line, or on a window of a long one, so that its time is bounded whatever the text
holds.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence

from attrs import frozen

from campaign_rules.evidence.blocks import Block
from campaign_rules.evidence.decode import decode_line
from campaign_rules.evidence.findings import Finding, Findings
from campaign_rules.evidence.line_clock import LineClock
from campaign_rules.evidence.log_lines import instance_name, named_instance, path_instance, read_log_line
from campaign_rules.evidence.log_signs import LogSign, named, value_of
from campaign_rules.evidence.long_lines import Beside, long_lines, nothing_beside, windows
from campaign_rules.evidence.period import ALWAYS, Period
from campaign_rules.evidence.scanner import Checks, Scanner, held, make_scanner, mask
from campaign_rules.evidence.text_lines import excerpt, unquoted
from campaign_rules.evidence.times import Calendar, day_in_name
from campaign_rules.model import Observation, State

MOST_REMEMBERED = 8 << 20
"""Bytes of the shapes of lines that are remembered."""

MOST_COMBINATIONS = 50_000
"""Combinations of words for which what is left to be looked for is remembered."""

SUITED = 1 << 20
"""Bytes of a source after which the words looked for are chosen by what it holds."""

SAMPLE = 1 << 16
"""Bytes that are looked at for that."""

_ISO = re.compile(rb"0000-00-00[t ]00:00:00(?:[.,]\d+)?(?:z|[\t ](?! ?[+-]\d))")

Figures = tuple[tuple[bytes, ...], ...]


@frozen
class _Shape:
    """What is known of all lines of one shape.

    `sure` are found in each of them, `open` are the signs to be tried on each that holds their figures.
    """

    sure: tuple[Finding, ...]
    open: tuple[tuple[int, Figures], ...]


_BLANK = _Shape((), ())


class LogSearch:
    """One reading of one source. Give it the blocks in order, then take the observations."""

    def __init__(self, source: str, signs: Sequence[LogSign], period: Period = ALWAYS) -> None:
        self._source = source
        self._scanner: Scanner = make_scanner(tuple(signs))
        self._home = path_instance(source)
        self._period = period
        self._clock = LineClock(Calendar(day_in_name(source) or period.day))
        self._findings = Findings()
        self._shapes: dict[bytes, _Shape] = {}
        self._remembered = 0
        self._checks: dict[frozenset[int], Checks] = {}
        self._number = 1
        self._done = 0
        self._suits_until = SUITED

    def read(self, block: Block) -> None:
        """Search the next block of the source."""
        data = block.data
        text = mask(data)
        self._suit(text)
        self._clock.enter(data, block.inside)
        long = dict(long_lines(data, block.inside))
        showing = self._showing(text, long)
        by_figures = self._by_figures(data, long)
        at = 0
        for first in sorted({*long, *showing, *by_figures}):
            self._number += data.count(b"\n", at, first)
            at = first
            if first in long:
                self._read_long_line(data, text, first, long[first], block.inside and not first)
            else:
                last = data.find(b"\n", first)
                line = slice(first, last if last >= 0 else len(data))
                self._read_line(data, text[line], first, showing.get(first, ()), by_figures.get(first, ()))
        self._number += data.count(b"\n", at)
        self._clock.leave(data)

    def observations(self) -> tuple[Observation, ...]:
        """Return an observation for each finding, with one place each."""
        return tuple(
            Observation(name, State.PRESENT, value, instance, (seen.place(self._source),))
            for (name, value, instance), seen in self._findings.counted()
        )

    def _suit(self, text: bytes) -> None:
        """Look for the words that are rare in this source, and choose anew as it grows."""
        self._done += len(text)
        if self._done > self._suits_until:
            self._suits_until = 4 * self._done
            self._scanner = self._scanner.suited(text[:SAMPLE])
            self._checks.clear()

    def _showing(self, text: bytes, long: Container[int]) -> dict[int, list[int]]:
        """Return for the begin of each line that is not `long` the signs whose words it holds."""
        known = self._checks
        if len(known) > MOST_COMBINATIONS:
            known.clear()
        found: dict[int, list[int]] = {}
        for first, last, words in self._scanner.lines(text):
            checks = known.get(words)
            if checks is None:
                checks = known[words] = self._scanner.checks(words)
            if (signs := held(checks, text[first:last])) and first not in long:
                found[first] = signs
        return found

    def _by_figures(self, data: bytes, long: Container[int]) -> dict[int, set[int]]:
        """Return for the begin of each line the signs looked for by bare figures that it holds."""
        found: dict[int, set[int]] = {}
        for signs, begin in self._scanner.figures(data):
            first = data.rfind(b"\n", 0, begin) + 1
            if first not in long:
                found.setdefault(first, set()).update(signs)
        return found

    def _read_line(
        self, data: bytes, key: bytes, first: int, signs: Sequence[int], by_figures: Iterable[int]
    ) -> None:
        """Count what a line shows: its words are those of `signs`, its figures those of `by_figures`."""
        everything = self._period.open
        if not everything and not self._period.holds(self._time(data, key, first)):
            return
        line = data[first : first + len(key)]
        shape = _BLANK
        if signs:
            shape = self._shapes.get(key) or self._remember(key, self._shape(line, key, signs))
        tried = _to_be_tried(shape.open, line) if shape.open else []
        if by_figures:
            every, plain_key = self._scanner.signs, key.replace(b"`", b"'")
            tried.extend(position for position in by_figures if every[position].may_match_masked(plain_key))
        if not (shape.sure or tried):
            return
        time = self._time(data, key, first)
        for finding in shape.sure:
            finding.add(self._number, time)
        if tried:
            self._try(tried, unquoted(decode_line(line)), self._number, time)

    def _time(self, data: bytes, key: bytes, first: int) -> str:
        """Return when the line at `first` was written, whose shape is `key`."""
        if _ISO.match(key):
            return f"{data[first : first + 10].decode()}T{data[first + 11 : first + 19].decode()}"
        return self._clock.time(data, first)

    def _remember(self, key: bytes, shape: _Shape) -> _Shape:
        if self._remembered > MOST_REMEMBERED:
            self._shapes.clear()
            self._remembered = 0
        self._remembered += len(key)
        self._shapes[key] = shape
        return shape

    def _shape(self, line: bytes, key: bytes, signs: Iterable[int]) -> _Shape:
        """Find out what every line of the shape `key` shows, from one of them."""
        every = self._scanner.signs
        plain_key = key.replace(b"`", b"'")
        signs = [position for position in signs if every[position].may_match_masked(plain_key)]
        if not signs:
            return _BLANK
        text = unquoted(decode_line(line))
        message = read_log_line(text).message
        names_instance = bool(named_instance(text))
        sure: list[Finding] = []
        undecided: list[tuple[int, Figures]] = []
        for position in signs:
            sign = every[position]
            if sign.tells_apart:
                if sign.may_match(text) or (sign.anchored and sign.may_match(message)):
                    undecided.append((position, sign.figures))
            elif match := _search(sign, text):
                if names_instance or sign.has_groups:
                    undecided.append((position, ()))
                else:
                    sure.append(self._finding(sign, match, text, self._number))
        return _Shape(tuple(dict.fromkeys(sure)), tuple(undecided))

    def _read_long_line(self, data: bytes, key: bytes, first: int, last: int, cut: bool) -> None:
        """Read a long line in windows that overlap by half; `cut` says that it began in the block before."""
        time = self._clock.time(data, first)
        if not self._period.holds(time):
            return
        every, found_before = self._scanner.signs, set[int]()
        for window in windows(data, first, last, cut):
            part = key[window.begin : window.end].replace(b"`", b"'")
            signs = {sign for found, _ in self._scanner.figures(window.raw) for sign in found}
            for _, _, words in self._scanner.lines(part):
                signs.update(held(self._scanner.checks(words), part))
            names_instance = bool(named_instance(window.text))
            if not names_instance:
                signs -= found_before
            tried = sorted(sign for sign in signs if every[sign].may_match_masked(part))
            shown = self._try(tried, window.text, self._number, time, window.within, window.beside)
            if not names_instance:
                found_before.update(sign for sign in shown if not every[sign].has_groups)

    def _try(
        self,
        signs: Iterable[int],
        text: str,
        number: int,
        time: str,
        cut: bool = False,
        beside: Beside = nothing_beside,
    ) -> list[int]:
        """Count what `signs` show in a line and return those that do; `cut`: `text` begins within it."""
        lowered = text.lower()
        shown: list[int] = []
        for position in signs:
            sign = self._scanner.signs[position]
            if sign.holds_words(lowered) and (match := _search(sign, text, cut)):
                self._finding(sign, match, text, number, beside).add(number, time)
                shown.append(position)
        return shown

    def _finding(
        self,
        sign: LogSign,
        match: re.Match[str],
        text: str,
        number: int,
        beside: Beside = nothing_beside,
    ) -> Finding:
        given = named(match, "instance")
        instance = instance_name(given) if given else named_instance(text) or self._home
        key = (sign.shows, value_of(sign.observation, named(match, "value")), instance)
        if found := self._findings.get(key):
            return found
        if not self._findings.wants(key):
            return Finding(number, "")
        message = read_log_line(text).message
        start = max(0, match.start() - (len(match.string) - len(message)))
        before, after = beside()
        around, at = before + text + after, len(before) + len(text) - len(message)
        found = Finding(number, excerpt(message, start, start + len(match[0]), around=around, at=at))
        self._findings.keep(key, found)
        return found


def _search(sign: LogSign, text: str, cut: bool = False) -> re.Match[str] | None:
    """Search the line, and for an expression bound to a beginning its message as well."""
    match = sign.expression.search(text, 1 if cut else 0)
    if match is None and sign.anchored and not cut:
        match = sign.expression.search(read_log_line(text).message)
    return match if match and match[0] else None


def _to_be_tried(undecided: Iterable[tuple[int, Figures]], line: bytes) -> list[int]:
    """Return the positions of the signs whose figures stand in `line`, one of each set."""
    shown: list[int] = []
    for position, figures in undecided:
        for choice in figures:
            for figure in choice:
                if figure in line:
                    break
            else:
                break
        else:
            shown.append(position)
    return shown
