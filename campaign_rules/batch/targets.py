"""Files of diagnoses: Parquet, CSV and lines of JSON, written from parts."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from campaign_rules.batch.flow import ROWS_OUT, Diagnosed
from campaign_rules.batch.memo import REMEMBERED, Memo
from campaign_rules.batch.schema import RESULT, output_schema
from campaign_rules.batch.sources import JSON_MARK

LINE = pa.schema([("line", pa.string())])


def write(path: Path, kind: str, kept: Sequence[pa.Field], found: Iterable[Diagnosed]) -> None:
    """Write `found`, whose kept columns are `kept`, to `path` in the format `kind`."""
    {"parquet": _write_parquet, "csv": _write_csv, "jsonl": _write_json}[kind](path, kept, found)


class BadRows:
    """A file of lines of JSON for the rows without a diagnosis: number (from 1), kept columns, error."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self.path = path
        self.rows = self.count = 0

    def add(self, part: Diagnosed) -> None:
        """List the bad rows of the next part. The file is made with the first of them."""
        errors = part.results.column("error").take(pa.array(part.places))
        places = pa.array(errors.is_valid().to_numpy(zero_copy_only=False).nonzero()[0])
        if len(places):
            rows = _plain(part.kept).take(places).to_pylist() if part.kept.num_columns else [{}] * len(places)
            with self.path.open("a", encoding="utf-8", newline="\n") as file:
                for place, row in zip(places.to_pylist(), rows, strict=True):
                    content = {"row": self.rows + place + 1, **row, "error": errors[place].as_py()}
                    file.write(_dumps(content) + "\n")
        self.rows += len(part.places)
        self.count += len(places)


def _write_parquet(path: Path, kept: Sequence[pa.Field], found: Iterable[Diagnosed]) -> None:
    """Write a row group for each part, texts as numbers: Parquet turns them into such anyway."""
    kept = [pa.field(field.name, field.type) for field in kept]
    schema = pa.schema([*kept, *(pa.field(field.name, _coded_type(field.type)) for field in RESULT)])
    with pq.ParquetWriter(path, schema, compression="zstd", store_schema=False) as writer:
        read_as = base64.b64encode(output_schema(kept).serialize()).decode()
        writer.add_key_value_metadata({"ARROW:schema": read_as})
        for part in found:
            results = [_coded(column).take(pa.array(part.places)) for column in part.results.columns]
            writer.write_table(pa.Table.from_arrays([*_plain(part.kept).columns, *results], schema=schema))


def _coded(column: pa.Array) -> pa.Array:
    """Return a column whose texts, at any depth, are numbers in a dictionary."""
    kind = _coded_type(column.type)
    if pa.types.is_list(kind):
        mask = column.is_null() if column.null_count else None
        return pa.ListArray.from_arrays(column.offsets, _coded(column.values), type=kind, mask=mask)
    if pa.types.is_struct(kind):
        return pa.StructArray.from_arrays(list(map(_coded, column.flatten())), fields=list(kind))
    return column.dictionary_encode() if pa.types.is_dictionary(kind) else column


def _coded_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_list(kind):
        return pa.list_(_coded_type(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(field.name, _coded_type(field.type)) for field in kind])
    return pa.dictionary(pa.int32(), kind) if pa.types.is_string(kind) else kind


def _write_csv(path: Path, kept: Sequence[pa.Field], found: Iterable[Diagnosed]) -> None:
    memo = Memo(REMEMBERED, pa.schema(map(_cell, RESULT)))
    schema = pa.schema(map(_cell, [*kept, *RESULT]))
    with pa.csv.CSVWriter(path, schema) as writer:
        for part in found:
            encoded = _encoded(part.results, memo, _cells)
            for kept_rows, places in _pieces(part):
                results = encoded.take(places)
                columns = [*map(_flattened, _plain(kept_rows).columns), *results.columns]
                writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))


def _write_json(path: Path, kept: Sequence[pa.Field], found: Iterable[Diagnosed]) -> None:
    memo = Memo(REMEMBERED, LINE)
    with path.open("wb") as file:
        for part in found:
            encoded = _encoded(part.results, memo, _lines).column(0)
            for kept_rows, places in _pieces(part):
                texts: list[Any] = ["{"]
                for field, column in zip(kept_rows.schema, kept_rows.columns, strict=True):
                    values = column.fill_null("null") if _is_json(field) else _json_array(column)
                    texts += [f"{json.dumps(field.name)}: ", values, ", "]
                lines = pa.compute.binary_join_element_wise(*texts, encoded.take(places), "\n", "")
                file.writelines(line.as_buffer() for line in lines)


def _pieces(part: Diagnosed) -> Iterator[tuple[pa.RecordBatch, pa.Array]]:
    """Yield the kept columns of some rows at a time, and the places of their results."""
    for start in range(0, len(part.places), ROWS_OUT):
        yield part.kept.slice(start, ROWS_OUT), pa.array(part.places[start : start + ROWS_OUT])


def _encoded(
    results: pa.RecordBatch, memo: Memo, encode: Callable[[pa.RecordBatch], pa.RecordBatch]
) -> pa.RecordBatch:
    """Return results as `encode` writes them, each distinct one encoded once."""
    digests = results.column("observations_digest").to_pylist()
    errors = results.column("error").to_pylist()
    keys = [(digest or "", error or "") for digest, error in zip(digests, errors, strict=True)]
    new = [place for place, key in enumerate(keys) if key not in memo]
    memo.add([keys[place] for place in new], encode(results.take(pa.array(new, pa.int32()))))
    found = memo.take(keys)
    memo.shrink(())
    return found


def _cells(results: pa.RecordBatch) -> pa.RecordBatch:
    schema = pa.schema(map(_cell, results.schema))
    return pa.RecordBatch.from_arrays(list(map(_flattened, results.columns)), schema=schema)


def _lines(results: pa.RecordBatch) -> pa.RecordBatch:
    lines = [json.dumps(row, ensure_ascii=False)[1:] for row in results.to_pylist()]
    return pa.RecordBatch.from_arrays([pa.array(lines, pa.string())], schema=LINE)


def _cell(field: pa.Field) -> pa.Field:
    """Return a column as a CSV file holds it: what is nested is JSON."""
    if pa.types.is_nested(field.type) or pa.types.is_dictionary(field.type):
        return pa.field(field.name, pa.string())
    return pa.field(field.name, field.type)


def _flattened(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        return column.cast(pa.string())
    if not pa.types.is_nested(column.type):
        return column
    return pa.array([None if one is None else _dumps(one) for one in column.to_pylist()], pa.string())


def _json_array(column: pa.Array) -> pa.Array:
    return pa.array([_dumps(value) for value in column.to_pylist()], pa.string())


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _plain(kept: pa.RecordBatch) -> pa.RecordBatch:
    """Return kept columns as values: JSON strings as the text that they hold, other JSON as it stands."""
    columns = [
        _unquoted(column) if _is_json(field) else column
        for field, column in zip(kept.schema, kept.columns, strict=True)
    ]
    fields = [pa.field(field.name, field.type) for field in kept.schema]
    return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields)) if fields else kept


def _is_json(field: pa.Field) -> bool:
    return JSON_MARK.items() <= (field.metadata or {}).items()


def _unquoted(column: pa.Array) -> pa.Array:
    def text(value: str | None) -> str | None:
        if value is None or value == "null":
            return None
        return str(json.loads(value)) if value.startswith('"') else value

    return pa.array(map(text, column.to_pylist()), pa.string())
