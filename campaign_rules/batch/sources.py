"""Files of incidents: Parquet, CSV and lines of JSON, read from any row on."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from campaign_rules.batch.incidents import READ, Columns, incident_schema, incidents_of
from campaign_rules.errors import InputError, UnknownNameError

FORMATS = {".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
"""The format of a file by the end of its name."""

AT_ONCE = 1_024
JSON_MARK = {b"holds": b"json"}
"""Metadata of a kept column whose text is JSON already."""

Cells = tuple[Sequence[str] | None, str | None, str | None, tuple[str | None, ...]]
"""A row: observations, ticket, fault, and the kept columns."""


class Source(Protocol):
    """A file of incidents. `kept` are the columns that are copied to the output.

    `rows` is how many there are, None where only reading would tell.
    """

    kept: tuple[pa.Field, ...]
    rows: int | None

    def incidents(self, skip: int) -> Iterator[pa.RecordBatch]:
        """Yield all rows after the first `skip`, in the form of `incidents_of`."""
        ...


def format_of(path: Path) -> str:
    """Return "parquet", "csv" or "jsonl". Raises InputError for a name with another ending."""
    ending = path.suffix.lower()
    if ending not in FORMATS:
        unknown = UnknownNameError("format", ending, FORMATS)
        raise InputError(f"{path}: {unknown}; the name must end in {', '.join(FORMATS)}")
    return FORMATS[ending]


def open_source(path: Path, columns: Columns) -> Source:
    """Return the file of incidents at `path`.

    Raises InputError when it is not there, cannot be read, or lacks a column.
    """
    kinds: dict[str, Callable[[Path, Columns], Source]] = {
        "parquet": ParquetSource,
        "csv": CsvSource,
        "jsonl": JsonSource,
    }
    kind = format_of(path)
    try:
        return kinds[kind](path, columns)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None
    except pa.ArrowInvalid as error:
        raise InputError(f"{path}: cannot be read as Parquet: {str(error).splitlines()[0]}") from None
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


class ParquetSource:
    """A Parquet file; only the columns that are needed are read."""

    def __init__(self, path: Path, columns: Columns) -> None:
        self._path = path
        self._columns = columns
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
            self.rows: int | None = file.metadata.num_rows
        self._names = [*columns.kept(schema.names)]
        self.kept = tuple(schema.field(name) for name in self._names)
        self._names += [name for name in (columns.observations, columns.ticket) if name in schema.names]
        incidents_of(pa.RecordBatch.from_pylist([], schema=schema), columns)

    def incidents(self, skip: int) -> Iterator[pa.RecordBatch]:
        """Yield the rows; whole row groups before `skip` are not read."""
        with pq.ParquetFile(self._path) as file:
            groups = list(range(file.num_row_groups))
            while groups and file.metadata.row_group(groups[0]).num_rows <= skip:
                skip -= file.metadata.row_group(groups.pop(0)).num_rows
            for batch in file.iter_batches(AT_ONCE, groups, list(dict.fromkeys(self._names))):
                if skip < len(batch):
                    yield incidents_of(batch.slice(skip), self._columns)
                skip = max(0, skip - len(batch))


class CsvSource:
    """A CSV file in UTF-8 with a line of column names. An empty cell is null; blank lines are no rows."""

    def __init__(self, path: Path, columns: Columns) -> None:
        self._path = path
        with self._open() as lines:
            names = next(csv.reader(lines), [])
        keep = columns.kept(names)
        self._width = len(names)
        self._kept = [names.index(name) for name in keep]
        self._observations = names.index(columns.observations) if columns.observations in names else None
        self._ticket = names.index(columns.ticket) if columns.ticket in names else None
        self.kept = tuple(pa.field(name, pa.string()) for name in keep)
        self.rows: int | None = None

    def incidents(self, skip: int) -> Iterator[pa.RecordBatch]:
        """Yield the rows; one with too few or too many cells has a fault, and what can be kept of it."""
        with self._open() as lines:
            reader = csv.reader(lines)
            next(reader, None)
            rows = ((reader.line_num, row) for row in reader if row)
            while True:
                with _long_cells():
                    some = list(islice(rows, AT_ONCE))
                if not some:
                    return
                yield _batch([self._cells(line, row) for line, row in some[skip:]], self.kept)
                skip = max(0, skip - len(some))

    def _open(self) -> Any:
        return self._path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")

    def _cells(self, line: int, row: list[str]) -> Cells:
        kept = tuple(_clean(row[at]) or None if at < len(row) else None for at in self._kept)
        if len(row) != self._width:
            return None, None, f"line {line}: {len(row)} cells instead of {self._width}", kept
        if not "".join(row).isascii() and any(_clean(cell) != cell for cell in row):
            return None, None, f"line {line}: not UTF-8", kept
        words = row[self._observations].split() if self._observations is not None else []
        ticket = row[self._ticket] if self._ticket is not None else ""
        return words or None, ticket or None, None, kept


class JsonSource:
    """Lines of JSON in UTF-8, an object each; blank lines are no rows.

    The first object tells whether there is an ``id``. Kept values stay the JSON that they are.
    """

    def __init__(self, path: Path, columns: Columns) -> None:
        self._path = path
        self._columns = columns
        with path.open("rb") as lines:
            first = next((found for line in lines if isinstance(found := _json(line)[0], dict)), {})
        self._keep = columns.kept(list(first))
        self.kept = tuple(pa.field(name, pa.string(), metadata=JSON_MARK) for name in self._keep)
        self.rows: int | None = None

    def incidents(self, skip: int) -> Iterator[pa.RecordBatch]:
        """Yield the rows; a line that is no such object has a fault, and what can be kept of it."""
        with self._path.open("rb") as file:
            lines = ((number, line) for number, line in enumerate(file, 1) if line.strip())
            for some in _lots(islice(lines, skip, None)):
                yield _batch([self._cells(number, line) for number, line in some], self.kept)

    def _cells(self, number: int, line: bytes) -> Cells:
        content, reason = _json(line)
        if not isinstance(content, dict):
            return None, None, f"line {number}: {reason or 'no JSON object'}", (None,) * len(self._keep)
        kept = tuple(json.dumps(content[name]) if name in content else None for name in self._keep)
        given, ticket = content.get(self._columns.observations), content.get(self._columns.ticket)
        if isinstance(given, str):
            given = given.split() or None
        if given is not None and not (isinstance(given, list) and all(isinstance(one, str) for one in given)):
            reason = f"{self._columns.observations!r} must be a list of strings"
        elif ticket is not None and not isinstance(ticket, str):
            reason = f"{self._columns.ticket!r} must be a string"
        if reason:
            return None, None, f"line {number}: {reason}", kept
        return given and [_clean(one) for one in given], (ticket and _clean(ticket)) or None, None, kept


def _json(line: bytes) -> tuple[Any, str]:
    """Return what a line holds, and the reason if it holds no JSON."""
    try:
        return json.loads(line.strip().decode("utf-8-sig")), ""
    except UnicodeDecodeError:
        return None, "not UTF-8"
    except (ValueError, RecursionError) as error:
        return None, f"no JSON: {error if isinstance(error, ValueError) else 'nested too deeply'}"


def _lots(lines: Iterable[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    lines = iter(lines)
    return iter(lambda: list(islice(lines, AT_ONCE)), [])


def _batch(rows: Sequence[Cells], kept: Sequence[pa.Field]) -> pa.RecordBatch:
    arrays = [pa.array([row[place] for row in rows], field.type) for place, field in enumerate(READ)]
    arrays += [pa.array([row[-1][place] for row in rows], field.type) for place, field in enumerate(kept)]
    return pa.RecordBatch.from_arrays(arrays, schema=incident_schema(kept))


def _clean(text: str) -> str:
    """Return text with U+FFFD for lone surrogates, which Arrow cannot hold."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@contextmanager
def _long_cells() -> Iterator[None]:
    """Let the csv module read cells of any length meanwhile: tickets are long."""
    before = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(before)
