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


@pytest.mark.parametrize("share", [0.9, 0.5, 0.01])
def test_what_speaks_for_a_cause_speaks_for_its_module_whatever_its_share(share):
    assert module_weight({"": 1 - share, "port": share}, of(port=13), {}) == pytest.approx(13 * NATS)


def test_a_refuted_cause_takes_no_more_than_its_share():
    assert module_weight(SHARES, of(port=-20), {}) == pytest.approx(math.log(1 - 0.5 * 0.99))
    assert module_weight(SHARES, {}, {}) == 0.0


def test_the_best_supported_cause_counts_whole_and_the_others_by_their_share():
    both = module_weight(SHARES, of(port=10, worn=10), {})
    assert both == pytest.approx(math.log(10 + 0.5 * 9))


def test_what_an_observation_has_told_already_is_left_out_of_the_best_cause():
    whole = module_weight(SHARES, of(port=10), {"port-seen": 10 * NATS})
    assert whole == pytest.approx(math.log(1 + 0.5 * 9))
    assert module_weight(SHARES, of(port=10), {"other-seen": 10 * NATS}) == pytest.approx(10 * NATS)


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
