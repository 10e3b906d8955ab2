"""How long to wait before the next attempt: exponential back-off with full jitter.

After Marc Brooker, Exponential Backoff and Jitter (AWS Architecture Blog, 2015).
"""

from __future__ import annotations

import random
from collections.abc import Callable

from attrs import field, frozen

LONGEST_ASKED = 86_400.0
"""Seconds that a tracker may make us wait, however long it asks for."""


@frozen
class BackOff:
    """Waits at random, at most `first`, and twice as long with each further failure up to `longest`.

    Times are in seconds. `uniform` draws a number between two others.
    """

    first: float = 2.0
    longest: float = 900.0
    uniform: Callable[[float, float], float] = field(default=random.uniform, repr=False)

    def seconds(self, failures: int, retry_after: float | None = None) -> float:
        """Return how long to wait after some failures in a row: at least as long as we were asked to."""
        bound = min(self.longest, self.first * 2.0 ** min(failures - 1, 60))
        asked = min(max(retry_after or 0.0, 0.0), LONGEST_ASKED)
        return asked + self.uniform(0.0, bound)
