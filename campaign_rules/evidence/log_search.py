"""Log lines to observations, in one pass: shapes of lines, candidates for each, confirmed and counted.

Lines that differ only in their digits and in small and large letters have one shape. What a shape shows is
found out once; signs that tell digits apart, or read a value, are tried on each of its lines. A confirming
expression runs on one line, or on a window of a long one, so that its time is bounded whatever the text
holds.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from io import BytesIO
from itertools import accumulate

from attrs import evolve, frozen

from campaign_rules.evidence.blocks import Block, read_blocks
from campaign_rules.evidence.decode import decode_line
from campaign_rules.evidence.findings import Finding, Findings
from campaign_rules.evidence.line_clock import LineClock
from campaign_rules.evidence.log_lines import instance_name, named_instance, path_instance, read_log_line
from campaign_rules.evidence.log_signs import LogSign, named, value_of
from campaign_rules.evidence.period import ALWAYS, Period
from campaign_rules.evidence.scanner import Scanner, make_scanner, mask, masked
from campaign_rules.evidence.text_lines import REACH, Line, excerpt, plain, unquoted
from campaign_rules.evidence.times import Calendar, day_in_name
from campaign_rules.model import Observation, State

WINDOW = 4_096
"""Bytes of the longest line that is read at once; a longer one is read in windows of twice as many."""

OVERLAP = 2 * WINDOW
"""Bytes that two parts of one long line share."""

MOST_REMEMBERED = 8 << 20
"""Bytes of the shapes of lines that are remembered."""

MOST_COMBINATIONS = 50_000
"""Combinations of words for which the signs that may match are remembered."""

_ISO = re.compile(rb"0000-00-00[t ]00:00:00(?:[.,]\d+)?(?:z|[\t ](?! ?[+-]\d))")

Figures = tuple[tuple[bytes, ...], ...]

Beside = Callable[[], tuple[str, str]]
"""Gives what stands before and after a part of a line."""


@frozen
class _Shape:
    """What is known of all lines of one shape.

    `sure` are found in each of them, `open` are the signs to be tried on each that holds their figures.
    `dated` says that the line begins with an ISO time without offset.
    """

    sure: tuple[Finding, ...]
    open: tuple[tuple[int, Figures], ...]
    dated: bool


_BLANK = _Shape((), (), False)


def _nothing_beside() -> tuple[str, str]:
    return "", ""


class LogSearch:
    """One reading of one source. Give it the blocks in order, then take the observations."""

    def __init__(self, source: str, signs: Sequence[LogSign], period: Period = ALWAYS) -> None:
        self._source = source
        self._scanner: Scanner = make_scanner(tuple(signs))
        self._home = path_instance(source)
        self._period = period
        self._clock = LineClock(Calendar(day_in_name(source) or period.day))
        self._findings = Findings()
        self._shapes: dict[bytes, _Shape | None] = {}
        self._remembered = 0
        self._needing: dict[frozenset[int], tuple[int, ...]] = {}
        self._number = 1

    def read(self, block: Block) -> None:
        """Search the next block of the source."""
        data = block.data
        self._clock.enter(data, block.inside)
        keys = mask(data).split(b"\n")
        starts = list(accumulate(map((1).__add__, map(len, keys)), initial=0))
        shapes = self._look_up(data, keys, starts)
        if block.inside or len(max(keys, key=len)) > WINDOW:
            self._read_long_lines(data, keys, starts, block.inside)
            shapes = [
                None if len(key) > WINDOW or (block.inside and not at) else shape
                for at, (key, shape) in enumerate(zip(keys, shapes, strict=True))
            ]
        by_figures = self._by_figures(data, keys, starts)
        showing = [at for at, shape in enumerate(shapes) if shape is not None]
        everything = self._period.open
        for at in sorted({*showing, *by_figures}) if by_figures else showing:
            shape = shapes[at] or _BLANK
            first = starts[at]
            line = data[first : first + len(keys[at])]
            signs = _to_be_tried(shape.open, line) if shape.open else []
            if at in by_figures:
                signs.extend(by_figures[at])
            if not (shape.sure or signs):
                continue
            time = (
                f"{line[:10].decode()}T{line[11:19].decode()}"
                if shape.dated
                else self._clock.time(data, first)
            )
            if everything or self._period.holds(time):
                for finding in shape.sure:
                    finding.add(self._number + at, time)
                if signs:
                    self._try(signs, unquoted(decode_line(line)), self._number + at, time)
        self._number += len(keys) - 1
        self._clock.leave(data)

    def observations(self) -> tuple[Observation, ...]:
        """Return an observation for each finding, with one place each."""
        return tuple(
            Observation(name, State.PRESENT, value, instance, (seen.place(self._source),))
            for (name, value, instance), seen in self._findings.counted()
        )

    def _look_up(self, data: bytes, keys: Sequence[bytes], starts: Sequence[int]) -> list[_Shape | None]:
        """Return the shape of each line, None where it shows nothing; new ones are found out at once."""
        known = self._shapes
        if self._remembered > MOST_REMEMBERED:
            known.clear()
            self._remembered = 0
        new: dict[bytes, int] = {}
        for at, key in enumerate(keys):
            if key not in known and len(key) <= WINDOW:
                new.setdefault(key, at)
        if new:
            self._remembered += sum(map(len, new))
            known.update(dict.fromkeys(new))
            needing = self._needing
            if len(needing) > MOST_COMBINATIONS:
                needing.clear()
            text = b"\n".join(new)
            for first, last, words in self._scanner.lines(text):
                key = text[first:last]
                at = new[key]
                start = starts[at]
                if words not in needing:
                    needing[words] = self._scanner.needing(words)
                if signs := needing[words]:
                    line = data[start : start + len(key)]
                    known[key] = self._shape(line, key, signs, self._number + at)
        return list(map(known.get, keys))

    def _by_figures(self, data: bytes, keys: Sequence[bytes], starts: Sequence[int]) -> dict[int, list[int]]:
        """Return the signs that are looked for by bare figures, for each line that holds them."""
        found: dict[int, set[int]] = {}
        for signs, begin in self._scanner.figures(data):
            at = bisect_right(starts, begin) - 1
            if len(keys[at]) <= WINDOW:
                found.setdefault(at, set()).update(signs)
        return {at: sorted(signs) for at, signs in found.items()}

    def _shape(self, line: bytes, key: bytes, signs: Iterable[int], number: int) -> _Shape | None:
        """Find out what every line of the shape `key` shows, from one of them."""
        lowered = key.decode().replace("`", "'") if key.isascii() else masked(unquoted(decode_line(line)))
        every, also_holds = self._scanner.signs, self._scanner.also_holds
        held = [position for position in signs if also_holds(position, lowered)]
        if not held:
            return None
        text = unquoted(decode_line(line))
        message = read_log_line(text).message
        names_instance = bool(named_instance(text))
        sure: list[Finding] = []
        undecided: list[tuple[int, Figures]] = []
        for position in held:
            sign = every[position]
            if sign.tells_apart:
                if sign.may_match(text) or (sign.anchored and sign.may_match(message)):
                    undecided.append((position, sign.figures))
            elif match := _search(sign, text):
                if names_instance or sign.has_groups:
                    undecided.append((position, ()))
                else:
                    sure.append(self._finding(sign, match, text, number))
        if not (sure or undecided):
            return None
        return _Shape(tuple(dict.fromkeys(sure)), tuple(undecided), bool(_ISO.match(key)))

    def _read_long_lines(
        self, data: bytes, keys: Sequence[bytes], starts: Sequence[int], inside: bool
    ) -> None:
        """Read long lines in windows that overlap by half; a block may begin `inside` one."""
        for at, key in enumerate(keys):
            first = starts[at]
            cut = inside and not at
            if len(key) <= WINDOW and not cut:
                continue
            time = self._clock.time(data, first)
            if not self._period.holds(time):
                continue
            for begin in range(0, len(key), WINDOW):
                end = min(len(key), begin + 2 * WINDOW)
                words = {word for _, _, found in self._scanner.lines(key[begin:end]) for word in found}
                raw = data[_whole(data, first + begin) : _whole(data, first + end)]
                part = decode_line(raw)
                within = cut or begin > 0
                bare = {sign for signs, _ in self._scanner.figures(raw) for sign in signs}
                signs = sorted({*self._scanner.needing(words), *bare})
                beside = partial(_beside, data, first + begin, first + end, first, first + len(key))
                text = plain(part) if within else unquoted(part)
                self._try(signs, text, self._number + at, time, within, beside)

    def _try(
        self,
        signs: Iterable[int],
        text: str,
        number: int,
        time: str,
        cut: bool = False,
        beside: Beside = _nothing_beside,
    ) -> None:
        """Count what `signs` show in a line; `cut` says that `text` begins within it."""
        lowered = text.lower()
        for position in signs:
            sign = self._scanner.signs[position]
            if sign.holds_words(lowered) and (match := _search(sign, text, cut)):
                self._finding(sign, match, text, number, beside).add(number, time)

    def _finding(
        self,
        sign: LogSign,
        match: re.Match[str],
        text: str,
        number: int,
        beside: Beside = _nothing_beside,
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


def match_blocks(
    blocks: Iterable[Block], source: str, signs: Sequence[LogSign], period: Period = ALWAYS
) -> tuple[Observation, ...]:
    """Return what `signs` show in the blocks of one source."""
    search = LogSearch(source, signs, period)
    for block in blocks:
        search.read(block)
    return search.observations()


def match_text(
    text: str, source: str, signs: Sequence[LogSign], period: Period = ALWAYS
) -> tuple[Observation, ...]:
    """Return what `signs` show in `text`."""
    stream = BytesIO(text.encode("utf-8", "replace"))
    return match_blocks(read_blocks(stream, "", OVERLAP), source, signs, period)


def match_lines(
    lines: Sequence[Line], source: str, signs: Sequence[LogSign], period: Period = ALWAYS
) -> tuple[Observation, ...]:
    """Return what `signs` show in `lines`, which need not follow one another."""
    if not lines:
        return ()
    search = LogSearch(source, signs, period)
    search.read(Block("\n".join(line.text for line in lines).encode("utf-8", "replace")))
    return tuple(
        evolve(
            found,
            provenance=tuple(evolve(one, line=lines[one.line - 1].number) for one in found.provenance),
        )
        for found in search.observations()
    )
