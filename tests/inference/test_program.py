from __future__ import annotations

import pickle

import pytest

from campaign_rules.errors import KnowledgeError, StratificationError
from campaign_rules.inference.program import compile_program
from campaign_rules.model import Comparison, Conclusion, Condition, Fact, Rule, State, Test, Verb
from campaign_rules.strata import heads_of
from tests.inference.rule_bases import derives, rule_base

HOT = Condition("load", test=Test(Comparison.AT_LEAST, 90))
VERY_HOT = Condition("load", test=Test(Comparison.AT_LEAST, 99))


def test_alternatives_become_clauses_of_one_rule() -> None:
    rule = Rule(
        "r", derives("d"), all=(Condition("a"),), any=(Condition("b"), Condition("c"), Condition("a"))
    )
    program = compile_program(rule_base(rule))
    conditions = [{program.conditions[n].fact for n in clause.positives} for clause in program.clauses]
    assert conditions == [{"a", "b"}, {"a", "c"}, {"a"}]
    assert {clause.rule for clause in program.clauses} == {"r"}


def test_conditions_are_shared_and_numbered_whatever_the_order_of_rules() -> None:
    one = Rule("one", derives("d"), all=(Condition("a"), HOT))
    two = Rule("two", (), all=(HOT, Condition("d")), unless=("e",))
    program = compile_program(rule_base(one, two))
    assert [condition.fact for condition in program.conditions] == ["a", "d", "e", "load"]
    assert compile_program(rule_base(two, one)).conditions == program.conditions
    assert [len(clauses) for clauses in program.uses] == [1, 1, 0, 2]


def test_alpha_selects_by_name_state_and_value() -> None:
    absent = Condition("load", State.ABSENT)
    program = compile_program(rule_base(Rule("r", (), any=(HOT, VERY_HOT, absent, Condition("load")))))

    def met(fact: Fact) -> set[Condition]:
        return {program.conditions[number] for number in program.alpha(fact)}

    assert met(Fact("load", value=95.0)) == {HOT, Condition("load")}
    assert met(Fact("load", value=99.0)) == {HOT, VERY_HOT, Condition("load")}
    assert met(Fact("load", value=True)) == {Condition("load")}
    assert met(Fact("load", State.ABSENT, value=99.0)) == {absent}
    assert met(Fact("load", State.UNKNOWN, value=99.0)) == met(Fact("other")) == set()


def test_a_clause_lies_as_low_as_its_conditions_allow() -> None:
    base = rule_base(
        Rule("r0", derives("d0"), all=(Condition("a"),)),
        Rule("r1", derives("d1"), all=(Condition("a"),), unless=("d0",)),
        Rule("r2", derives("d2"), any=(Condition("d1"), Condition("a"))),
        Rule("r3", (Conclusion(Verb.IMPAIRS, "mta", "strong"),), all=(Condition("a"),), unless=("d2", "d0")),
        Rule("r4", (Conclusion(Verb.CLEARS, "mta", "strong"),), all=(Condition("d1", State.ABSENT),)),
    )
    program = compile_program(base)
    assert [(clause.rule, clause.stratum) for clause in program.clauses] == [
        ("r0", 0),
        ("r1", 1),
        ("r2", 1),
        ("r2", 0),
        ("r3", 2),
        ("r4", 0),
    ]
    assert program.strata == 3
    assert program.clauses[4].absences == ("d0", "d2")


def test_all_heads_of_a_rule_count() -> None:
    rule = Rule(
        "r", (*derives("y", "x", "y"), Conclusion(Verb.IMPAIRS, "mta", "weak")), all=(Condition("a"),)
    )
    assert heads_of(rule) == ("x", "y")
    with pytest.raises(StratificationError, match="y -> x -> y"):
        compile_program(
            rule_base(
                rule,
                Rule("s", derives("y"), all=(Condition("a"),), unless=("x",)),
                Rule("t", derives("x"), all=(Condition("y"),)),
            )
        )


def test_an_observed_absence_or_a_value_does_not_rest_on_a_derived_fact() -> None:
    tested = Condition("x", test=Test(Comparison.IS, "on"))
    base = rule_base(
        Rule("r", derives("x"), all=(Condition("x", State.ABSENT), tested), unless=("y",)),
        Rule("s", derives("y"), all=(tested,)),
    )
    assert compile_program(base).strata == 2


def test_every_fault_of_every_rule_is_named() -> None:
    base = rule_base(
        Rule("a", derives("d"), unless=("e",)),
        Rule(
            "b",
            (),
            all=(Condition("x", State.UNKNOWN),),
            any=(Condition("y", test=Test(Comparison.IS, True)),),
        ),
    )
    with pytest.raises(KnowledgeError) as caught:
        compile_program(base)
    assert caught.value.problems == (
        "rule 'a': needs at least one condition in 'all' or 'any'",
        "rule 'b': 'x' is asked to be unknown",
        "rule 'b': 'y' compared with True, neither word nor number",
    )


def test_a_program_travels_between_processes() -> None:
    program = compile_program(
        rule_base(Rule("r", (), any=(HOT, Condition("os", test=Test(Comparison.IS, "Linux")))))
    )
    copy = pickle.loads(pickle.dumps(program))
    for fact in (Fact("load", value=95.0), Fact("os", value="linux"), Fact("os", value="windows")):
        assert copy.alpha(fact) == program.alpha(fact)
