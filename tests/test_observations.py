"""Observations in canonical form: checked, merged, sorted, laid out per instance."""

from __future__ import annotations

import pytest

from campaign_rules.errors import InputError, UnknownNameError
from campaign_rules.model import Fact, Observation, ObservationType, Provenance, State, ValueKind
from campaign_rules.observations import canonical, facts_of, notation, parse

VOCABULARY = {
    "mails-not-sent": ObservationType("mails-not-sent", {"en": "x"}),
    "disk-used": ObservationType("disk-used", {"en": "x"}, value=ValueKind.NUMBER),
    "os": ObservationType("os", {"en": "x"}, value=ValueKind.WORD, values=("linux", "windows")),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", Observation("a")),
        ("a=1", Observation("a", value="1")),
        ("a@prod", Observation("a", instance="prod")),
        ("a@prod=x=y z", Observation("a", value="x=y z", instance="prod")),
        ("!a@prod", Observation("a", State.ABSENT, instance="prod")),
    ],
)
def test_the_short_notation(text: str, expected: Observation) -> None:
    assert parse(text) == expected


def test_strings_have_the_given_state_unless_they_say_absent() -> None:
    assert [item.state for item in canonical(["mails-not-sent", "!os"], VOCABULARY, State.UNKNOWN)] == [
        State.UNKNOWN,
        State.ABSENT,
    ]


@pytest.mark.parametrize(
    "text", ["mails-not-sent", "!mails-not-sent@prod", "disk-used=93", "disk-used@prod=0.1", "os=linux"]
)
def test_what_is_written_in_short_notation_is_read_back(text: str) -> None:
    (item,) = canonical([text], VOCABULARY)
    assert notation(item) == text
    assert canonical([notation(item)], VOCABULARY) == (item,)


@pytest.mark.parametrize("number", [1e300, -0.0, 1e-7, 2.0**53, 123456789.5])
def test_numbers_are_read_back_exactly(number: float) -> None:
    (item,) = canonical([notation(Observation("disk-used", value=number))], VOCABULARY)
    assert item.value == number


def test_the_short_notation_refuses_what_it_cannot_read() -> None:
    with pytest.raises(InputError, match="cannot read observation"):
        parse("two words")


def test_values_take_the_type_of_the_vocabulary() -> None:
    (disk,) = canonical(["disk-used=93"], VOCABULARY)
    assert disk.value == 93.0
    assert isinstance(disk.value, float)
    (system,) = canonical(["os=Linux"], VOCABULARY)
    assert system.value == "linux"


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (
            "mail-not-sent",
            UnknownNameError,
            r"unknown observation 'mail-not-sent' \(did you mean 'mails-not-sent'\?\)",
        ),
        ("mails-not-sent=5", InputError, "takes no value"),
        ("disk-used=much", InputError, "must be a number"),
        ("disk-used=nan", InputError, "must be a number"),
        ("os=linus", UnknownNameError, r"unknown value of os 'linus' \(did you mean 'linux'\?\)"),
        (Observation("disk-used", value=True), InputError, "must be a number"),
        ("mails-not-sent@$(rm)", InputError, "no name of an instance"),
        (Observation("mails-not-sent", instance="a b"), InputError, "no name of an instance"),
    ],
)
def test_wrong_observations_are_refused(
    given: str | Observation, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        canonical([given], VOCABULARY)


def test_the_same_observation_from_two_places_is_one_with_both_provenances() -> None:
    one = Observation("mails-not-sent", provenance=(Provenance("b", 2),))
    two = Observation("mails-not-sent", provenance=(Provenance("a", 1),))
    (merged,) = canonical([one, two, one], VOCABULARY)
    assert merged.provenance == (Provenance("a", 1), Provenance("b", 2))


def test_order_does_not_matter_and_contradictions_stay() -> None:
    given = [
        Observation("mails-not-sent"),
        Observation("mails-not-sent", State.ABSENT),
        Observation("disk-used", value=5),
    ]
    assert canonical(given, VOCABULARY) == canonical(reversed(given), VOCABULARY)
    assert len(canonical(given, VOCABULARY)) == 3


def test_the_only_instance_takes_the_facts_without_one() -> None:
    facts = facts_of([Observation("a"), Observation("b", instance="prod")])
    assert facts == (Fact("a", instance="prod"), Fact("b", instance="prod"))


def test_facts_without_instance_hold_in_every_named_one_and_others_stay_apart() -> None:
    facts = facts_of([Observation("a"), Observation("b", instance="dev"), Observation("c", instance="prod")])
    assert set(facts) == {
        Fact("a", instance="dev"),
        Fact("a", instance="prod"),
        Fact("b", instance="dev"),
        Fact("c", instance="prod"),
    }


def test_unknown_is_no_fact() -> None:
    assert facts_of([Observation("a", State.UNKNOWN)]) == ()
