"""Equal rows found with array operations: what is asked of a whole column once for each distinct value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import frozen

from campaign_rules.batch.incidents import FAULT, OBSERVATIONS, TICKET


@frozen(eq=False)
class Distinct:
    """A distinct row: its observations, each once and sorted; its ticket; why it could not be read."""

    observations: tuple[str, ...] | None
    ticket: str | None
    fault: str | None


def group(incidents: pa.RecordBatch) -> tuple[list[Distinct], np.ndarray]:
    """Return the distinct rows of a batch, and for each row the place of its equal among them.

    The order within a list of observations, and repetitions in it, make no difference.
    """
    sets, set_of = _distinct_sets(incidents.column(OBSERVATIONS))
    tickets, ticket_of = _distinct(incidents.column(TICKET))
    faults, fault_of = _distinct(incidents.column(FAULT))
    keys = (set_of * len(tickets) + ticket_of) * len(faults) + fault_of
    found, places = np.unique(keys, return_inverse=True)
    return [
        Distinct(
            sets[key // len(faults) // len(tickets)],
            tickets[key // len(faults) % len(tickets)],
            faults[key % len(faults)],
        )
        for key in found.tolist()
    ], places.astype(np.int32)


def _distinct(column: pa.Array) -> tuple[list[Any], np.ndarray]:
    """Return the distinct values of a column and the place of each row's among them."""
    encoded = column.dictionary_encode(null_encoding="encode")
    return encoded.dictionary.to_pylist() or [None], encoded.indices.to_numpy(zero_copy_only=False).astype(
        np.int64
    )


def _distinct_sets(column: pa.Array) -> tuple[list[tuple[str, ...] | None], np.ndarray]:
    """Return the distinct sets of a column of lists and the place of each row's among them.

    The strings of a row become numbers that are sorted within the row, each once; as bytes they tell equal
    rows apart exactly. A null within a list counts as an empty string, which is no observation.
    """
    words = column.flatten().fill_null("").dictionary_encode()
    names = words.dictionary.to_pylist()
    rows = np.repeat(np.arange(len(column)), _lengths(column))
    keys = np.unique(rows * max(len(names), 1) + words.indices.to_numpy())
    owners, numbers = np.divmod(keys, max(len(names), 1))
    sizes = np.bincount(owners, minlength=len(column))
    offsets = np.concatenate(([0], np.cumsum(sizes))) * 4
    packed = pa.Array.from_buffers(
        pa.large_binary(),
        len(column),
        [None, pa.py_buffer(offsets.astype(np.int64)), pa.py_buffer(numbers.astype(np.int32))],
    )
    missing = column.is_null()
    if missing.true_count:
        packed = pa.compute.if_else(missing, None, packed)
    found, places = _distinct(packed)
    return [None if one is None else _named(one, names) for one in found], places


def _named(packed: bytes, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(names[number] for number in np.frombuffer(packed, np.int32).tolist()))


def _lengths(column: pa.Array) -> np.ndarray:
    lengths: np.ndarray = pa.compute.list_value_length(column).fill_null(0).to_numpy()
    return lengths
