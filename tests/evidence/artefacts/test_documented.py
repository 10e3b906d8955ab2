"""Every kind of artefact says what it has to, whatever it is written and wrapped in."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

import campaign_rules as cr
from campaign_rules.model import State
from tests.evidence.artefacts.samples import Sample, in_state, knowledge, measured, samples

each_sample = pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.kind)


def latin_1(text: str) -> bytes:
    return text.replace("●", "*").encode("latin-1")


FORMS: dict[str, Callable[[str], bytes]] = {
    "as it is": lambda text: text.encode(),
    "without a last line break": lambda text: text.rstrip("\n").encode(),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "CR": lambda text: text.replace("\n", "\r").encode(),
    "byte order mark": lambda text: text.encode("utf-8-sig"),
    "Latin-1": lambda text: latin_1(text + "\nMüller war's\n"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 without mark": lambda text: text.encode("utf-16-be"),
    "compressed": lambda text: gzip.compress(text.encode()),
    "quoted": lambda text: "".join(f"> {line}\n" for line in text.splitlines()).encode(),
    "in a ticket": lambda text: f"Hello,\n\nwe found this:\n\n{text}\nCan you help?\n\nRegards\n".encode(),
}


@each_sample
def test_readings(sample: Sample) -> None:
    found = measured(sample.text, sample.name)
    assert {name: found.get(name) for name in sample.readings} == sample.readings
    assert bool(found) >= bool(sample.readings)


@each_sample
def test_it_says_something_or_nothing_at_all(sample: Sample) -> None:
    assert sample.shows or sample.readings or not measured(sample.text, sample.name)


@pytest.mark.parametrize("form", FORMS)
@each_sample
def test_observations(sample: Sample, form: str, tmp_path: Path) -> None:
    path = tmp_path / sample.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(FORMS[form](sample.text))
    found = cr.read_files([tmp_path], knowledge=knowledge())
    assert not found.notes
    assert set(sample.shows) <= in_state(found, State.PRESENT)
    assert set(sample.denies) <= in_state(found, State.ABSENT)


def test_every_documented_source_is_named_once() -> None:
    kinds = [sample.kind for sample in samples()]
    assert len(set(kinds)) == len(kinds)
    assert all(sample.source for sample in samples())
