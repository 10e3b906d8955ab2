from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from campaign_rules.inference.program import compile_program
from campaign_rules.inference.proof import Proof, prove
from campaign_rules.inference.semi_naive import SemiNaiveEngine
from campaign_rules.model import Condition, Fact, Firing, Rule
from tests.inference.rule_bases import derives, fact_sets, rule_base, rule_bases

A, B, C, X, Y = map(Fact, "abcxy")


def proof_of(base: dict[str, Rule], facts: list[Fact]) -> tuple[tuple[Firing, ...], Proof]:
    firings = SemiNaiveEngine(compile_program(base)).fire(facts)
    return firings, prove(base, firings, facts)


def test_a_circle_is_entered_from_outside() -> None:
    base = rule_base(
        Rule("1", derives("x"), all=(Condition("y"),)),
        Rule("2", derives("y"), all=(Condition("x"),)),
        Rule("3", derives("y"), all=(Condition("a"), Condition("b"))),
    )
    firings, proof = proof_of(base, [B, A, C])
    assert [firing.rule for firing in firings] == ["1", "2", "3"]
    assert proof.derivation(Y) == firings[2]
    assert proof.derivation(X) == firings[0]
    assert proof.derivation(A) is None
    assert proof.leaves(X) == proof.leaves(firings[1]) == (A, B)
    assert proof.leaves(A) == (A,)
    assert proof.unused([C, A]) == (C,)


def test_facts_from_nowhere_rest_on_nothing() -> None:
    base = rule_base(
        Rule("1", derives("x"), all=(Condition("y"),)), Rule("2", derives("y"), all=(Condition("x"),))
    )
    circle = (Firing("1", "", (Y,)), Firing("2", "", (X,)))
    proof = prove(base, circle, [])
    assert proof.derivation(X) is None
    assert proof.leaves(X) == proof.leaves(circle[0]) == ()


def test_fewest_rounds_first_then_sort_key() -> None:
    base = rule_base(
        Rule("1", derives("x"), all=(Condition("y"),)),
        Rule("2", derives("y"), all=(Condition("a"),)),
        Rule("3", derives("x"), all=(Condition("c"),)),
        Rule("4", derives("x"), all=(Condition("b"),)),
    )
    for facts in ([A, B, C], [C, B, A]):
        _, proof = proof_of(base, facts)
        assert proof.derivation(X) == Firing("3", "", (C,))
        assert proof.leaves(X) == (C,)


def test_an_observed_fact_needs_no_derivation() -> None:
    _, proof = proof_of(rule_base(Rule("1", derives("x"), all=(Condition("a"),))), [A, X])
    assert proof.derivation(X) is None
    assert proof.leaves(X) == (X,)


def test_instances_are_apart() -> None:
    base = rule_base(Rule("1", derives("x"), all=(Condition("a"),)))
    prod, dev = Fact("a", instance="prod"), Fact("a", instance="dev")
    _, proof = proof_of(base, [prod, dev])
    assert proof.leaves(Fact("x", instance="dev")) == (dev,)


def test_a_long_chain_needs_no_recursion() -> None:
    base = rule_base(
        *(Rule(f"r{n:04}", derives(f"d{n + 1}"), all=(Condition(f"d{n}"),)) for n in range(3000))
    )
    _, proof = proof_of(base, [Fact("d0")])
    assert proof.leaves(Fact("d3000")) == (Fact("d0"),)


@settings(max_examples=100)
@given(rule_bases(), fact_sets, st.randoms(use_true_random=False))
def test_every_derived_fact_is_well_founded_in_any_order(
    base: dict[str, Rule], facts: list[Fact], random: random.Random
) -> None:
    firings, proof = proof_of(base, facts)
    shuffled = list(firings)
    random.shuffle(shuffled)
    random.shuffle(facts)
    again = prove(base, shuffled, facts)
    for firing in firings:
        assert proof.leaves(firing) == again.leaves(firing)
        assert proof.leaves(firing)
        assert set(proof.leaves(firing)) <= set(facts)
        for support in firing.supports:
            assert proof.derivation(support) == again.derivation(support)
            assert _is_well_founded(proof, support, set(facts), ())


def _is_well_founded(proof: Proof, fact: Fact, observed: set[Fact], above: tuple[Fact, ...]) -> bool:
    derivation = proof.derivation(fact)
    if derivation is None:
        return fact in observed
    return fact not in above and all(
        _is_well_founded(proof, support, observed, (*above, fact)) for support in derivation.supports
    )
