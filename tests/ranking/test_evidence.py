from __future__ import annotations

import itertools

from campaign_rules.model import Verb
from campaign_rules.ranking.evidence import count_once, shares
from tests.ranking.small_base import evidence


def item(rule: str, decibans: float, *leaves: str, groups: tuple[str, ...] = ()):
    return evidence(Verb.IMPAIRS, "mta", decibans, *leaves, rule_id=rule, groups=groups)


def test_two_rules_on_one_measurement_count_once_and_the_stronger_stays():
    counted = count_once([item("a", 3, "x", groups=("log",)), item("b", 10, "y", groups=("log",))])
    assert [each.rule for each in counted] == ["b"]


def test_an_item_with_one_new_group_counts():
    counted = count_once([item("a", 10, "x"), item("b", 3, "x", "y")])
    assert [each.rule for each in counted] == ["a", "b"]


def test_opposite_signs_do_not_shadow_each_other():
    counted = count_once([item("a", 10, "x"), item("b", -3, "x")])
    assert [each.rule for each in counted] == ["a", "b"]


def test_a_discarded_item_does_not_use_up_its_groups():
    counted = count_once([item("a", 10, "x"), item("b", 5, "x"), item("c", 3, "x", "y"), item("d", 1, "y")])
    assert [each.rule for each in counted] == ["a", "c"]


def test_equal_strength_is_decided_by_rule_id():
    counted = count_once([item("b", 5, "x"), item("a", 5, "x")])
    assert [each.rule for each in counted] == ["a"]


def test_firings_of_one_rule_count_once_with_all_their_leaves():
    counted = count_once([item("a", 5, "x"), item("a", 5, "z", "y")])
    assert [(each.leaves, each.decibans) for each in counted] == [(("x", "y", "z"), 5)]


def test_weightless_items_do_not_count():
    assert count_once([item("a", 0.0, "x")]) == ()


def test_order_does_not_matter():
    items = [item("a", 5, "x"), item("b", 5, "x", "y"), item("c", -5, "y"), item("a", 5, "z")]
    assert len({count_once(order) for order in itertools.permutations(items)}) == 1


def test_shares_split_equally_over_leaves():
    assert shares([item("a", 9, "x", "y", "z")], 0.5) == {
        ("x", "a"): 1.5,
        ("y", "a"): 1.5,
        ("z", "a"): 1.5,
    }
