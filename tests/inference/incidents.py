"""Random incidents for any rule base, drawn so that its rules fire and narrowly fail to."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

from campaign_rules.model import Comparison, Condition, Fact, Rule, State, Test, Value

INSTANCES = ("", "prod", "dev")


def incidents(
    rules: Mapping[str, Rule], count: int, seed: int, most: int = 8, hostile: bool = True
) -> Iterator[list[Fact]]:
    """Yield `count` incidents: what up to `most` rules ask for, about one to three instances, in any order.

    Now and then a fact is left out, turned into its opposite, made unknown or given another value, and
    one that is otherwise derived is observed. If `hostile`, a value may be of the wrong type or NaN.
    """
    draw = random.Random(seed)
    ordered = [rules[key] for key in sorted(rules)]
    for _ in range(count):
        instances = INSTANCES[: draw.choice((1, 1, 2, 3))]
        facts: dict[tuple[str, ...], Fact] = {}
        for rule in draw.choices(ordered, k=draw.randint(1, most)):
            instance = draw.choice(instances)
            wanted = (*rule.all, *draw.sample(rule.any, min(len(rule.any), draw.randint(1, 2))))
            negated = [Condition(name) for name in rule.unless if draw.random() < 0.1]
            for condition in (*wanted, *negated):
                if draw.random() < 0.9:
                    fact = _fact(draw, condition, instance, hostile)
                    facts[fact.sort_key] = fact
        drawn = list(facts.values())
        draw.shuffle(drawn)
        yield drawn


def _fact(draw: random.Random, condition: Condition, instance: str, hostile: bool) -> Fact:
    state = condition.state if draw.random() < 0.9 else draw.choice(list(State))
    value = _value(draw, condition.test, hostile) if condition.test else None
    return Fact(condition.fact, state, instance, value)


def _value(draw: random.Random, test: Test, hostile: bool) -> Value:
    operand = test.operand
    if hostile and draw.random() < 0.1:
        return draw.choice((None, "", 0.0, float("nan"), str(operand)))
    if isinstance(operand, str):
        return operand.swapcase() if draw.random() < 0.2 else operand
    step = {Comparison.AT_LEAST: 1, Comparison.AT_MOST: -1}.get(test.comparison, 0)
    return float(operand + draw.choice((0, step, step, -step)))
