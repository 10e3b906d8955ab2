"""All log signs looked for at once: which lines may show which sign, found in a single pass.

Each sign is looked for by the words that its matches cannot do without. All of them run together through
an Aho-Corasick automaton over the bytes of a text, whose time grows with the length of the text only (Aho and
Corasick 1975, "Efficient string matching: an aid to bibliographic search"). Words are cut down to ASCII, so
that one automaton serves UTF-8 and Latin-1 alike.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from campaign_rules.evidence.log_signs import LogSign

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

_RUN = re.compile(r"[!#-&(-_a-~]+")
"""A run of ASCII characters that no typography changes: no space, quote or backtick."""
_FURNITURE = (
    *(b"log", b"info", b"warning", b"error", b"http", b"delivery", b"deliveries", b"message", b"session"),
    *(b"connection", b"database", b"workflow", b"instance", b"file", b"query", b"option", b"recipient"),
    *(b"server", b"schema", b"nlserver", b"campaign", b"started", b"stopped", b"request", b"operator"),
    *(b"/nl/jsp/", b"smtp", b"soap", b"sent", b"loading", b"process", b"user", b"open", b"tracking", b"task"),
)
"""Words that fill logs whatever goes on."""
_ON_EVERY_LINE = frozenset({b"log", b"info"})
_EVERYWHERE, _DULL, _COMMON = 1_000_000, 50_000, 50
_SHORT = {1: 60_000, 2: 50_000, 3: 20, 4: 5}
_RARE = 3

_ZEROS = {ord(digit): "0" for digit in "123456789"}
_MASK = bytes(
    ord("0") if chr(byte).isdecimal() and byte < 128 else ord(chr(byte).lower()) if byte < 128 else byte
    for byte in range(256)
)


def mask(data: bytes) -> bytes:
    """Return `data` with ASCII in small letters and 0 for every digit: lines of one shape become equal."""
    return data.translate(_MASK)


def masked(text: str) -> str:
    """Return `text` in lower case with 0 for every digit."""
    return text.lower().translate(_ZEROS)


Choices = tuple[tuple[bytes, ...], ...]
"""Sets of masked words, of each of which a line holds one."""

Checks = tuple[tuple[tuple[bytes, ...], tuple[tuple[int, Choices], ...]], ...]
"""What is left to be looked for: a set of words, and the signs that need it, with their other sets."""


@frozen(eq=False)
class Scanner:
    """The words looked for, and what each sign needs of them.

    `needs` holds for each sign the sets of words of which a line must hold one each. Those of the first set
    are looked for: `led_by` holds for each of `words` the signs that have it there. `numbers` are looked
    for as they stand: without a letter, they would be in every line if masked. `always` are the signs
    without any word.
    """

    signs: tuple[LogSign, ...]
    needs: tuple[Choices, ...]
    words: tuple[bytes, ...]
    led_by: tuple[tuple[int, ...], ...]
    automaton: BytesAhoCorasick
    numbers: tuple[bytes, ...]
    numbers_needed_by: tuple[tuple[int, ...], ...]
    numbers_automaton: BytesAhoCorasick
    always: tuple[int, ...]

    def figures(self, data: bytes) -> Iterator[tuple[tuple[int, ...], int]]:
        """Yield for each number in `data`, which is not masked, the signs that need it and its place."""
        for number, begin, _ in self.numbers_automaton.find_matches_as_indexes(data, overlapping=True):
            yield self.numbers_needed_by[number], begin

    def lines(self, text: bytes) -> Iterator[tuple[int, int, frozenset[int]]]:
        """Yield the begin and the end of each line of masked `text` that holds words, and these."""
        hits = self.automaton.find_matches_as_indexes(text, overlapping=True)
        first, at, total = 0, 0, len(hits)
        while at < total or (self.always and first < len(text)):
            if not self.always:
                first = text.rfind(b"\n", 0, hits[at][1]) + 1
            last = text.find(b"\n", first)
            if last < 0:
                last = len(text)
            words = set()
            while at < total and hits[at][1] < last:
                words.add(hits[at][0])
                at += 1
            yield first, last, frozenset(words)
            first = last + 1

    def checks(self, words: Iterable[int]) -> Checks:
        """Return what is left to be looked for in a line that holds `words`."""
        led = sorted({*self.always, *(position for word in words for position in self.led_by[word])})
        groups: dict[tuple[bytes, ...], list[tuple[int, Choices]]] = defaultdict(list)
        for position in led:
            rest = self.needs[position][1:]
            groups[rest[0] if rest else (b"",)].append((position, rest[1:]))
        return tuple((choice, tuple(members)) for choice, members in groups.items())

    def suited(self, sample: bytes) -> Scanner:
        """Return a scanner for the same signs that looks for the words that are rare in masked `sample`."""
        words = sorted({word for sets in self.needs for choice in sets for word in choice})
        hits = _automaton(words).find_matches_as_indexes(sample, overlapping=True)
        counted = Counter(words[word] for word, _, _ in hits)
        needs = tuple(
            tuple(sorted(sets, key=lambda choice: sum(map(counted.__getitem__, choice))))
            for sets in self.needs
        )
        by_number = {position for positions in self.numbers_needed_by for position in positions}
        rare, led_by = _led(needs, by_number)
        return evolve(self, needs=needs, words=rare, led_by=led_by, automaton=_automaton(rare))


def held(checks: Checks, line: bytes) -> list[int]:
    """Return the signs whose words the masked `line` holds, in order."""
    found: list[int] = []
    for choice, members in checks:
        for word in choice:
            if word in line:
                break
        else:
            continue
        for position, rest in members:
            for other in rest:
                for word in other:
                    if word in line:
                        break
                else:
                    break
            else:
                found.append(position)
    found.sort()
    return found


@lru_cache(maxsize=16)
def make_scanner(signs: tuple[LogSign, ...]) -> Scanner:
    """Choose the words for `signs` and build the automata."""
    needs: list[Choices] = []
    numbers: dict[bytes, set[int]] = defaultdict(set)
    for position, sign in enumerate(signs):
        sets = _word_sets(sign)
        needs.append(tuple(tuple(sorted(words)) for _, words in sets))
        if not sets or sets[0][0] >= _DULL:
            for number in _numbers(sign):
                numbers[number].add(position)
    by_number = {position for positions in numbers.values() for position in positions}
    words, led_by = _led(needs, by_number)
    kept = sorted(numbers)
    return Scanner(
        signs,
        tuple(needs),
        words,
        led_by,
        _automaton(words),
        tuple(kept),
        tuple(tuple(sorted(numbers[number])) for number in kept),
        _automaton(kept),
        tuple(at for at, sets in enumerate(needs) if not sets and at not in by_number),
    )


def _led(
    needs: Sequence[Choices], without: Set[int]
) -> tuple[tuple[bytes, ...], tuple[tuple[int, ...], ...]]:
    """Return the words of the first sets of all signs but some, and for each word the signs it stands for."""
    led: dict[bytes, list[int]] = defaultdict(list)
    for position, sets in enumerate(needs):
        if position not in without:
            for word in sets[0] if sets else ():
                led[word].append(position)
    words = tuple(sorted(led))
    return words, tuple(tuple(led[word]) for word in words)


def _automaton(words: Iterable[bytes]) -> BytesAhoCorasick:
    from ahocorasick_rs import BytesAhoCorasick, Implementation

    return BytesAhoCorasick(words, implementation=Implementation.DFA)


def _word_sets(sign: LogSign) -> list[tuple[int, frozenset[bytes]]]:
    """Return the sets of words of which each match of `sign` holds one, masked, the rarest set first."""
    sets = {runs for choice in sign.masked_words if (runs := _runs(choice))}
    if not sets:
        sets = {_spellings(choice) for choice in sign.masked_words[:1]}
    return sorted(
        ((sum(map(_cost, words)), words) for words in sets), key=lambda one: (one[0], sorted(one[1]))
    )


def _runs(choice: Iterable[str]) -> frozenset[bytes]:
    """Return the best ASCII part of each word; nothing if one of them has none."""
    parts = [_RUN.findall(word) for word in choice]
    if not all(parts):
        return frozenset()
    return frozenset(
        min(runs, key=lambda run: (_cost(run.encode()), -len(run), run)).encode() for runs in parts
    )


@lru_cache(maxsize=1 << 14)
def _cost(word: bytes) -> int:
    """Return how common a masked word is likely to be in a log."""
    if word in _ON_EVERY_LINE or not re.search(rb"[a-z\x80-\xff]", word):
        return _EVERYWHERE
    short = _SHORT.get(len(word), 0)
    return short + 1 + (_COMMON if any(word in common for common in _FURNITURE) else 0)


def _numbers(sign: LogSign) -> frozenset[bytes]:
    """Return the words of `sign` as they stand, of the longest set that has no letter, if they are rare."""
    bare = [choice for choice in sign.words if not any(re.search(r"[^\W\d_]", word) for word in choice)]
    choice = max(bare, key=lambda one: (min(map(len, one)), sorted(one)), default=frozenset())
    rare = all(len(word) >= _RARE for word in choice)
    return frozenset(word.encode() for word in choice) if rare else frozenset()


def _spellings(choice: Iterable[str]) -> frozenset[bytes]:
    """Return the words in small and in large letters, in UTF-8 and in Latin-1, ASCII in small letters."""
    spelt = {form for word in choice for form in (word, word.upper())}
    latin = {form.encode("latin-1", "ignore") for form in spelt}
    return frozenset(form.lower() for form in {form.encode() for form in spelt} | latin if form)
