from __future__ import annotations

import pytest

from campaign_rules.evidence.reading_signs import judge_readings, reading_signs
from campaign_rules.model import (
    Comparison,
    Observation,
    ObservationType,
    Provenance,
    Reading,
    Sign,
    Signs,
    State,
    Test,
    ValueKind,
)

IS, IS_NOT, AT_LEAST, AT_MOST = Comparison.IS, Comparison.IS_NOT, Comparison.AT_LEAST, Comparison.AT_MOST


def observation(kind: ValueKind, *signs: Sign) -> ObservationType:
    return ObservationType("seen", {"en": "seen"}, signs=Signs(readings=signs), value=kind)


def judge(kind: ValueKind, value: str | float, *tests: Test) -> tuple[Observation, ...]:
    place = Provenance("pdump", 3, "row")
    signs = reading_signs([observation(kind, *(Sign("process.mta", test) for test in tests))])
    return judge_readings([Reading("process.mta", value, "prod", place), Reading("other", 1.0)], signs)


@pytest.mark.parametrize(
    ("value", "comparison", "operand", "state"),
    [
        ("missing", IS, "missing", State.PRESENT),
        ("Missing", IS, "missing", State.PRESENT),
        ("running", IS, "missing", State.ABSENT),
        ("KO", IS_NOT, "OK", State.PRESENT),
        ("ok", IS_NOT, "OK", State.ABSENT),
        (0.0, IS, 0.0, State.PRESENT),
        (3.0, AT_LEAST, 3.0, State.PRESENT),
        (2.9, AT_LEAST, 3.0, State.ABSENT),
        (3.0, AT_MOST, 3.0, State.PRESENT),
        (3.1, AT_MOST, 3.0, State.ABSENT),
        ("running", AT_LEAST, 3.0, None),
        (3.0, IS, "few", None),
    ],
)
def test_comparisons(
    value: str | float, comparison: Comparison, operand: str | float, state: State | None
) -> None:
    found = judge(ValueKind.NONE, value, Test(comparison, operand))
    assert [item.state for item in found] == ([] if state is None else [state])


def test_a_passed_test_shows_and_a_failed_one_denies() -> None:
    place = (Provenance("pdump", 3, "row"),)
    missing = Test(IS, "missing")
    assert judge(ValueKind.NONE, "missing", missing) == (
        Observation("seen", State.PRESENT, None, "prod", place),
    )
    assert judge(ValueKind.NONE, "running", missing) == (
        Observation("seen", State.ABSENT, None, "prod", place),
    )


def test_numbers_and_words_are_kept_where_the_type_has_them() -> None:
    assert judge(ValueKind.NUMBER, 3.0, Test(AT_LEAST, 5))[0].value == 3.0
    assert judge(ValueKind.WORD, "KO", Test(IS, "OK"))[0].value == "KO"
    assert judge(ValueKind.NUMBER, "KO", Test(IS, "OK"))[0].value is None


def test_one_of_several_tests_is_enough() -> None:
    tests = (Test(AT_MOST, 1), Test(AT_LEAST, 5))
    assert judge(ValueKind.NUMBER, 7.0, *tests)[0].state is State.PRESENT
    assert judge(ValueKind.NUMBER, 0.0, *tests)[0].state is State.PRESENT
    assert judge(ValueKind.NUMBER, 3.0, *tests)[0].state is State.ABSENT


def test_what_cannot_be_compared_says_nothing() -> None:
    assert judge(ValueKind.NUMBER, "missing", Test(AT_LEAST, 5)) == ()
