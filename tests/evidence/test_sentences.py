"""Sentences in five languages: what denies or only mentions a symptom never asserts it, what asserts it does.

The sets are data in `sentences/`. Nobody looked at how those named "unseen" and "last" are read while the
reader was written: they were set aside before, or written after it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import attrs
import pytest
import yaml

import campaign_rules as cr
from campaign_rules.model import State

FOLDER = Path(__file__).parent / "sentences"
LANGUAGES = {"de", "en", "es", "fr", "it"}
ENOUGH = 60


@attrs.frozen
class Row:
    """A sentence in a language, and the symptoms that it denies or asserts."""

    language: str
    text: str
    symptoms: tuple[str, ...]


def read_rows(name: str) -> list[Row]:
    entries = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return [
        Row(language, row["text"], tuple(row["symptoms"]))
        for language, rows in entries.items()
        for row in rows
    ]


@cache
def asserted(text: str) -> frozenset[str]:
    return frozenset(seen.id for seen in cr.read_ticket(text) if seen.state is State.PRESENT)


def failures(rows: list[Row], denied: bool) -> list[str]:
    """Return a line for each sentence that is read wrongly."""
    found = []
    for row in rows:
        present = asserted(row.text)
        wrong = [name for name in row.symptoms if (name in present) is denied]
        if wrong:
            found.append(
                f"{row.language}: {row.text!r} {'asserts' if denied else 'lacks'} {', '.join(wrong)}"
            )
    return found


@pytest.mark.parametrize(
    ("names", "denied", "share"),
    [
        (("denied",), True, 0.95),
        (("denied", "denied_more", "denied_unseen", "denied_last"), True, 0.95),
        (("denied_unseen", "denied_last"), True, 0.90),
        (("asserted", "asserted_unseen", "asserted_last"), False, 0.95),
        (("asserted_unseen", "asserted_last"), False, 0.95),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, tuple) else None,
)
def test_sentences_are_read_rightly(names: tuple[str, ...], denied: bool, share: float) -> None:
    rows = [row for name in names for row in read_rows(name)]
    wrong = failures(rows, denied)
    assert len(wrong) <= (1 - share) * len(rows), "\n".join([f"{len(wrong)} of {len(rows)}:", *wrong])


@pytest.mark.parametrize("kind", ["denied", "asserted"])
def test_each_kind_has_enough_sentences_in_every_language(kind: str) -> None:
    rows = [row for path in FOLDER.glob(f"{kind}*.yaml") for row in read_rows(path.stem)]
    assert len(rows) >= ENOUGH
    assert {row.language for row in rows} == LANGUAGES
    assert len({row.text for row in rows}) == len(rows)


PLAIN = yaml.safe_load((FOLDER / "plain.yaml").read_text(encoding="utf-8"))


def test_what_is_denied_is_understood_when_asserted() -> None:
    rows = [row for path in FOLDER.glob("denied*.yaml") for row in read_rows(path.stem)]
    used = {(row.language, name) for row in rows for name in row.symptoms}
    known = {
        (language, name)
        for language, sentences in PLAIN.items()
        for name, text in sentences.items()
        if name in asserted(text)
    }
    assert sorted(used - known) == []
