"""Results by what they are of, as many as fit: the memory that makes equal sets cost once."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence

import numpy as np
import pyarrow as pa

from campaign_rules.batch.schema import RESULT

REMEMBERED = 50_000
"""Results that are remembered unless told otherwise: some 4 KB each."""


class Memo:
    """Rows for the keys used last, in columns. It holds up to `capacity` of them and those that are pinned.

    When it is full, the less recently used half goes.
    """

    def __init__(self, capacity: int, schema: pa.Schema = RESULT) -> None:
        self._capacity = capacity
        self._places: dict[Hashable, int] = {}  # least recently used first
        self._rows = [pa.RecordBatch.from_pylist([], schema=schema)]
        self._count = 0

    def __contains__(self, one: Hashable) -> bool:
        return one in self._places

    def __len__(self) -> int:
        return self._count

    def add(self, keys: Sequence[Hashable], results: pa.RecordBatch) -> None:
        """Remember the result of each of `keys`, which must be new."""
        self._places.update(zip(keys, range(self._count, self._count + len(keys)), strict=True))
        self._rows.append(results)
        self._count += len(keys)

    def take(self, keys: Sequence[Hashable]) -> pa.RecordBatch:
        """Return the results of `keys`, in their order, and count them as used. Raises KeyError."""
        places = np.empty(len(keys), np.int32)
        for number, one in enumerate(keys):
            place = self._places.pop(one)
            self._places[one] = places[number] = place
        return self._joined().take(pa.array(places))

    def shrink(self, pinned: Collection[Hashable]) -> None:
        """Forget what does not fit, but nothing of `pinned`."""
        if self._count <= self._capacity:
            return
        recent = list(self._places)[-(self._capacity // 2) :]
        keep = list(dict.fromkeys([*(one for one in pinned if one in self._places), *recent]))
        self._rows = [self.take(keep)]
        self._places = {one: place for place, one in enumerate(keep)}
        self._count = len(keep)

    def _joined(self) -> pa.RecordBatch:
        if len(self._rows) > 1:
            self._rows = [pa.concat_batches(self._rows)]
        return self._rows[0]
