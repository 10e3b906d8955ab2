"""The incidents that come in: any table's columns in the one form that the rest of the batch reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from campaign_rules.errors import InputError, did_you_mean

OBSERVATIONS, TICKET, FAULT = 0, 1, 2
"""Places of the columns that every batch of incidents begins with; the kept columns come after them."""

READ = (
    pa.field("observations", pa.list_(pa.string())),
    pa.field("ticket", pa.string()),
    pa.field("fault", pa.string()),
)
"""What a row says, and why it could not be read, if so."""

ROWS, BYTES = 32_768, 64_000_000
"""The most that is looked at together: rows, and bytes unless one row is larger."""


@frozen
class Columns:
    """Which columns hold what. `keep` are copied to the output; None stands for ``id``, if there is one."""

    observations: str = "observations"
    ticket: str = "ticket"
    keep: Sequence[str] | None = None

    def kept(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the columns to keep of a table that has `names`.

        Raises InputError when one is missing, or there is neither a column of observations nor of tickets.
        """
        keep = tuple(name for name in ("id",) if name in names) if self.keep is None else tuple(self.keep)
        for name in keep:
            if name not in names:
                raise InputError(f"no column {name!r} to keep{did_you_mean(name, names)}")
        if not {self.observations, self.ticket} & set(names):
            near = did_you_mean(self.observations, names) or did_you_mean(self.ticket, names)
            raise InputError(f"no column {self.observations!r} and no column {self.ticket!r}{near}")
        return keep


def incident_schema(kept: Iterable[pa.Field]) -> pa.Schema:
    """Return the columns of a batch of incidents."""
    return pa.schema([*READ, *kept])


def incidents_of(batch: pa.RecordBatch, columns: Columns) -> pa.RecordBatch:
    """Return the rows of `batch` as incidents.

    Raises InputError when a column is missing, there twice or of the wrong type.
    """
    names = batch.schema.names
    kept = columns.kept(names)
    for name in {columns.observations, columns.ticket, *kept}:
        if names.count(name) > 1:
            raise InputError(f"column {name!r} is there twice")
    none = pa.nulls(len(batch))
    arrays = [
        _lists(batch.column(columns.observations), columns.observations)
        if columns.observations in names
        else none.cast(READ[OBSERVATIONS].type),
        _texts(batch.column(columns.ticket), columns.ticket)
        if columns.ticket in names
        else none.cast(pa.string()),
        none.cast(pa.string()),
        *(batch.column(name) for name in kept),
    ]
    return pa.RecordBatch.from_arrays(
        arrays, schema=incident_schema(batch.schema.field(name) for name in kept)
    )


def windows(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Cut incidents anew, into pieces whose bounds depend on the rows only, not on how they were batched."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        while _is_full(waiting):
            joined = pa.concat_batches(waiting)
            size = _fitting(joined)
            yield joined.slice(0, size)
            waiting = [joined.slice(size)]
    rest = pa.concat_batches(waiting) if waiting else ()
    if len(rest):
        yield rest


def _is_full(waiting: Sequence[pa.RecordBatch]) -> bool:
    return sum(map(len, waiting)) >= ROWS or sum(batch.nbytes for batch in waiting) >= BYTES


def _fitting(batch: pa.RecordBatch) -> int:
    """Return how many of the first rows to take: halved from ROWS until they fit, or are one."""
    size = ROWS
    while size > 1 and batch.slice(0, size).nbytes > BYTES:
        size //= 2
    return min(size, len(batch))


def _lists(column: pa.Array, name: str) -> pa.Array:
    """Return observations as lists of text. A text is split at white space; an empty one is none."""
    if pa.types.is_null(column.type):
        return column.cast(READ[OBSERVATIONS].type)
    if _is_list(column.type) and _is_text_or_null(column.type.value_type):
        return column.cast(READ[OBSERVATIONS].type)
    if _is_text(column.type):
        trimmed = pc.utf8_trim_whitespace(column.cast(pa.string()))
        words = pc.utf8_split_whitespace(pc.if_else(pc.equal(trimmed, ""), None, trimmed))
        return words.cast(READ[OBSERVATIONS].type)
    raise InputError(f"column {name!r} is of type {column.type}, but must hold lists of strings, or strings")


def _texts(column: pa.Array, name: str) -> pa.Array:
    if _is_text_or_null(column.type):
        return column.cast(pa.string())
    raise InputError(f"column {name!r} is of type {column.type}, but must hold strings")


def _is_list(kind: pa.DataType) -> bool:
    tests = (
        pa.types.is_list,
        pa.types.is_large_list,
        pa.types.is_fixed_size_list,
    )
    return any(test(kind) for test in tests)


def _is_text_or_null(kind: pa.DataType) -> bool:
    return _is_text(kind) or pa.types.is_null(kind)


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    return any(test(kind) for test in (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view))
