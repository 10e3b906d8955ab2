"""A wait that ends early when there is something to do, or when the worker has to stop."""

from __future__ import annotations

import threading


class Bell:
    """Wakes the threads of a worker. Its methods may be called from signal handlers."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._rung = 0
        self._stopping = False

    @property
    def stopping(self) -> bool:
        """Whether the worker has to stop."""
        return self._stopping

    @property
    def rung(self) -> int:
        """How often somebody rang."""
        return self._rung

    def ring(self) -> None:
        """Say that there is something to do."""
        with self._condition:
            self._rung += 1
            self._condition.notify_all()

    def stop(self) -> None:
        """Say that the worker has to stop."""
        with self._condition:
            self._stopping = True
            self._condition.notify_all()

    def wait(self, seconds: float, heard: int) -> None:
        """Wait for some time, or until somebody rings who was not `heard`, or the worker has to stop."""
        with self._condition:
            self._condition.wait_for(lambda: self._stopping or self._rung != heard, seconds)
