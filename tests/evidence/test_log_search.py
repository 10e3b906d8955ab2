"""The search of a log beside the plain way: every sign tried on every line."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest

import campaign_rules as cr
from benchmarks.logs import pieces, showing_lines
from campaign_rules.evidence import log_search, make_recogniser
from campaign_rules.evidence.blocks import read_blocks
from campaign_rules.evidence.decode import decode_line
from campaign_rules.evidence.log_lines import instance_name, named_instance
from campaign_rules.evidence.log_matches import match_blocks, match_text
from campaign_rules.evidence.log_signs import LogSign, log_signs, named, value_of
from campaign_rules.evidence.long_lines import OVERLAP
from campaign_rules.evidence.period import Period
from campaign_rules.evidence.text_lines import unquoted
from campaign_rules.model import ObservationType, Signs, Value

Found = dict[tuple[str, Value, str], tuple[int, int]]
"""First line and number of lines for each observation, value and instance."""


@cache
def shipped() -> tuple[LogSign, ...]:
    return make_recogniser(cr.load_knowledge(cache=False)).logs


@cache
def showing() -> tuple[str, ...]:
    return showing_lines(shipped())


def plainly(log: bytes, signs: Sequence[LogSign]) -> Found:
    found: dict[tuple[str, Value, str], list[int]] = {}
    for number, line in enumerate(log.split(b"\n"), start=1):
        text = unquoted(decode_line(line))
        for sign in signs:
            if match := log_search._search(sign, text):
                given = named(match, "instance")
                instance = instance_name(given) if given else named_instance(text)
                key = (sign.observation.id, value_of(sign.observation, named(match, "value")), instance)
                lines = found.setdefault(key, [])
                if number not in lines:
                    lines.append(number)
    return {key: (lines[0], len(lines)) for key, lines in found.items()}


def searched(log: bytes, signs: Sequence[LogSign]) -> Found:
    seen = match_blocks(read_blocks(BytesIO(log), "", OVERLAP), "a.log", signs)
    return {
        (one.id, one.value, one.instance): (place.line, place.count)
        for one in seen
        for place in one.provenance
    }


def made(seed: int) -> bytes:
    """Return lines that show nothing, lines of scenarios, and lines of both cut up and put together."""
    draw = random.Random(seed)
    lines = next(pieces(12_000, showing(), seed)).splitlines()
    lines += [line.encode() for line in draw.sample(showing(), 30)]
    words = b" ".join(lines).split(b" ")
    lines += [b" ".join(draw.choices(words, k=12)) for _ in range(30)]
    lines += [draw.choice((bytes.upper, bytes.title))(draw.choice(lines)) for _ in range(15)]
    lines += [b"> " + draw.choice(lines) + " è".encode(draw.choice(("utf-8", "latin-1"))) for _ in range(10)]
    draw.shuffle(lines)
    return b"\n".join(lines)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("suited", [log_search.SUITED, 0])
def test_nothing_is_missed_and_nothing_invented(
    seed: int, suited: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_search, "SUITED", suited)
    log = made(seed)
    expected = {key: places for key, places in plainly(log, shipped()).items() if key[1] is None}
    assert {key: places for key, places in searched(log, shipped()).items() if key[1] is None} == expected
    assert len(expected) > 20


def sign(*expressions: str) -> tuple[LogSign, ...]:
    return log_signs([ObservationType("seen", {"en": "seen"}, signs=Signs(log=expressions))])


def test_the_line_shown_is_the_line_named_where_two_signs_show_the_same() -> None:
    text = "x :7777 first by figures\nthe statistics server fails"
    (seen,) = match_text(text, "a.log", sign(r"statistics server", r":7777\b"))
    (place,) = seen.provenance
    assert (place.line, place.text, place.count) == (1, "x :7777 first by figures", 2)


def test_a_line_outside_the_period_lends_no_words() -> None:
    text = "2026-11-02T00:00:00Z disk full 1\n2026-11-03T00:00:00Z disk full 2"
    (seen,) = match_text(text, "a.log", sign("disk full"), Period(since="2026-11-03"))
    assert [(place.line, place.text) for place in seen.provenance] == [
        (2, "2026-11-03T00:00:00Z disk full 2")
    ]


def test_a_long_line_counts_once_for_each_instance_that_it_names() -> None:
    filling = "nothing here " * 2_000
    text = f"disk full {filling}'mta@prod' disk full {filling} disk full"
    seen = match_text(text, "a.log", sign("disk full"))
    assert sorted((one.instance, one.provenance[0].count) for one in seen) == [("", 1), ("prod", 1)]


READER = """
import sys
import campaign_rules as cr
megabytes, end = int(sys.argv[1]), sys.argv[2].encode()
class Endless:
    left = megabytes << 20
    def read(self, size=-1):
        size = min(self.left, size if size >= 0 else self.left)
        self.left -= size
        text = b"0123 4567 89ab cdef " * (size // 20 + 1)
        return (text + end + b"ODBC error: lost " + end)[-size:] if size else b""
read = cr.read_files([], streams={"pipe": Endless()})
status = open("/proc/self/status").read()
peak = int(status.partition("VmHWM:")[2].split()[0])
print(peak, len(read.observations))
"""


@pytest.mark.slow
@pytest.mark.parametrize(("megabytes", "end"), [(200, " "), (200, "\n")], ids=["one line", "lines"])
def test_reading_takes_little_memory_however_long_a_line_is(megabytes: int, end: str) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip(
            "this system does not tell the largest memory of a process that was started from a larger one"
        )
    command = [sys.executable, "-c", READER, str(megabytes), end]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    kilobytes, observations = map(int, done.stdout.split())
    assert kilobytes < 300_000
    assert observations
