"""The value tests of conditions: words without regard to case, numbers by size."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeGuard

from campaign_rules.model import Comparison, Test, Value

Predicate = Callable[[Value], bool]


def predicate(test: Test) -> Predicate:
    """Return the function that tells whether a value passes `test`.

    A value of the wrong type passes nothing, not even IS_NOT: a word against a number, no value at
    all, a truth value, or a number that is not one (NaN). Words have no order.
    """
    if isinstance(test.operand, str):
        return partial(_WORDS.get(test.comparison, _never), test.operand.casefold())
    return partial(_NUMBERS[test.comparison], test.operand)


def _never(operand: str, value: Value) -> bool:
    return False


def _is_word(operand: str, value: Value) -> bool:
    return isinstance(value, str) and value.casefold() == operand


def _is_other_word(operand: str, value: Value) -> bool:
    return isinstance(value, str) and value.casefold() != operand


def _is_same_number(operand: float, value: Value) -> bool:
    return _is_number(value) and value == operand


def _is_other_number(operand: float, value: Value) -> bool:
    return _is_number(value) and (value < operand or value > operand)


def _at_least(operand: float, value: Value) -> bool:
    return _is_number(value) and value >= operand


def _at_most(operand: float, value: Value) -> bool:
    return _is_number(value) and value <= operand


def _is_number(value: Value) -> TypeGuard[float]:
    return type(value) is float or (isinstance(value, float | int) and not isinstance(value, bool))


_WORDS = {Comparison.IS: _is_word, Comparison.IS_NOT: _is_other_word}
_NUMBERS = {
    Comparison.IS: _is_same_number,
    Comparison.IS_NOT: _is_other_number,
    Comparison.AT_LEAST: _at_least,
    Comparison.AT_MOST: _at_most,
}
