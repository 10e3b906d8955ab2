"""How incidents flow through reading and diagnosis, each distinct one once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from attrs import evolve, field, frozen

from campaign_rules.batch.grouping import Distinct, group
from campaign_rules.batch.incidents import READ
from campaign_rules.batch.memo import REMEMBERED, Memo
from campaign_rules.batch.results import error_row, result_batch
from campaign_rules.batch.schema import output_schema
from campaign_rules.batch.work import Fault, Observed, Task, diagnose_sets, observed, read_tickets
from campaign_rules.batch.workers import Workers

ROWS_OUT = 8_192
"""Rows of a batch that comes out, at most."""

SETS_A_LOT, TICKETS_A_LOT = 32, 16
"""What a worker gets at once: some tens of milliseconds of work."""

T = TypeVar("T")


@frozen(eq=False)
class Diagnosed:
    """Incidents with their results: `kept` has a row for each, whose result is row `places` of `results`."""

    kept: pa.RecordBatch
    places: np.ndarray
    results: pa.RecordBatch

    def rows(self) -> Iterator[pa.RecordBatch]:
        """Yield the incidents with the result in every row, a piece at a time."""
        schema = output_schema(self.kept.schema)
        for start in range(0, len(self.places), ROWS_OUT):
            results = self.results.take(pa.array(self.places[start : start + ROWS_OUT]))
            kept = self.kept.slice(start, ROWS_OUT)
            yield pa.RecordBatch.from_arrays([*kept.columns, *results.columns], schema=schema)


@frozen(eq=False)
class _Window:
    """Incidents on their way: to each distinct one its set, once that is known."""

    kept: pa.RecordBatch
    distinct: Sequence[Distinct]
    places: np.ndarray
    readings: Sequence[Any] = ()
    sets: Sequence[Observed] = ()
    lots: Sequence[tuple[Sequence[tuple[str, ...]], Any]] = field(factory=tuple)


class Flow:
    """One pass of incidents through reading and diagnosis, always a window ahead of what comes out."""

    def __init__(self, task: Task, workers: Workers, memo: Memo) -> None:
        self._workers = workers
        self._memo = memo
        self._begun: deque[_Window] = deque()
        self._canonical = lru_cache(REMEMBERED)(partial(observed, task))

    def run(self, pieces: Iterable[pa.RecordBatch]) -> Iterator[Diagnosed]:
        """Yield the incidents of each piece with their results."""
        read = _one_ahead(map(self._read, pieces))
        begun = _one_ahead(map(self._begin, read))
        return map(self._finish, begun)

    def _read(self, incidents: pa.RecordBatch) -> _Window:
        """Find the distinct incidents and have the tickets among them read."""
        distinct, places = group(incidents)
        tickets = [(one.observations or (), one.ticket or "") for one in distinct if _is_ticket(one)]
        kept = incidents.select(range(len(READ), incidents.num_columns))
        return _Window(kept, distinct, places, self._workers.submit(read_tickets, tickets, TICKETS_A_LOT))

    def _begin(self, window: _Window) -> _Window:
        """Have the sets diagnosed that nobody has seen yet."""
        read = (one for wait in window.readings for one in wait())
        sets = [next(read) if _is_ticket(one) else self._observed(one) for one in window.distinct]
        coming = {one for begun in self._begun for lot, _ in begun.lots for one in lot}
        new = [
            one
            for one in dict.fromkeys(sets)
            if not isinstance(one, Fault) and one not in self._memo and one not in coming
        ]
        lots = [new[start : start + SETS_A_LOT] for start in range(0, len(new), SETS_A_LOT)]
        waits = self._workers.submit(diagnose_sets, new, SETS_A_LOT)
        window = evolve(window, readings=(), sets=sets, lots=tuple(zip(lots, waits, strict=True)))
        self._begun.append(window)
        return window

    def _finish(self, window: _Window) -> Diagnosed:
        for lot, wait in window.lots:
            self._memo.add(lot, wait())
        needed = list(dict.fromkeys(window.sets))
        faults = [one for one in needed if isinstance(one, Fault) and one not in self._memo]
        self._memo.add(faults, result_batch([error_row(one.reason) for one in faults]))
        place_of = {one: place for place, one in enumerate(needed)}
        results = self._memo.take(needed)
        self._begun.popleft()
        self._memo.shrink({one for begun in self._begun for one in begun.sets})
        return Diagnosed(
            window.kept, np.array([place_of[one] for one in window.sets], np.int32)[window.places], results
        )

    def _observed(self, one: Distinct) -> Observed:
        if one.fault is not None:
            return Fault(one.fault)
        if one.observations is None:
            return Fault("neither observations nor the text of a ticket")
        return self._canonical(one.observations)


def _is_ticket(one: Distinct) -> bool:
    return one.fault is None and one.ticket is not None


def _one_ahead(items: Iterable[T]) -> Iterator[T]:
    """Yield each item when the one after it has been drawn."""
    drawn: deque[T] = deque()
    for item in items:
        drawn.append(item)
        if len(drawn) > 1:
            yield drawn.popleft()
    yield from drawn
