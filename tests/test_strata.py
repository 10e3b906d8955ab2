from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_rules.errors import StratificationError
from campaign_rules.strata import stratify

FACTS = "abcde"
graphs = st.dictionaries(
    st.sampled_from(FACTS), st.dictionaries(st.sampled_from(FACTS), st.booleans(), max_size=3), max_size=5
)


def test_absence_lifts_and_presence_does_not() -> None:
    assert stratify({"b": {"a": True}, "c": {"b": False}, "d": {"c": True, "a": False}}) == {
        "a": 0,
        "b": 1,
        "c": 1,
        "d": 2,
    }


def test_absence_of_a_fact_that_nothing_derives_lifts_too() -> None:
    assert stratify({"a": {"nowhere": True}, "b": {"a": True}}) == {"nowhere": 0, "a": 1, "b": 2}


def test_recursion_through_presence_is_fine() -> None:
    assert stratify({"a": {"b": False}, "b": {"a": False, "z": True}}) == {"a": 1, "b": 1, "z": 0}


def test_a_fact_that_needs_its_own_absence() -> None:
    with pytest.raises(StratificationError) as caught:
        stratify({"a": {"a": True}})
    assert caught.value.cycle == ("a", "a")


def test_the_shortest_circle_is_named() -> None:
    with pytest.raises(StratificationError) as caught:
        stratify({"a": {"b": True}, "b": {"c": False}, "c": {"a": False, "d": False}, "d": {"c": True}})
    assert caught.value.cycle == ("d", "c", "d")


@given(graphs)
def test_strata_are_right_and_refusal_is_justified(needs: dict[str, dict[str, bool]]) -> None:
    cycle: tuple[str, ...] = ()
    strata: dict[str, int] = {}
    try:
        strata = stratify(needs)
    except StratificationError as error:
        cycle = error.cycle
    if cycle:
        steps = list(pairwise(cycle))
        assert cycle[0] == cycle[-1]
        assert all(fact in needs[head] for head, fact in steps)
        assert any(needs[head][fact] for head, fact in steps)
    else:
        assert strata.keys() == needs.keys() | {fact for facts in needs.values() for fact in facts}
        for head, facts in needs.items():
            assert strata[head] >= max((strata[fact] + negated for fact, negated in facts.items()), default=0)
