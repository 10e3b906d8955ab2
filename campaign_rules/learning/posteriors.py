"""Beta posteriors, and how much the shipped values count beside tickets.

A share of a Dirichlet distribution is Beta distributed, so one class serves both (Gelman et al., Bayesian
Data Analysis, 3rd edition, 2013, sections 2.4 and 3.4).
"""

from __future__ import annotations

import math
from statistics import NormalDist

from attrs import frozen

DECIBANS_PER_NAT = 10.0 / math.log(10.0)
"""Decibans (Good, Probability and the Weighing of Evidence, 1950) for a natural logarithm of odds."""

_ASYMPTOTIC = 10.0


@frozen
class Prior:
    """How much the shipped values count, and what it takes to change a word.

    They count like `tickets` tickets for the frequencies of modules, like `per_module` tickets of a module
    for those of its causes, and like `firings` firings for the strength of a rule. A word changes only when
    at least `least` tickets speak about it and the interval that holds the learnt value with the probability
    `level` leaves out the shipped one.
    """

    tickets: float = 100.0
    per_module: float = 10.0
    firings: float = 10.0
    level: float = 0.95
    least: float = 5.0

    @property
    def deviations(self) -> float:
        """Half the width of the interval in standard deviations."""
        return NormalDist().inv_cdf((1.0 + self.level) / 2.0)


@frozen
class Beta:
    """The distribution of a share: as after `hits` of one kind and `misses` of the other."""

    hits: float
    misses: float

    @property
    def mean(self) -> float:
        """The expected share."""
        return self.hits / (self.hits + self.misses)

    @property
    def log_variance(self) -> float:
        """The variance of the natural logarithm of the share, which is exact for a Beta distribution."""
        return trigamma(self.hits) - trigamma(self.hits + self.misses)

    def after(self, hits: float, misses: float) -> Beta:
        """Return the posterior after so many more of either kind."""
        return Beta(self.hits + hits, self.misses + misses)


def trigamma(x: float) -> float:
    """Return the second derivative of ln Gamma at `x` > 0 (Abramowitz and Stegun 6.4.6 and 6.4.12)."""
    found = 0.0
    while x < _ASYMPTOTIC:
        found += 1.0 / (x * x)
        x += 1.0
    y = 1.0 / (x * x)
    return found + 1.0 / x + y / 2.0 + y / x * (1 / 6 - y * (1 / 30 - y * (1 / 42 - y / 30)))


def share_posterior(expected: float, worth: float, hits: float, of: float) -> Beta:
    """Return the posterior of a share that was `expected`, which counts like `worth` tickets."""
    return Beta(worth * expected, worth * (1.0 - expected)).after(hits, of - hits)


def rates_posterior(
    ratio: float, worth: float, with_: tuple[float, float], without: tuple[float, float]
) -> tuple[Beta, Beta]:
    """Return the posteriors of how often a rule fires where its conclusion holds, and where it does not.

    `ratio` is how many times likelier the rule base says it fires where it holds. `with_` and `without` are
    the firings among so many tickets where it holds, and where it does not. The rule base does not say how
    often the rule fires at all, so the prior has the rate of the tickets, with as many tickets as fire
    `worth` times. There have to be firings, and tickets of both kinds.
    """
    (hits, of), (alarms, others) = with_, without
    share, rate = of / (of + others), (hits + alarms) / (of + others)
    false_alarm = min(rate / (ratio * share + 1.0 - share), 1.0, 1.0 / ratio)
    tickets = worth / rate
    sensitivity = share_posterior(ratio * false_alarm, tickets * share, hits, of)
    return sensitivity, share_posterior(false_alarm, tickets * (1.0 - share), alarms, others)
