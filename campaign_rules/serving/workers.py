"""Threads for diagnoses, so that the port goes on answering: a few at a time, and none without end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TypeVar

from campaign_rules.serving.problems import Problem
from campaign_rules.serving.settings import Settings

WAITING = 16
"""Pieces of work that may wait for each thread."""

T = TypeVar("T")


class Workers:
    """Runs blocking work in threads."""

    def __init__(self, settings: Settings) -> None:
        self._seconds = settings.diagnosis_seconds
        self._pool = ThreadPoolExecutor(settings.threads, thread_name_prefix="diagnosis")
        self._places = BoundedSemaphore(settings.threads * (1 + WAITING))

    async def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns.

        Raises Problem 503 when too much is waiting, and when it takes too long. A thread cannot be stopped:
        until it ends, its place stays taken.
        """
        if not self._places.acquire(blocking=False):
            raise Problem(503, "too much is waiting; ask again", {"Retry-After": "1"})
        future = self._pool.submit(work)
        future.add_done_callback(lambda done: self._places.release())
        waiting = asyncio.wrap_future(future)
        await asyncio.wait([waiting], timeout=self._seconds)
        if not waiting.done():
            waiting.add_done_callback(_unheard)
            future.cancel()
            raise Problem(
                503, f"this took more than {self._seconds:g} s; send less at a time", {"Retry-After": "1"}
            )
        return waiting.result()


def _unheard(late: asyncio.Future[T]) -> None:
    """Take a late failure, so that asyncio does not log its message."""
    if not late.cancelled():
        late.exception()
