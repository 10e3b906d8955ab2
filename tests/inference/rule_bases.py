"""Random stratified rule bases, fact sets, and a brute-force oracle that shares no code with the engines."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

from hypothesis import strategies as st

from campaign_rules.model import (
    Comparison,
    Conclusion,
    Condition,
    Fact,
    Firing,
    Rule,
    State,
    Test,
    Value,
    Verb,
)

OBSERVED = ("o0", "o1", "o2")
LAYERS = (("d0", "d1"), ("d2", "d3"), ("d4",))
"""Derived facts by layer: rules build on their own layer and below, absences on those below."""

INSTANCES = ("", "prod")
VALUES: tuple[Value, ...] = (
    None,
    "linux",
    "Linux",
    "windows",
    "5",
    "",
    5,
    5.0,
    0.0,
    -3.5,
    1e-7,
    1e22,
    True,
    False,
)
VALUES += (float("nan"), float("inf"), 'a\nb"\\\0', "\ud800", "è")


def derives(*facts: str) -> tuple[Conclusion, ...]:
    return tuple(Conclusion(Verb.DERIVES, fact) for fact in facts)


def rule_base(*rules: Rule) -> dict[str, Rule]:
    return {rule.id: rule for rule in rules}


tests = st.builds(
    Test, st.sampled_from(Comparison), st.sampled_from(("linux", "LINUX", "5", 5, 5.0, 0, 1e-7, float("inf")))
)

observed_conditions = st.builds(
    Condition,
    st.sampled_from((*OBSERVED, "d0")),
    st.sampled_from((State.PRESENT, State.PRESENT, State.ABSENT)),
    st.none() | st.none() | tests,
)


def conditions(layer: int) -> st.SearchStrategy[Condition]:
    derived = [fact for facts in LAYERS[: layer + 1] for fact in facts]
    return observed_conditions | st.sampled_from(derived).map(Condition)


@st.composite
def rules(draw: st.DrawFn, rule_id: str) -> Rule:
    layer = draw(st.integers(0, len(LAYERS) - 1))
    below = [fact for facts in LAYERS[:layer] for fact in facts]
    above = [fact for facts in LAYERS[layer:] for fact in facts]
    heads = draw(st.lists(st.sampled_from(above), max_size=2))
    everything = tuple(draw(st.lists(conditions(layer), max_size=3)))
    least = 0 if everything else 1
    return Rule(
        rule_id,
        derives(*heads) + (() if heads else (Conclusion(Verb.IMPAIRS, "mta", "strong"),)),
        all=everything,
        any=tuple(draw(st.lists(conditions(layer), min_size=least, max_size=3))),
        unless=tuple(draw(st.lists(st.sampled_from(below), max_size=2))) if below else (),
    )


@st.composite
def rule_bases(draw: st.DrawFn) -> dict[str, Rule]:
    size = draw(st.integers(1, 12))
    return rule_base(*(draw(rules(f"r{number}")) for number in range(size)))


facts = st.builds(
    Fact,
    st.sampled_from((*OBSERVED, *OBSERVED, "d0", "d2")),
    st.sampled_from((State.PRESENT, *State)),
    st.sampled_from(INSTANCES),
    st.none() | st.sampled_from((5.0, "linux")) | st.sampled_from(VALUES),
)
fact_sets = st.lists(facts, min_size=1, max_size=10, unique_by=lambda fact: fact.sort_key)


def oracle(base: Mapping[str, Rule], observed: Iterable[Fact]) -> list[Firing]:
    """Every firing, by trying all combinations of facts until nothing changes, layer after layer."""
    known = {fact.sort_key: fact for fact in observed}
    fired: dict[tuple[object, ...], Firing] = {}
    layer_of = {fact: layer for layer, facts in enumerate(LAYERS) for fact in facts}
    for layer in range(len(LAYERS) + 1):
        size = -1
        while size != len(fired):
            size = len(fired)
            for rule in base.values():
                if max((layer_of[fact] + 1 for fact in rule.unless), default=0) <= layer:
                    _fire(rule, known, fired)
    return sorted(fired.values(), key=lambda firing: firing.sort_key)


def _fire(rule: Rule, known: dict[tuple[str, ...], Fact], fired: dict[tuple[object, ...], Firing]) -> None:
    for choice in [(one,) for one in rule.any] or [()]:
        for instance in INSTANCES:
            here = [fact for fact in known.values() if fact.instance == instance]
            if any(fact.name in rule.unless and fact.state == "present" for fact in here):
                continue
            conditions = dict.fromkeys((*rule.all, *choice))
            candidates = [[f for f in here if _meets(f, condition)] for condition in conditions]
            for combination in itertools.product(*candidates):
                supports = {fact.sort_key: fact for fact in combination}
                ordered = tuple(supports[key] for key in sorted(supports))
                firing = Firing(rule.id, instance, ordered, tuple(sorted(set(rule.unless))))
                fired.setdefault(firing.sort_key, firing)
                for conclusion in rule.then:
                    if conclusion.verb is Verb.DERIVES:
                        derived = Fact(conclusion.target, instance=instance)
                        known.setdefault(derived.sort_key, derived)


def _meets(fact: Fact, condition: Condition) -> bool:
    if (fact.name, fact.state) != (condition.fact, condition.state) or fact.state is State.UNKNOWN:
        return False
    return condition.test is None or _passes(condition.test, fact.value)


def _passes(test: Test, value: Value) -> bool:
    operand = test.operand
    if type(value) in (int, float) and type(operand) in (int, float) and value == value:
        number, bound = float(value), float(operand)  # type: ignore[arg-type]
        return {
            Comparison.IS: number == bound,
            Comparison.IS_NOT: number != bound,
            Comparison.AT_LEAST: number >= bound,
            Comparison.AT_MOST: number <= bound,
        }[test.comparison]
    if isinstance(value, str) and isinstance(operand, str):
        same = value.lower() == operand.lower()
        return {Comparison.IS: same, Comparison.IS_NOT: not same}.get(test.comparison, False)
    return False


def shown(firings: Iterable[Firing]) -> list[tuple[object, ...]]:
    """Firings as plain values: unlike equality, this tells 1 from True and finds NaN equal to itself."""
    return [(firing.sort_key, firing.absences) for firing in firings]
