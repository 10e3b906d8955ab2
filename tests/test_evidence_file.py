from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_rules.errors import InputError
from campaign_rules.evidence_file import SCHEMA, Artefact, EvidenceFile, artefacts_of, write_evidence

EVIDENCE = EvidenceFile(
    "campaign-rules 1.2.3",
    "2026-11-23T09:30:00Z",
    "https://prod.example.com",
    (
        Artefact("probe", "probe", "2026-11-23T09:30:01Z", "resolve -> è\n"),
        Artefact("df -P", "command", "2026-11-23T09:30:02Z", "", "df -P", None, "not available"),
        Artefact("ss -ltnp", "command", "2026-11-23T09:30:03Z", "$ ss\n", "ss -ltnp", 0),
    ),
)


def test_the_format() -> None:
    content = json.loads(write_evidence(EVIDENCE))
    artefacts = content.pop("artefacts")
    assert content == {
        "schema": SCHEMA,
        "version": 1,
        "tool": "campaign-rules 1.2.3",
        "taken": "2026-11-23T09:30:00Z",
        "target": "https://prod.example.com",
    }
    assert artefacts[1] == {
        "name": "df -P",
        "kind": "command",
        "taken": "2026-11-23T09:30:02Z",
        "text": "",
        "command": "df -P",
        "exit_status": None,
        "note": "not available",
    }


def test_artefacts_without_text_are_left_out() -> None:
    assert artefacts_of(write_evidence(EVIDENCE)) == (
        Artefact("probe", "probe", "2026-11-23T09:30:01Z", "resolve -> è\n"),
        Artefact("ss -ltnp", "command", "2026-11-23T09:30:03Z", "$ ss\n"),
    )


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.tuples(TEXTS, TEXTS.filter(bool))))
def test_what_is_written_is_read(pairs: list[tuple[str, str]]) -> None:
    artefacts = tuple(Artefact(name, "log", "now", text) for name, text in pairs)
    assert artefacts_of(write_evidence(EvidenceFile("t", "now", "x", artefacts))) == artefacts


@pytest.mark.parametrize("text", ["\ufeff{}", " \r\n{}", "{}"])
def test_what_stands_before_the_file_does_not_matter(text: str) -> None:
    whole = text.replace("{}", write_evidence(EVIDENCE))
    assert artefacts_of(whole) == artefacts_of(write_evidence(EVIDENCE))


def test_the_order_of_keys_and_unknown_keys_do_not_matter() -> None:
    content = json.loads(write_evidence(EVIDENCE))
    content["artefacts"][0]["more"] = content["more"] = {"x": 1}
    assert artefacts_of(json.dumps(content, sort_keys=True)) == artefacts_of(write_evidence(EVIDENCE))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mta@prod (9986) - 9.6 Mo",
        "{",
        '{"a": 1}',
        f"the schema is {SCHEMA}",
        f'["{SCHEMA}"]',
        json.dumps({"text": SCHEMA}),
        json.dumps({"schema": "other", "see": SCHEMA}),
    ],
)
def test_other_texts_are_no_evidence_file(text: str) -> None:
    assert artefacts_of(text) is None


def changed(**keys: Any) -> str:
    return json.dumps({**json.loads(write_evidence(EVIDENCE)), **keys})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (write_evidence(EVIDENCE)[:-20], "damaged evidence file: "),
        (changed(version=2), "evidence file of version 2; this program reads version 1"),
        (changed(version=None), "evidence file of version None"),
        (changed(artefacts=None), "no list of artefacts"),
        (changed(artefacts=[{"name": "a", "text": "b"}, {"name": 1}]), "artefact 2 has no name or no text"),
        (changed(artefacts=["x"]), "artefact 1 has no name or no text"),
        (changed(artefacts=[{"name": "a", "text": None}]), "artefact 1 has no name or no text"),
        (f'{{"schema": "{SCHEMA}", "x": {"[" * 200_000}', "damaged evidence file: "),
    ],
)
def test_a_damaged_file_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        artefacts_of(text)
