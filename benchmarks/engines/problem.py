"""What is raced on: rule bases by name, and the same in plain JSON for engines that have no other access."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import campaign_rules as cr
from benchmarks import synthetic
from campaign_rules.inference import compile_program
from campaign_rules.inference.program import Clause, Program
from campaign_rules.model import Condition, Rule
from tests.inference import incidents

SHIPPED = "shipped"


def rules_of(name: str) -> Mapping[str, Rule]:
    """Return the shipped rules, or a synthetic rule base of so many rules."""
    return cr.load_knowledge().rules if name == SHIPPED else synthetic.rule_base(int(name)).rules


def problem(name: str, count: int) -> dict[str, Any]:
    """Return the clauses of a rule base, each with one alternative chosen, and `count` incidents."""
    if name == SHIPPED:
        drawn = list(incidents.incidents(rules_of(name), count, seed=5, hostile=False))
    else:
        drawn = [list(facts) for facts in synthetic.incidents(synthetic.rule_base(int(name)), count)]
    program = compile_program(rules_of(name))
    return {
        "name": name,
        "clauses": [_clause(clause, program) for clause in program.clauses],
        "incidents": [
            [(fact.name, fact.state, fact.instance, fact.value) for fact in facts] for facts in drawn if facts
        ],
    }


def _clause(clause: Clause, program: Program) -> dict[str, Any]:
    return {
        "rule": clause.rule,
        "positives": [_condition(program.conditions[number]) for number in clause.positives],
        "unless": clause.absences,
        "heads": [head for head, _ in clause.heads],
        "stratum": clause.stratum,
    }


def _condition(condition: Condition) -> tuple[object, ...]:
    test = condition.test
    return (condition.fact, condition.state, test and test.comparison, test and test.operand)
