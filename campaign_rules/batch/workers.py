"""Who does the work: this process, or several that were started afresh."""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from itertools import islice
from types import TracebackType
from typing import Self, TypeVar

from campaign_rules.batch.work import Task
from campaign_rules.errors import WorkerError

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Work = Callable[[Task, Sequence[Item]], Answer]

_task: list[Task] = []
"""In a worker process, the task that it was started for; empty everywhere else."""


class Workers:
    """A context that does work for `task`: in `processes` other processes, or in this one when it is 1.

    Processes are spawned, never forked: a fork would copy locks of other threads. The knowledge base goes to
    each of them once.
    """

    def __init__(self, task: Task, processes: int = 1) -> None:
        self._task = task
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        if self._processes > 1:
            self._pool = ProcessPoolExecutor(
                self._processes, multiprocessing.get_context("spawn"), _begin, (self._task,)
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def submit(
        self, work: Work[Item, Answer], items: Iterable[Item], size: int
    ) -> list[Callable[[], Answer]]:
        """Hand `items` out in lots of `size`; each of what is returned waits for the answer to one lot.

        Waiting raises WorkerError when a process died.
        """
        lots = iter(items)
        return [self._submit(work, lot) for lot in iter(lambda: tuple(islice(lots, size)), ())]

    def _submit(self, work: Work[Item, Answer], lot: Sequence[Item]) -> Callable[[], Answer]:
        if self._pool is None:
            return partial(work, self._task, lot)
        with _naming_death():
            future = self._pool.submit(_work, work, lot)

        def wait() -> Answer:
            with _naming_death():
                return future.result()

        return wait


@contextmanager
def _naming_death() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool:
        raise WorkerError(
            "a worker process did not start, or was ended from outside, perhaps for want of memory; "
            "run again with fewer processes"
        ) from None


def _begin(task: Task) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that waits for them
    _task.append(task)
    gc.freeze()


def _work(work: Work[Item, Answer], lot: Sequence[Item]) -> Answer:
    return work(_task[0], lot)
