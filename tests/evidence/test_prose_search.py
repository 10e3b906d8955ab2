"""Log signs in running text obey what the sentence says; what a text is about does not."""

from __future__ import annotations

import pytest
from attrs import evolve

from campaign_rules.evidence import Recogniser, make_recogniser, read_artifact, read_ticket
from campaign_rules.evidence.text_lines import split_lines
from campaign_rules.evidence.words import split_sentences
from campaign_rules.model import ObservationType, Signs
from tests.evidence.small_base import example_knowledge


@pytest.fixture(scope="module")
def reading() -> Recogniser:
    knowledge = example_knowledge()
    kinds = [
        ObservationType(
            "refused", {"en": "x"}, signs=Signs(log=(r"connection (?:was )?refused", "ORA-\\d+"))
        ),
        ObservationType("platform", {"en": "x"}, signs=Signs(log=("on premise",)), context=True),
        ObservationType("about-load", {"en": "x"}, signs=Signs(prose=(r"\bload\b",))),
    ]
    observations = knowledge.observations | {one.id: one for one in kinds}
    return make_recogniser(evolve(knowledge, observations=observations))


def found(text: str, reading: Recogniser) -> set[str]:
    return {seen.id for seen in read_ticket(text, (), reading)} & {"refused", "platform", "about-load"}


@pytest.mark.parametrize(
    "text",
    [
        "The connection was refused.",
        "We cannot send mails, connection refused.",
        "If you see this, call us. Today we saw ORA-00054.",
        "If anything happens the log shows 'connection refused'.",
        'Nobody says "ORA-00054" any more.',
        "Why is the connection refused?",
        "Is it normal that the connection is slow? The connection was\nrefused.",
    ],
)
def test_a_sign_that_is_asserted_or_quoted_is_read(text: str, reading: Recogniser) -> None:
    assert "refused" in found(text, reading)


@pytest.mark.parametrize(
    "text",
    [
        "If the connection was refused, call the hotline.",
        "It is not true that the connection was refused.",
        "No connection refused in the log.",
        "The manual explains what ORA-00054 means.",
        "Yesterday the connection was refused, but that has been fixed.",
    ],
)
def test_a_sign_that_is_denied_or_mentioned_is_not(text: str, reading: Recogniser) -> None:
    assert "refused" not in found(text, reading)


def test_context_and_topics_hold_wherever_they_are_named(reading: Recogniser) -> None:
    text = "It is not true that we run on premise. The load is not high."
    assert found(text, reading) == {"platform", "about-load"}


def test_topics_are_not_read_in_what_machines_print(reading: Recogniser) -> None:
    uptime = "13:33:57 up 12 days, 1 user, load average: 0.10, 0.20, 0.15"
    assert "about-load" not in {seen.id for seen in read_artifact(uptime, "uptime.txt", reading)}
    assert "about-load" not in {seen.id for seen in read_ticket("", (uptime,), reading)}


def test_sentences_tell_where_they_begin() -> None:
    lines = split_lines(
        "First. Second one\n\nA line that is long enough to go on in the next line, as\nthis does. End", "t"
    )
    text = "\n".join(line.text for line in lines)
    sentences = [one for one in split_sentences(lines) if one.text.strip()]
    assert [text[one.start :].replace("\n", " ")[: len(one.text)] for one in sentences] == [
        one.text for one in sentences
    ]
