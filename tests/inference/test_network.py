"""The limits of durable-rules, one below and one above; these run where it is missing too."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

from campaign_rules.errors import EngineLimitError
from campaign_rules.inference.network import Network, compile_network
from campaign_rules.inference.program import compile_program
from campaign_rules.model import Condition, Rule
from tests.inference.rule_bases import rule_base


def network(rules: Iterable[Rule]) -> Network:
    return compile_network(compile_program(rule_base(*rules)))


def pairs(count: int, first: str = "a{}", second: str = "b{}") -> list[Rule]:
    return [
        Rule(f"r{n:04}", (), all=(Condition(first.format(n)), Condition(second.format(n))))
        for n in range(count)
    ]


def wide(conditions: int) -> list[Rule]:
    return [Rule("wide", (), all=tuple(Condition(f"o{n}") for n in range(conditions)))]


def test_at_most_fifteen_conditions_per_rule() -> None:
    network(wide(15))
    with pytest.raises(EngineLimitError, match=r"rule 'wide': number of conditions is 16.* at most 15"):
        network(wide(16))


def test_at_most_4096_engine_rules() -> None:
    network(pairs(4094))
    with pytest.raises(EngineLimitError, match=r"number of rules is 4097.* at most 4096"):
        network(pairs(4095))


def test_clauses_with_one_condition_share_one_rule() -> None:
    base = [Rule(f"r{n:04}", (), any=(Condition(f"o{n % 50}"), Condition("z"))) for n in range(5000)]
    compiled = network(base)
    assert json.loads(compiled.ruleset).keys() == {"boot", "single"}
    assert compiled.slots == ((),) * 51
    assert [len(clauses) for clauses in compiled.singles] == [100] * 50 + [5000]


def test_at_most_ten_thousand_slots() -> None:
    base = [Rule(f"r{n:04}", (), all=tuple(Condition(f"o{n}.{i}") for i in range(4))) for n in range(2500)]
    assert len(network(base).slots) == 10_000
    with pytest.raises(EngineLimitError, match=r"number of condition slots is 10002.* at most 10000"):
        network([*base, Rule("more", (), all=(Condition("one"), Condition("more")))])


@pytest.mark.parametrize(("rules", "slots"), [(250, 1), (251, 2), (500, 2), (501, 3)])
def test_a_condition_gets_a_further_slot_per_250_uses(rules: int, slots: int) -> None:
    assert len(network(pairs(rules, first="a")).slots[0]) == slots


@pytest.mark.parametrize(("rules", "slots"), [(60, 1), (61, 2), (120, 2), (121, 3)])
def test_a_condition_gets_a_further_slot_per_60_joined_uses(rules: int, slots: int) -> None:
    assert len(network(pairs(rules, second="z")).slots[-1]) == slots


@pytest.mark.parametrize(("rules", "slots"), [(250, 1), (251, 2)])
def test_a_phase_gets_a_further_slot_per_250_rules(rules: int, slots: int) -> None:
    base = [Rule(f"r{n:03}", (), all=(Condition(f"o{n:03}"),), unless=("d",)) for n in range(rules)]
    assert {stratum: len(tails) for stratum, tails in network(base).phases.items()} == {1: slots}


@pytest.mark.parametrize("rules", [500, 501])
def test_no_alpha_node_has_more_than_ten_children(rules: int) -> None:
    ruleset = json.loads(network(pairs(rules)).ruleset)
    children: dict[Any, set[str]] = {}
    for name, rule in ruleset.items():
        for test in [] if name in ("boot", "single") else rule["all"]:
            path: tuple[str, ...] = ()
            tests = [one for one in next(iter(test.values()))["$and"] if "x" not in one]
            for digit in map(json.dumps, tests):
                children.setdefault(path, set()).add(digit)
                path += (digit,)
    assert max(map(len, children.values())) == 10


def test_the_last_join_test_stands_twice_and_the_phase_first() -> None:
    base = [Rule("r", (), all=(Condition("a"), Condition("b")), unless=("d",))]
    rule = json.loads(network(base).ruleset)["r0"]
    assert rule["dist"] == 0
    assert [next(iter(term)) for term in rule["all"]] == ["ph", "c0", "c1", "n0$not"]
    for term in rule["all"][2:]:
        assert next(iter(term.values()))["$and"][-2:] == [{"x": {"c0": "x"}}] * 2
