"""The batch function on Apache Spark: a data frame of incidents in, one with a diagnosis for each row out.

Needs pyspark, ``pip install 'campaign-rules[spark]'``, and this package on every worker.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Unpack

import pyarrow as pa
from attrs import field, frozen
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
from pyspark.sql.types import StructType

from campaign_rules.batch.incidents import incidents_of
from campaign_rules.batch.schema import RESULT, output_schema
from campaign_rules.batch.stream import BatchDiagnoser, Options

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def diagnose_dataframe(frame: DataFrame, **options: Unpack[Options]) -> DataFrame:
    """Diagnose every row of a Spark data frame, partition by partition; nothing is computed before an action.

    Columns, results and options are those of `diagnose_table`; a row that cannot be diagnosed says why in
    ``error`` and fails no task. Leave `processes` at 1: Spark runs a worker on each core. The knowledge base
    travels with the job, and each worker process unpacks it once; what a worker has diagnosed it remembers
    from partition to partition.

    Raises InputError, before anything runs, for a column that is missing or of the wrong type.
    """
    diagnoser = BatchDiagnoser(**options)
    columns = diagnoser.columns
    kept = columns.kept(frame.columns)
    read = [name for name in (columns.observations, columns.ticket) if name in frame.columns]
    needed = frame.select(*dict.fromkeys([*kept, *read]))
    arrow = to_arrow_schema(needed.schema)
    incidents_of(pa.RecordBatch.from_pylist([], schema=arrow), columns)
    output_schema(arrow.field(name) for name in kept)
    schema = StructType([*(needed.schema[name] for name in kept), *from_arrow_schema(RESULT)])
    return needed.mapInArrow(_Shipped(pickle.dumps(diagnoser)), schema)


@frozen
class _Shipped:
    """The work on one partition, as it travels to the workers."""

    diagnoser: bytes = field(repr=False)

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return _unpacked(self.diagnoser).batches(batches)


@lru_cache(maxsize=2)
def _unpacked(diagnoser: bytes) -> BatchDiagnoser:
    """Return what was shipped, the same for all partitions that a process works on."""
    unpacked: BatchDiagnoser = pickle.loads(diagnoser)
    return unpacked
