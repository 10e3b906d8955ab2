from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_rules.ranking.inside import module_weight, within
from tests.ranking.small_base import refutes, supports

NATS = math.log(10) / 10
SHARES = {"": 0.4, "worn": 0.1, "port": 0.5}


def of(**decibans):
    return {
        cause: [(supports if value > 0 else refutes)(cause, abs(value), f"{cause}-seen")]
        for cause, value in decibans.items()
    }


@pytest.mark.parametrize("others", [0, 1, 30])
def test_a_supported_cause_competes_with_the_unspecified_one_only_however_many_are_known(others):
    total = 2 + others
    shares = {"": 1 / total, "port": 1 / total, **{f"c{number}": 1 / total for number in range(others)}}
    assert module_weight(shares, of(port=13), {}) == pytest.approx(math.log(0.5 * 10**1.3 + 0.5))


def test_a_refuted_cause_takes_no_more_than_its_share():
    assert module_weight(SHARES, of(port=-20), {}) == pytest.approx(math.log(1 - 0.5 * 0.99))
    assert module_weight(SHARES, {}, {}) == 0.0


def test_the_cause_that_gains_most_counts_by_its_rival_share_and_the_others_by_their_share():
    both = module_weight(SHARES, of(port=10, worn=10), {})
    assert both == pytest.approx(math.log(1 + 0.2 * 9 + 0.5 * 9))


def test_what_an_observation_has_told_already_is_left_out_of_the_best_cause():
    whole = module_weight(SHARES, of(port=10), {"port-seen": 10 * NATS})
    assert whole == pytest.approx(math.log(1 + 0.5 * 9))
    untold = module_weight(SHARES, of(port=10), {"other-seen": 10 * NATS})
    assert untold == pytest.approx(math.log(1 + 5 / 9 * 9))


values = st.floats(-30, 30)


@given(values, values, values, st.floats(0, 3))
def test_a_stronger_fact_never_lowers_the_module(first, second, other, already):
    low, high = sorted((first, second))
    before, after = (
        module_weight(SHARES, of(port=value, worn=other), {"port-seen": already}) for value in (low, high)
    )
    assert after >= before - 1e-12


@given(values, values)
def test_causes_and_the_unspecified_one_sum_to_one(first, second):
    inside = within(SHARES, of(port=first, worn=second))
    assert math.fsum(inside.values()) == pytest.approx(1)
    odds = inside["port"] / inside[""]
    assert odds == pytest.approx(0.5 / 0.4 * 10 ** (first / 10))
