"""Names and values that durable-rules takes for something else, or cannot take, change nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import pytest

import campaign_rules as cr
from campaign_rules.errors import CampaignRulesError, InputError
from campaign_rules.inference import compile_program, make_engine
from campaign_rules.inference.durable import can_import
from campaign_rules.model import Comparison, Condition, Fact, Firing, Observation, Rule, Test, Value
from tests.inference.rule_bases import derives, oracle, rule_base, shown

ENGINES = ("semi-naive", "durable") if can_import() else ("semi-naive",)

# An engine's own words, paths, two names of equal hash (FNV-1a), and text that is hard to write down.
NAMES = ("id", "sid", "m", "$and", "$s", "a.b", "boot", "p", "x", "c0", "glbvs", "yacxa")
NAMES += ("", " ", '"', "\\", "\0", "a\nb", "\ud800", "è", "{}", "null", "x" * 70_000)

EQUAL_TO_ENGINES = ("5", 5, 5.0, True, "true", "5.0", "", None, "null", 0.0, -0.0, False, "0")
AT_THE_EDGE = tuple("z" * size for size in range(65_534, 65_539))
NUMBERS = (1e-7, 1e-5, 1e16, 1e22, float("inf"), float("nan"), 2.0**53, 2**63, -(2**70))
TEXTS = ('q"uote', "back\\slash", "new\nline", "\0", "\ud800", "\U0001f4a9", "a", "a!", "a b", "$and", "a.b")
VALUES: tuple[Value, ...] = EQUAL_TO_ENGINES + AT_THE_EDGE + NUMBERS + TEXTS


def check(base: dict[str, Rule], facts: list[Fact]) -> int:
    """Compare the engines with the oracle; return how many firings there are."""
    expected = shown(oracle(base, facts))
    program = compile_program(base)
    for name in ENGINES:
        assert shown(make_engine(program, name).fire(facts)) == expected
    return len(expected)


@pytest.mark.parametrize("engine", ENGINES)
def test_any_name_is_a_name(engine: str) -> None:
    pairs = list(zip(NAMES, NAMES[1:] + NAMES[:1], strict=True))
    base = rule_base(
        *(Rule(f"both {a}", derives(f"d{a}"), all=(Condition(a), Condition(b))) for a, b in pairs),
        *(Rule(f"then {a}", (), all=(Condition(f"d{a}"),), unless=(f"d{b}",)) for a, b in pairs),
    )
    fire = make_engine(compile_program(base), engine).fire
    assert fired(fire([Fact(name) for name in NAMES])) == {f"both {name}" for name in NAMES}
    expected = {f"both {name}" for name in NAMES[1:-1]} | {f"then {NAMES[-2]}"}
    assert fired(fire([Fact(name) for name in NAMES[1:]])) == expected


def fired(firings: Iterable[Firing]) -> set[str]:
    return {firing.rule for firing in firings}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", NAMES)
def test_any_instance_is_an_instance(name: str, engine: str) -> None:
    base = rule_base(Rule("r", derives("d"), all=(Condition("a"), Condition("b"))))
    facts = [Fact(fact, instance=at) for fact in "ab" for at in (name, f"{name}!")]
    firings = make_engine(compile_program(base), engine).fire([*facts, Fact("a", instance="alone")])
    assert [firing.instance for firing in firings] == [name, f"{name}!"]


def test_values_that_engines_mix_up_stay_apart() -> None:
    operands = [value for value in VALUES if isinstance(value, str | int | float) and value == value]
    tests = [
        Test(comparison, operand)
        for comparison in Comparison
        for operand in operands
        if not isinstance(operand, bool)
    ]
    base = rule_base(
        *(Rule(f"r{n:03}", (), all=(Condition("o0", test=test),)) for n, test in enumerate(tests)),
        Rule("untested", (), all=(Condition("o0"),)),
    )
    distinct = list({Fact("o0", value=value).sort_key: Fact("o0", value=value) for value in VALUES}.values())
    assert len(distinct) == len(VALUES)
    assert check(base, distinct) > len(tests)


def test_a_join_does_not_look_at_values() -> None:
    base = rule_base(Rule("pair", (), all=(Condition("o0"), Condition("o1"))))
    facts = [Fact(name, value=value) for name, value in itertools.product(("o0", "o1"), VALUES)]
    assert check(base, facts) == len(VALUES) ** 2


@pytest.mark.parametrize("value", [[1, 2], {"a.b": 5}, {"$and": 1}, b"bytes", object(), 1j])
def test_what_is_neither_word_nor_number_is_refused_at_the_border(value: Any) -> None:
    for observation in ("ctx-build", "ctx-os", "mails-not-sent"):
        with pytest.raises(InputError, match=observation):
            cr.diagnose([Observation(observation, value=value)])


@pytest.mark.parametrize("name", ["id", "sid", "$and", "a.b", "\ud800", ""])
def test_a_hostile_observation_or_instance_is_refused_at_the_border(name: str) -> None:
    for given in (Observation(name), Observation("mails-not-sent", instance=f"{name} ")):
        with pytest.raises(CampaignRulesError, match=r"unknown observation|no name of an instance"):
            cr.diagnose([given])


@pytest.mark.parametrize("name", [None, 5, ["id"], b"id"])
def test_a_name_that_is_no_text_is_refused_at_the_border(name: Any) -> None:
    for given in (Observation(name), Observation("mails-not-sent", instance=name), name):
        with pytest.raises(InputError, match=r"is no name|neither an Observation"):
            cr.diagnose([given])


@pytest.mark.parametrize("value", AT_THE_EDGE[1:4])
def test_a_long_word_is_one_word(value: str) -> None:
    with pytest.raises(CampaignRulesError, match="ctx-os"):
        cr.diagnose([Observation("ctx-os", value=value)])
