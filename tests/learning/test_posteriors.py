"""Beta posteriors: the shipped value without tickets, and moved by them in the right direction."""

from __future__ import annotations

import math
import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_rules.learning import Beta, Prior
from campaign_rules.learning.posteriors import rates_posterior, share_posterior, trigamma

shares = st.floats(0.001, 0.999)
worths = st.floats(0.5, 1000)
counts = st.integers(0, 500)
ratios = st.sampled_from([0.01, 0.05, 0.5, 2.0, 5.0, 20.0, 100.0])


@pytest.mark.parametrize(
    ("x", "value"), [(1.0, math.pi**2 / 6), (0.5, math.pi**2 / 2), (2.0, math.pi**2 / 6 - 1)]
)
def test_trigamma_has_its_known_values(x: float, value: float) -> None:
    assert trigamma(x) == pytest.approx(value, rel=1e-9)


def test_the_variance_is_that_of_the_logarithm_of_drawn_shares() -> None:
    dice = random.Random(1)
    drawn = [math.log(dice.betavariate(3.0, 9.0)) for _ in range(20_000)]
    assert Beta(3.0, 9.0).log_variance == pytest.approx(statistics.variance(drawn), rel=0.05)


@given(shares, worths)
def test_without_tickets_a_share_is_the_expected_one(expected: float, worth: float) -> None:
    assert share_posterior(expected, worth, 0, 0).mean == pytest.approx(expected)


@given(shares, worths, counts, counts)
def test_a_hit_raises_a_share_and_a_miss_lowers_it(
    expected: float, worth: float, hits: int, misses: int
) -> None:
    now = share_posterior(expected, worth, hits, hits + misses).mean
    assert share_posterior(expected, worth, hits + 1, hits + 1 + misses).mean > now
    assert share_posterior(expected, worth, hits, hits + misses + 1).mean < now


@given(shares, st.floats(0.01, 0.99), worths)
def test_a_stronger_prior_stays_nearer(expected: float, worth: float, share: float) -> None:
    weak, strong = (share_posterior(expected, factor, 30, 40).mean for factor in (10.0, 100.0))
    assert abs(strong - expected) <= abs(weak - expected)


@given(shares, worths)
def test_many_tickets_outweigh_any_prior(expected: float, worth: float) -> None:
    posterior = share_posterior(expected, worth, 2.5e8, 1e9)
    assert posterior.mean == pytest.approx(0.25, abs=1e-4)
    assert posterior.log_variance < 1e-6


def _ratio(ratio: float, hits: float, of: float, alarms: float, others: float) -> float:
    sensitivity, false_alarm = rates_posterior(ratio, Prior().firings, (hits, of), (alarms, others))
    assert 0.0 < sensitivity.mean <= 1.0
    assert 0.0 < false_alarm.mean <= 1.0
    return sensitivity.mean / false_alarm.mean


@given(ratios, st.integers(1, 200), st.integers(1, 200))
def test_tickets_that_are_as_shipped_leave_a_ratio_as_it_is(ratio: float, of: int, others: int) -> None:
    false_alarm = 0.9 * min(1.0, 1.0 / ratio)
    found = _ratio(ratio, ratio * false_alarm * of, of, false_alarm * others, others)
    assert found == pytest.approx(ratio)


@given(ratios, st.integers(0, 50), st.integers(0, 50))
def test_a_firing_where_it_holds_raises_a_ratio(ratio: float, hits: int, alarms: int) -> None:
    of, others = 200, 400
    if hits + alarms:
        now = _ratio(ratio, hits, of, alarms, others)
        assert _ratio(ratio, hits + 1, of, alarms, others) > now
        assert _ratio(ratio, hits, of, alarms + 1, others) < now


@given(ratios)
def test_many_firings_outweigh_the_shipped_ratio(ratio: float) -> None:
    assert _ratio(ratio, 6e5, 1e6, 2e5, 1e6) == pytest.approx(3.0, rel=1e-3)


def test_the_interval_is_wider_for_more_certainty() -> None:
    assert Prior(level=0.95).deviations == pytest.approx(1.96, abs=0.001)
    assert Prior(level=0.99).deviations > Prior(level=0.95).deviations
