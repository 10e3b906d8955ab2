"""What a sentence supposes, doubts, plans, reports or calls over, in the small knowledge base."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Said = Callable[[str], dict[str, str]]


@pytest.mark.parametrize(
    "sentence",
    [
        "Nobody says that the disk is full.",
        "I doubt that the disk is full.",
        "The manual says that the disk is full.",
        "According to the documentation, the disk is full.",
        "To avoid that the disk is full, we delete logs.",
        "So that the disk is not full, we delete logs.",
        "When the disk is full, the server stops.",
        "Were the disk full, we would know.",
        "We want to be warned as soon as the disk is full.",
        "Yesterday the disk was full, but that has been fixed.",
        "Yesterday the disk was full. The problem has been solved.",
        "The problem of the full disk is solved.",
        "We do not see any disk that is full.",
        "Wird die Festplatte voll, hilft die Bereinigung.",
    ],
)
def test_what_is_not_asserted_says_nothing(sentence: str, said: Said) -> None:
    assert "disk-full" not in said(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "It is not true that the disk is full.",
        "Neither the disk nor the partition is full.",
    ],
)
def test_what_is_denied_from_outside_is_absent(sentence: str, said: Said) -> None:
    assert said(sentence)["disk-full"] == "absent"


@pytest.mark.parametrize(
    "sentence",
    [
        "I do not doubt that the disk is full.",
        "The users say that the disk is full.",
        "The manual says that we need 10 GB, but the disk is full.",
        "According to the manual we made room, the disk is full.",
        "To avoid trouble we deleted logs, the disk is full.",
        "When we send, the disk is full.",
        "If we send, the disk is full.",
        "Yesterday the disk was full and that has not been fixed.",
        "Yesterday the disk was full, even after the problem was fixed.",
        "Yesterday the disk was full. It was fixed, but it came back and fails.",
        "Yesterday the disk was full. The console works again.",
        "Yesterday the disk was full, although that was fixed before.",
        "The problem of the full disk is not completely solved: the disk is full.",
    ],
)
def test_what_is_asserted_all_the_same(sentence: str, said: Said) -> None:
    assert said(sentence).get("disk-full") == "present"


def test_what_came_of_trying_is_not_taken_for_well(said: Said) -> None:
    assert said("If I restart it, the mta is running.") == {}


def test_no_missing_thing_is_not_a_thing_that_is_missing(said: Said) -> None:
    assert "process-missing-mta" not in {
        name for name, state in said("No mta process is missing.").items() if state == "present"
    }
