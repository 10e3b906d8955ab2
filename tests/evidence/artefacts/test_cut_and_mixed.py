"""What is cut measures nothing that the whole does not; what is mixed says what its parts say."""

from __future__ import annotations

from itertools import chain, zip_longest

import pytest

import campaign_rules as cr
from campaign_rules.evidence import make_recogniser
from campaign_rules.evidence.artifact import measure
from campaign_rules.evidence.text_lines import split_lines
from campaign_rules.model import State
from tests.evidence.artefacts.samples import Sample, in_state, knowledge, samples, says

each_sample = pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.kind)

PDUMP = next(one for one in samples() if one.kind == "pdump")
OPPOSED = (
    "banner",
    "banner of an older build, nothing running",
    "monitor -missing, nothing missing",
    "ss",
    "netstat on Windows",
)
"""Kinds that other kinds contradict, with another build, other processes or ports."""

RECOGNISER = make_recogniser(knowledge())


def measured(text: str, sample: Sample) -> set[tuple[str, str, State]]:
    found = measure(split_lines(text, sample.name), sample.name, RECOGNISER)
    return says((*found.observations, *found.unlisted))


@each_sample
def test_cut_after_any_line(sample: Sample) -> None:
    whole = measured(sample.text, sample)
    lines = sample.text.splitlines(keepends=True)
    for end in range(1, len(lines)):
        for mark in ("[...]", "...\n", "[cut short: ended with status 1]\n"):
            assert measured("".join(lines[:end]) + mark, sample) - whole == set()


@each_sample
def test_cut_within_any_line(sample: Sample) -> None:
    whole = measured(sample.text, sample)
    for end in range(1, len(sample.text)):
        if sample.text[end - 1] != "\n" and sample.text[end] != "\n":
            for mark in ("", "\n..."):
                assert measured(sample.text[:end] + mark, sample) - whole == set()


@each_sample
def test_cut_off_at_the_beginning(sample: Sample) -> None:
    whole = measured(sample.text, sample)
    lines = sample.text.splitlines(keepends=True)
    for start in range(1, len(lines)):
        assert measured("[...]\n" + "".join(lines[start:]), sample) - whole == set()


def read(text: str) -> tuple[cr.Observation, ...]:
    return cr.read_artifact(text, "x", knowledge=knowledge())


def alone(sample: Sample) -> bool:
    """Whether nothing but the text tells the instance."""
    return "@" not in "".join(sample.shows) and "var/" not in sample.name


LOGS = tuple(one for one in samples() if alone(one) and not one.readings and one.shows)
MIXABLE = tuple(one for one in samples() if alone(one) and one.kind not in OPPOSED)


def test_one_after_the_other() -> None:
    found = in_state(read("\n\n".join(one.text for one in MIXABLE)), State.PRESENT)
    for sample in MIXABLE:
        assert set(sample.shows) <= found, sample.kind


def test_line_by_line_interleaved() -> None:
    lines = chain.from_iterable(zip_longest(*(one.text.splitlines() for one in LOGS), fillvalue=""))
    found = in_state(read("\n".join(lines)), State.PRESENT)
    for sample in LOGS:
        assert set(sample.shows) <= found, sample.kind


def test_a_listing_between_the_lines_of_a_log() -> None:
    for sample in LOGS:
        half = len(sample.text.splitlines()) // 2
        lines = sample.text.splitlines()
        text = "\n".join((*lines[:half], "", PDUMP.text, *lines[half:]))
        found = read(text)
        assert set(PDUMP.denies) <= in_state(found, State.ABSENT), sample.kind
