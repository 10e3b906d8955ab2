"""How often one client may ask: a window of a minute that moves, in memory."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from campaign_rules.serving.problems import Problem


class RateLimit:
    """Counts the requests of each client."""

    def __init__(self, requests_per_minute: int) -> None:
        self._item = RateLimitItemPerMinute(requests_per_minute)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, client: str) -> None:
        """Count a request of `client`. Raises Problem 429 when it is one too many."""
        if self._limiter.hit(self._item, client):
            return
        wait = self._limiter.get_window_stats(self._item, client).reset_time - time.time()
        seconds = str(max(1, math.ceil(wait)))
        raise Problem(
            429,
            f"more than {self._item.amount} requests in a minute; ask again in {seconds} s",
            {"Retry-After": seconds},
        )
