"""Hostile input: anything may come in any mixture, and is read to its end in bounded time and memory."""

from __future__ import annotations

import gzip
import tracemalloc
from contextlib import suppress
from io import BytesIO
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import campaign_rules as cr
from campaign_rules.errors import InputError
from campaign_rules.evidence import gather, make_recogniser, read_stream
from campaign_rules.evidence.reading import WHOLE
from campaign_rules.model import Note, State
from tests.evidence.artefacts.samples import knowledge, samples

RECOGNISER = make_recogniser(knowledge())
TEXTS = [one.text for one in samples()]
PIECES = st.builds(
    lambda text, start, size: text[start : start + size],
    st.sampled_from(TEXTS),
    st.integers(0, 300),
    st.integers(0, 400),
)
GLUE = st.sampled_from(["", "\n", "\n\n", "\r", "> ", "...\n", "\0", "\x1b[0m", "\ufeff", "'", '"', "<!--"])
MIXTURES = st.lists(st.one_of(PIECES, GLUE, st.text(max_size=20)), max_size=12).map("".join)


def read(data: bytes, name: str = "x") -> tuple[set[tuple[str, str, State]], tuple[Note, ...]]:
    ranks, notes = read_stream(name, BytesIO(data), RECOGNISER)
    return {(one.id, one.instance, one.state) for one in gather([ranks])}, notes


@given(MIXTURES)
@settings(max_examples=60)
def test_mixtures_are_read(text: str) -> None:
    found = cr.read_ticket(text, [text[::-1]], knowledge=knowledge())
    assert all(place.line >= 1 for one in found for place in one.provenance)


@given(st.sampled_from(TEXTS), st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=30))
@settings(max_examples=60)
def test_damaged_bytes_are_read_or_refused(text: str, changes: list[tuple[int, int]]) -> None:
    data = bytearray(text.encode())
    for at, byte in changes:
        data[at % len(data)] = byte
    for form in (bytes(data), gzip.compress(bytes(data)), gzip.compress(text.encode())[: len(data) // 3]):
        with suppress(InputError):
            read(form)


PDUMP = next(one for one in samples() if one.kind == "pdump")


@pytest.mark.parametrize("share", [0.8, 0.9])
def test_a_listing_at_the_end_of_a_damaged_file_makes_nothing_missing(share: float) -> None:
    letters = Random(0).choices("abcdefghijklmnopqrstuvwxyz\n", k=200_000)
    rows = "".join(f"mta@i{number} (1) - 9.6 Mo\n" for number in range(4_000))
    for text in ("".join(letters) + PDUMP.text, PDUMP.text + rows):
        packed = gzip.compress(text.encode())
        found, notes = read(packed[: int(len(packed) * share)])
        assert [note.text.partition(":")[0] for note in notes] == ["cut short"]
        assert not {one for one in found if one[0].startswith("process-missing") and one[2] is State.PRESENT}


def test_a_listing_that_reaches_beyond_what_is_looked_at_makes_nothing_missing() -> None:
    rows = "".join(f"mta@i{number} (1) - 9.6 Mo\n" for number in range(200))
    more = "".join(f"unknown@i{number} (1) - 9.6 Mo\n" for number in range(WHOLE // 20))
    found, _ = read(f"$ nlserver pdump\nwatchdog (1) - 6 Mo\n{rows}{more}web@default (3) - 5 Mo\n".encode())
    assert ("process-missing-mta", "i7", State.ABSENT) in found
    assert not {one for one in found if one[0].startswith("process-missing") and one[2] is State.PRESENT}


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{level} "{f"&a{level - 1 or str()};" * 10}">' for level in range(1, 9))
    + ']><serverconf><mta autoStart="false" statServerAddress="&a8;"/></serverconf>'
)
FOREIGN = (
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    '<serverconf><mta autoStart="false"/><relay address="&b;"/></serverconf>'
)


@pytest.mark.parametrize("text", [BOMB, FOREIGN, "<serverconf>" * 5000, "<a>" * 50_000 + "</serverconf>"])
def test_documents_with_entities_or_without_end_give_no_settings(text: str) -> None:
    found, _ = read(text.encode(), "conf/config-prod.xml")
    assert not {one for one in found if one[0] in ("module-not-started-here", "relay-configured")}


@pytest.mark.slow
@pytest.mark.parametrize("line", ["a" * 1000, "x\n", "mta@prod (1) - 2 Mo\n", "<mta "])
def test_a_large_file_takes_little_memory(line: str) -> None:
    data = gzip.compress((line * ((24 << 20) // len(line))).encode(), compresslevel=1)
    read(b"warm up")
    tracemalloc.start()
    try:
        read(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 96 << 20
