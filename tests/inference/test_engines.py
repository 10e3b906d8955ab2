"""Both engines against the oracle, and what they have in common."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign_rules.errors import InputError, UnknownNameError
from campaign_rules.inference.durable import DurableEngine, can_import
from campaign_rules.inference.engine import Engine, make_engine
from campaign_rules.inference.program import compile_program
from campaign_rules.inference.semi_naive import SemiNaiveEngine
from campaign_rules.model import Comparison, Condition, Fact, Firing, Rule, State, Test
from tests.inference.rule_bases import derives, fact_sets, oracle, rule_base, rule_bases, shown

needs_durable = pytest.mark.skipif(not can_import(), reason="durable-rules cannot be imported here")
ENGINES = ["semi-naive", pytest.param("durable", marks=needs_durable)]

Fire = Callable[[dict[str, Rule], list[Fact]], tuple[Firing, ...]]


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def fire(engine_name: str) -> Fire:
    return lambda base, facts: make_engine(compile_program(base), engine_name).fire(facts)


@settings(max_examples=150)
@given(rule_bases(), st.lists(fact_sets, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_semi_naive_agrees_with_the_oracle(
    base: dict[str, Rule], incidents: list[list[Fact]], random: random.Random
) -> None:
    _agrees_with_the_oracle("semi-naive", base, incidents, random)


@needs_durable
@settings(max_examples=150)
@given(rule_bases(), st.lists(fact_sets, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_durable_agrees_with_the_oracle(
    base: dict[str, Rule], incidents: list[list[Fact]], random: random.Random
) -> None:
    _agrees_with_the_oracle("durable", base, incidents, random)


def _agrees_with_the_oracle(
    name: str, base: dict[str, Rule], incidents: list[list[Fact]], random: random.Random
) -> None:
    engine = make_engine(compile_program(base), name)
    for facts in incidents:
        expected = shown(oracle(base, facts))
        assert shown(engine.fire(facts)) == expected
        random.shuffle(facts)
        assert shown(engine.fire(iter(facts))) == expected


@settings(max_examples=50)
@given(rule_bases(), fact_sets, st.randoms(use_true_random=False))
def test_order_of_the_rules_does_not_matter(
    base: dict[str, Rule], facts: list[Fact], random: random.Random
) -> None:
    ids = list(base)
    random.shuffle(ids)
    shuffled = {key: base[key] for key in ids}
    first, second = (SemiNaiveEngine(compile_program(b)).fire(facts) for b in (base, shuffled))
    assert shown(first) == shown(second)


def test_a_further_support_fires_again_and_derives_once(fire: Fire) -> None:
    base = rule_base(
        Rule("r1", derives("d"), any=(Condition("a"), Condition("b"))),
        Rule("r2", derives("e"), all=(Condition("d"),)),
    )
    a, b, d = Fact("a"), Fact("b"), Fact("d")
    assert fire(base, [b, a]) == (Firing("r1", "", (a,)), Firing("r1", "", (b,)), Firing("r2", "", (d,)))


def test_alternatives_with_the_same_supports_are_one_firing(fire: Fire) -> None:
    rule = Rule(
        "r", derives("d"), all=(Condition("a"),), any=(Condition("a"), Condition("b"), Condition("a"))
    )
    a, b = Fact("a"), Fact("b")
    assert fire(rule_base(rule), [a, b]) == (Firing("r", "", (a,)), Firing("r", "", (a, b)))


def test_a_fact_that_meets_two_conditions_supports_once(fire: Fire) -> None:
    hot, very_hot = (Condition("load", test=Test(Comparison.AT_LEAST, bound)) for bound in (90, 95))
    seven, eight = Fact("load", value=97.0), Fact("load", value=98.0)
    base = rule_base(Rule("r", derives("d"), all=(hot, very_hot)))
    assert fire(base, [eight]) == (Firing("r", "", (eight,)),)
    assert fire(base, [eight, seven]) == tuple(
        Firing("r", "", s) for s in ((seven,), (seven, eight), (eight,))
    )


def test_a_condition_given_twice_is_one_condition(fire: Fire) -> None:
    twice = Rule("r", (), all=(Condition("a"), Condition("a")), any=(Condition("a"),))
    one, two = Fact("a", value=1.0), Fact("a", value=2.0)
    assert fire(rule_base(twice), [two, one]) == (Firing("r", "", (one,)), Firing("r", "", (two,)))


def test_conditions_of_a_rule_are_about_one_instance(fire: Fire) -> None:
    base = rule_base(Rule("r", derives("d"), all=(Condition("a"), Condition("b"))))
    assert fire(base, [Fact("a", instance="prod"), Fact("b", instance="dev")]) == ()
    both = (Fact("a", instance="dev"), Fact("b", instance="dev"))
    assert fire(base, [Fact("a", instance="prod"), *both]) == (Firing("r", "dev", both),)


def test_absence_must_be_observed_and_unless_is_about_one_instance(fire: Fire) -> None:
    base = rule_base(
        Rule("absent", derives("d"), all=(Condition("a", State.ABSENT),)),
        Rule("calm", (), all=(Condition("b"),), unless=("d",)),
    )
    assert fire(base, [Fact("a", State.UNKNOWN)]) == ()
    absent, prod, dev = Fact("a", State.ABSENT, "prod"), Fact("b", instance="prod"), Fact("b", instance="dev")
    assert fire(base, [prod, dev, absent]) == (
        Firing("absent", "prod", (absent,)),
        Firing("calm", "dev", (dev,), ("d",)),
    )


def test_recursion_through_positive_conditions_ends(fire: Fire) -> None:
    base = rule_base(
        Rule("up", derives("x"), any=(Condition("a"), Condition("y"))),
        Rule("down", derives("y"), all=(Condition("x"),)),
    )
    x, y = Fact("x"), Fact("y")
    expected = (Firing("down", "", (x,)), Firing("up", "", (Fact("a"),)), Firing("up", "", (y,)))
    assert fire(base, [Fact("a")]) == expected


def test_the_same_fact_twice_is_one_fact(fire: Fire) -> None:
    base = rule_base(Rule("r", (), all=(Condition("a"),)))
    assert len(fire(base, [Fact("a", value=2.0), Fact("a", value=2.0)])) == 1


def test_no_facts_no_firings(fire: Fire) -> None:
    assert fire(rule_base(Rule("r", (), all=(Condition("a"),), unless=("d",))), []) == ()
    assert fire({}, [Fact("a")]) == ()


def test_a_cross_product_is_refused_before_it_is_tried(fire: Fire) -> None:
    base = rule_base(Rule("pairs", (), all=(Condition("a"), Condition("b"))))
    sides = [Fact(name, value=float(n)) for name in "ab" for n in range(223)]
    assert len(fire(base, sides)) == 223 * 223
    with pytest.raises(InputError, match=r"'pairs'.* 50176 ways.*at most 50000"):
        fire(base, [*sides, Fact("a", value=-1.0), Fact("b", value=-1.0)])


def test_very_many_firings_are_refused(fire: Fire) -> None:
    base = rule_base(*(Rule(f"r{n:03}", (), all=(Condition("a"),)) for n in range(500)))
    facts = [Fact("a", instance=f"i{n}") for n in range(101)]
    assert len(fire(base, facts[:100])) == 50_000
    with pytest.raises(InputError, match="more than 50000 firings"):
        fire(base, facts)


def test_engines_by_name() -> None:
    program = compile_program({})
    assert make_engine(program, "semi-naive").name == "semi-naive"
    assert make_engine(program).name == ("durable" if can_import() else "semi-naive")
    with pytest.raises(UnknownNameError, match=r"unknown engine 'semi-naiv'.*'semi-naive'"):
        make_engine(program, "semi-naiv")


def test_without_durable_rules_auto_is_semi_naive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "durable_rules_engine", None)
    program = compile_program({})
    engine: Engine = make_engine(program)
    assert isinstance(engine, SemiNaiveEngine)
    with pytest.raises(InputError, match=r"durable-rules.*choose engine='semi-naive'"):
        DurableEngine(program)
