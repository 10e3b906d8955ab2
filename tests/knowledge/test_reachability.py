"""Rules that can never fire are refused, and only those."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.knowledge.findings_of import findings_of

WORDS = (
    "value: number\n",
    "value: number\n  - id: os\n    label: {en: OS, it: OS}\n    value: word\n    values: [linux]\n",
)
MAIL = "when: {all: [mails-not-sent]}"


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ("{all: [mails-not-sent, {absent: mails-not-sent}]}", "cannot be both present and absent"),
        ("{all: [{fact: queue, at_least: 9}, {fact: queue, at_most: 8}]}", "'at_least: 9' and 'at_most: 8'"),
        ("{all: [{fact: queue, is: 9}, {fact: queue, is_not: 9}]}", "no value of 'queue' passes"),
        ("{all: [{fact: os, is_not: linux}]}", "no allowed value of 'os' passes 'is_not: linux'"),
        ("{all: [queue-long], unless: [queue-long]}", "it needs 'queue-long' and its absence"),
    ],
)
def test_conditions_that_exclude_each_other(tmp_path: Path, when: str, message: str) -> None:
    found = findings_of(tmp_path, WORDS, (MAIL, f"when: {when}"))
    dead = [line for line in found if "rule 'no-mail' can never fire" in line]
    assert dead
    assert all(message in line for line in dead)
    assert dead[0].startswith("area.yaml:32: ")


@pytest.mark.parametrize(
    "when",
    [
        "{all: [{fact: queue, at_least: 9}, {fact: queue, at_most: 9}]}",
        "{all: [{fact: queue, at_least: 9}, {fact: queue, is_not: 9}]}",
        "{all: [{fact: os, is: LINUX}]}",
        "{all: [mails-not-sent], any: [queue-long, {absent: queue}]}",
    ],
)
def test_conditions_that_can_hold(tmp_path: Path, when: str) -> None:
    found = findings_of(tmp_path, WORDS, (MAIL, f"when: {when}"))
    assert not [line for line in found if "never" in line]


def test_an_alternative_that_can_never_hold(tmp_path: Path) -> None:
    found = findings_of(
        tmp_path, (MAIL, "when: {all: [mails-not-sent], any: [queue, {absent: mails-not-sent}]}")
    )
    assert found == [
        "area.yaml:28: an alternative of rule 'no-mail' can never hold: "
        "'mails-not-sent' cannot be both present and absent"
    ]


def test_facts_that_only_derive_each_other(tmp_path: Path) -> None:
    found = findings_of(
        tmp_path,
        (
            "label: {en: The queue is long",
            "label: {en: A, it: A}\n  - id: b\n    label: {en: The queue is long",
        ),
        ("{fact: queue, at_least: 1000}", "b"),
        (
            "  - id: mta-slow\n",
            "  - {id: back, when: {all: [queue-long]}, then: [{derives: b}]}\n  - id: mta-slow\n",
        ),
    )
    reasons = {line.partition(" rule ")[2] for line in found if "never fire" in line}
    assert reasons == {
        "'long-queue' can never fire: no rule that can fire derives 'b'",
        "'back' can never fire: no rule that can fire derives 'queue-long'",
        "'mta-slow' can never fire: no rule that can fire derives 'queue-long'",
    }
