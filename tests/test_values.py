from __future__ import annotations

import pytest

from campaign_rules.model import Comparison, Test, Value
from campaign_rules.values import predicate

IS, IS_NOT, AT_LEAST, AT_MOST = Comparison.IS, Comparison.IS_NOT, Comparison.AT_LEAST, Comparison.AT_MOST


@pytest.mark.parametrize(
    ("comparison", "operand", "value", "passes"),
    [
        (IS, "Linux", "linux", True),
        (IS, "STRASSE", "straße", True),
        (IS, "linux", "linux ", False),
        (IS_NOT, "linux", "LINUX", False),
        (IS_NOT, "linux", "windows", True),
        (IS, 5, 5.0, True),
        (IS, 5.0, 5, True),
        (IS, 0.0, -0.0, True),
        (IS, 1e-7, 1.1e-7, False),
        (IS_NOT, 5, 6.0, True),
        (IS_NOT, 5, 5.0, False),
        (AT_LEAST, 5, 5.0, True),
        (AT_LEAST, 5, 4.999, False),
        (AT_MOST, 5, 5.0, True),
        (AT_MOST, 5, 5.001, False),
        (AT_LEAST, 5, float("inf"), True),
        (AT_MOST, 5, float("-inf"), True),
    ],
)
def test_values_of_the_right_type(
    comparison: Comparison, operand: str | float, value: Value, passes: bool
) -> None:
    assert predicate(Test(comparison, operand))(value) is passes


@pytest.mark.parametrize("comparison", Comparison)
@pytest.mark.parametrize(
    ("operand", "value"),
    [
        (1, True),
        (0, False),
        (5, "5"),
        ("5", 5),
        ("true", True),
        (5, None),
        ("none", None),
        (5, float("nan")),
        (5, [5]),
        ("linux", b"linux"),
    ],
)
def test_values_of_the_wrong_type_pass_nothing(
    comparison: Comparison, operand: str | float, value: Value
) -> None:
    assert predicate(Test(comparison, operand))(value) is False


@pytest.mark.parametrize("comparison", [AT_LEAST, AT_MOST])
def test_words_have_no_order(comparison: Comparison) -> None:
    assert predicate(Test(comparison, "a"))("a") is False


@pytest.mark.parametrize("length", [65_535, 65_536, 65_537])
def test_long_words_are_compared_whole(length: int) -> None:
    assert predicate(Test(IS, "a" * length))("a" * length) is True
    assert predicate(Test(IS, "a" * length))("a" * (length - 1) + "b") is False
    assert predicate(Test(IS, ""))("a" * length) is False
