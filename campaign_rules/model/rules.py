"""Rules: their conditions and conclusions."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from campaign_rules.model.observed import State


class Comparison(StrEnum):
    """How a condition or a sign compares a value with its operand."""

    IS = "is"
    IS_NOT = "is_not"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@frozen
class Test:
    """A test of a value: `comparison` with `operand`."""

    __test__ = False  # not a test case, whatever pytest thinks of the name

    comparison: Comparison
    operand: str | float


@frozen
class Condition:
    """One antecedent of a rule: fact `fact` is in `state`, and its value passes `test` if given."""

    fact: str
    state: State = State.PRESENT
    test: Test | None = None


class Verb(StrEnum):
    """What a rule may conclude."""

    DERIVES = "derives"  # an intermediate fact that other rules build on
    IMPAIRS = "impairs"  # the module does not do its work, whatever the reason
    CLEARS = "clears"  # the module does its work
    SUPPORTS = "supports"  # this cause is at work
    REFUTES = "refutes"  # this cause is not at work


@frozen
class Conclusion:
    """One consequent of a rule. `strength` is a word of the scale, "" for derived facts."""

    verb: Verb
    target: str
    strength: str = ""


@frozen
class Rule:
    """If all of `all`, one of `any` and none of the derived `unless` hold, then `then`.

    `all` and `any` may hold conditions on observed absence (state ABSENT); `unless` is closed-world
    and names derived facts only.
    """

    id: str
    then: tuple[Conclusion, ...]
    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()
    unless: tuple[str, ...] = ()
    inferred: bool = False
    source: tuple[str, ...] = ()
