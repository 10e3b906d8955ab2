"""No shipped log sign takes exponential time, whatever the text: repeats within repeats are kept apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as kind  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import campaign_rules as cr
from campaign_rules.evidence import make_recogniser

REPEATS = (kind.MAX_REPEAT, kind.MIN_REPEAT)


def inner(items: Any) -> Iterator[tuple[Any, Any]]:
    """Yield all items of a parsed expression, at any depth."""
    for operation, argument in items:
        yield operation, argument
        if operation in REPEATS:
            yield from inner(argument[2])
        elif operation is kind.SUBPATTERN:
            yield from inner(argument[3])
        elif operation is kind.BRANCH:
            for branch in argument[1]:
                yield from inner(branch)
        elif operation in (kind.ASSERT, kind.ASSERT_NOT):
            yield from inner(argument[1])


def matches(item: tuple[Any, Any], char: int) -> bool:
    """Tell whether one item, a character or a class, takes `char`; anything else may."""
    operation, argument = item
    if operation is kind.LITERAL:
        return bool(argument == char)
    if operation is kind.NOT_LITERAL:
        return bool(argument != char)
    if operation is not kind.IN:
        return True
    negated = argument[0][0] is kind.NEGATE
    classes = {kind.CATEGORY_WORD: r"\w", kind.CATEGORY_DIGIT: r"\d", kind.CATEGORY_SPACE: r"\s"}
    hit = any(
        (name is kind.LITERAL and value == char)
        or (name is kind.RANGE and value[0] <= char <= value[1])
        or (name is kind.CATEGORY and re.match(classes.get(value, "(?s:.)"), chr(char)))
        for name, value in argument
    )
    return hit != negated


def exponential(expression: str) -> bool:
    """Tell whether a repeat without end holds another, and no character keeps their rounds apart."""
    for operation, argument in inner(parser.parse(expression)):
        if operation not in REPEATS or argument[1] is not kind.MAXREPEAT:
            continue
        body = list(argument[2])
        while len(body) == 1 and body[0][0] is kind.SUBPATTERN:
            body = list(body[0][1][3])
        repeated = [one[2][0] for name, one in inner(body) if name in REPEATS and one[1] is kind.MAXREPEAT]
        ends = [value for name, value in (body[0], body[-1]) if name is kind.LITERAL]
        if repeated and not any(not any(matches(one, end) for one in repeated) for end in ends):
            return True
    return False


@pytest.mark.parametrize(
    "expression", [r"(a+)+b", r"(?:\w+\s*)*x", r"(?:\w+_)*x", r"(?:a*|b)*c", r"(?:.*,)*x"]
)
def test_what_takes_exponential_time_is_found(expression: str) -> None:
    assert exponential(expression)


@pytest.mark.parametrize("expression", [r"a+b+", r"(?:\w+ )*x", r"\d+(?:_\d+)*", r"(?:[^,]*,)*x"])
def test_rounds_that_are_kept_apart_pass(expression: str) -> None:
    assert not exponential(expression)


def test_no_shipped_log_sign_takes_exponential_time() -> None:
    signs = make_recogniser(cr.load_knowledge(cache=False)).logs
    assert [sign.text for sign in signs if exponential(sign.text)] == []
