"""CLIPS as the third opinion: it fires what both engines fire, for the shipped rules and for random ones."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import campaign_rules as cr
from campaign_rules.inference import Engine, compile_program, make_engine
from campaign_rules.inference.durable import can_import
from campaign_rules.model import Fact, Rule
from tests.inference.incidents import incidents
from tests.inference.rule_bases import fact_sets, rule_bases, shown

pytest.importorskip("clips", reason="clipspy is not installed")
from tests.inference.clips import Clips

ENGINES = ("semi-naive", "durable") if can_import() else ("semi-naive",)


@pytest.fixture(scope="module")
def shipped() -> dict[str, Rule]:
    return dict(cr.load_knowledge().rules)


@settings(max_examples=100)
@given(rule_bases(), st.lists(fact_sets, min_size=1, max_size=4))
def test_random_rule_bases(base: dict[str, Rule], drawn: list[list[Fact]]) -> None:
    clips = Clips(base)
    for engine in _engines(base):
        for facts in drawn:
            assert shown(engine.fire(facts)) == shown(clips.fire(facts))


def test_the_shipped_rules(shipped: dict[str, Rule]) -> None:
    fired = _compare(shipped, 1_000, seed=1)
    relied = [rule for rule in shipped.values() if rule.unless]
    assert len(fired) > len(shipped) * 0.8
    assert fired & {rule.id for rule in relied}


@pytest.mark.slow
def test_the_shipped_rules_at_length(shipped: dict[str, Rule]) -> None:
    assert _compare(shipped, 6_000, seed=2) == shipped.keys()


def _compare(rules: dict[str, Rule], count: int, seed: int) -> set[str]:
    """Compare the engines with CLIPS on random incidents; return the rules that fired."""
    clips, engines = Clips(rules), _engines(rules)
    fired: set[str] = set()
    for facts in incidents(rules, count, seed):
        expected = clips.fire(facts)
        fired |= {firing.rule for firing in expected}
        for engine in engines:
            assert shown(engine.fire(facts)) == shown(expected)
    return fired


def _engines(rules: dict[str, Rule]) -> list[Engine]:
    program = compile_program(rules)
    return [make_engine(program, name) for name in ENGINES]
