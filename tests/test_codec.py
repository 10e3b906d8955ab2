"""Values as JSON and back: the same value, and nothing but values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import attrs
import pytest
from attrs import frozen

import campaign_rules as cr
from campaign_rules.codec import Codec
from campaign_rules.model import (
    Comparison,
    Condition,
    KnowledgeBase,
    Module,
    Rule,
    Scope,
    State,
    Test,
)
from tests.rule_bases import write_rule_base


@frozen
class Letters:
    """A set and a count."""

    of: frozenset[str]
    count: int = 0


@frozen
class Shelf:
    """One of each: shared values, an object known by its id, and keys that are no words."""

    letters: tuple[Letters, ...]
    module: Module
    places: Mapping[tuple[str, ...], Letters]
    note: str | None = None


MODULE = Module("mta", {"en": "Delivery"}, Scope.INSTANCE)
LETTERS = Letters(frozenset("xyz"), 3)
SHELF = Shelf((LETTERS, Letters(frozenset("xyz")), LETTERS), MODULE, {("a", "b"): LETTERS, (): LETTERS})
CODEC = Codec[Shelf](Shelf, shared=(frozenset[str], Letters), by_id=(Module,))


def test_a_rule_base_comes_back_as_it_was(tmp_path: Path) -> None:
    base = cr.load_knowledge(write_rule_base(tmp_path / "rules"), cache=False)
    codec = Codec[KnowledgeBase](KnowledgeBase)
    again = codec.load(codec.dump(base))
    for one in attrs.fields(KnowledgeBase):
        assert getattr(again, one.name) == getattr(base, one.name), one.name
    assert list(again.rules) == list(base.rules)


@pytest.mark.parametrize("operand", ["word", 5.0, 0.1, 1e300])
def test_a_value_keeps_its_type(operand: str | float) -> None:
    rule = Rule("r", (), (Condition("a", State.ABSENT), Condition("b", test=Test(Comparison.IS, operand))))
    codec = Codec[Rule](Rule)
    again = codec.load(codec.dump(rule))
    assert again == rule
    assert again.all[0].state is State.ABSENT
    assert again.all[1].test is not None
    assert type(again.all[1].test.operand) is type(operand)


def test_shared_values_are_written_and_made_once() -> None:
    data = CODEC.dump(SHELF)
    assert data.count(b'["x","y","z"]') == 1
    again = CODEC.load(data, {Module: {"mta": MODULE}})
    assert again == SHELF
    assert again.letters[0] is again.letters[2] is again.places["a", "b"]


def test_an_object_known_by_its_id_is_the_one_that_is_known() -> None:
    assert CODEC.load(CODEC.dump(SHELF), {Module: {"mta": MODULE}}).module is MODULE
    with pytest.raises(ValueError, match="no Shelf"):
        CODEC.load(CODEC.dump(SHELF), {Module: {}})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[1,2]",
        b"\xff",
        b"[]",
        b"[[],[],[]]",
        b"[[],[],[[],7,[],null]]",
        b'[[],[],[[9],"mta",[],null]]',
        b"[" * 100_000,
    ],
)
def test_what_is_no_value_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no Shelf"):
        CODEC.load(data, {Module: {"mta": MODULE}})


def test_a_field_more_or_less_is_refused() -> None:
    *tables, body = json.loads(CODEC.dump(SHELF))
    for changed in (body[:-1], [*body, None]):
        with pytest.raises(ValueError, match="no Shelf"):
            CODEC.load(json.dumps([*tables, changed]).encode(), {Module: {"mta": MODULE}})


@pytest.mark.parametrize("kind", [object, tuple[str, int], Path])
def test_a_kind_that_is_no_value_is_refused(kind: type) -> None:
    with pytest.raises(TypeError):
        Codec[object](kind).dump(("a", 1))
