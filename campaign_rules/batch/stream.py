"""Record batches and tables of incidents in, the same rows with a diagnosis each out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypedDict, Unpack

import pyarrow as pa

from campaign_rules.batch.flow import Diagnosed, Flow
from campaign_rules.batch.incidents import READ, Columns, incidents_of, windows
from campaign_rules.batch.memo import REMEMBERED, Memo
from campaign_rules.batch.schema import output_schema
from campaign_rules.batch.work import Task
from campaign_rules.batch.workers import Workers
from campaign_rules.errors import InputError
from campaign_rules.model import KnowledgeBase
from campaign_rules.report import wording
from campaign_rules.rule_base import load_knowledge


class Options(TypedDict, total=False):
    """The options of BatchDiagnoser."""

    knowledge: KnowledgeBase | None
    language: str
    next_checks: bool
    observations: str
    ticket: str
    keep: Sequence[str] | None
    processes: int
    remembered: int


class BatchDiagnoser:
    """Diagnoses incidents in bulk, and remembers the sets of observations that it has met.

    `knowledge` is the shipped knowledge base unless given; `language` that of the texts; `next_checks` asks
    for what to find out next, which takes several times as long. `observations` and `ticket` name the input
    columns, `keep` those that are copied to the output: ``id`` if there is one, unless given. The work is
    done by so many `processes`, by this one alone if 1. Up to `remembered` results are kept between calls,
    some 4 KB each.

    It can be pickled, so that a cluster may ship it with the knowledge base in it; what it remembers stays
    behind. Not for use by several threads at once.

    Raises UnknownNameError for a language that does not exist, InputError for a number below 1.
    """

    def __init__(
        self,
        *,
        knowledge: KnowledgeBase | None = None,
        language: str = "en",
        next_checks: bool = False,
        observations: str = "observations",
        ticket: str = "ticket",
        keep: Sequence[str] | None = None,
        processes: int = 1,
        remembered: int = REMEMBERED,
    ) -> None:
        wording(language)
        for name, number in (("processes", processes), ("remembered", remembered)):
            if number < 1:
                raise InputError(f"{name} must be 1 or more, not {number}")
        if isinstance(keep, str):
            raise InputError(f"keep must be a list of columns, not the text {keep!r}")
        self.task = Task(knowledge or load_knowledge(), language, next_checks)
        self.columns = Columns(observations, ticket, keep)
        self._processes = processes
        self._remembered = remembered
        self._memo = Memo(remembered)

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_memo": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._memo = Memo(self._remembered)

    def __call__(self, table: Any) -> pa.Table:
        """Return the diagnoses of `table`, as `diagnose_table` does."""
        try:
            reader = pa.RecordBatchReader.from_stream(table)
        except TypeError:
            raise InputError(
                f"{type(table).__name__} is no table that speaks the Arrow interface (__arrow_c_stream__)"
            ) from None
        kept = self.columns.kept(reader.schema.names)
        schema = output_schema(reader.schema.field(name) for name in kept)
        return pa.Table.from_batches(self.batches(reader), schema=schema)

    def batches(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the diagnoses of a stream of record batches, as `diagnose_batches` does."""
        incidents = (incidents_of(batch, self.columns) for batch in batches)
        return (rows for found in self.flow(incidents) for rows in found.rows())

    def flow(self, incidents: Iterable[pa.RecordBatch]) -> Iterator[Diagnosed]:
        """Yield incidents, in the form of `incidents_of`, window by window with their distinct results."""
        with Workers(self.task, self._processes) as workers:
            yield from Flow(self.task, workers, self._memo).run(_checked(windows(incidents)))

    def remember(self, results: pa.RecordBatch) -> None:
        """Take over `results` that were found earlier, so that they need not be found again."""
        sets = [tuple(one) if one is not None else () for one in results.column("observations").to_pylist()]
        errors = results.column("error").is_valid().to_pylist()
        new = {one: place for place, one in enumerate(sets) if not errors[place] and one not in self._memo}
        self._memo.add(list(new), results.take(pa.array(new.values(), pa.int32())))
        self._memo.shrink(())


def _checked(pieces: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for piece in pieces:
        output_schema(list(piece.schema)[len(READ) :])
        yield piece


def diagnose_table(table: Any, **options: Unpack[Options]) -> pa.Table:
    """Diagnose every row of `table`: one incident each, in the order of the rows.

    `table` is anything that speaks the Arrow interface: a table of pyarrow, a data frame of pandas or Polars,
    a relation of DuckDB. It has a column ``observations``, ``ticket`` or both. Observations are lists of
    strings in short notation, or one string with spaces between them; a ticket is text, and what it says is
    added. Returned are the columns that are kept and those of `output_schema`. A row that cannot be diagnosed
    says why in ``error``, and all its other results are null. The options are those of `BatchDiagnoser`.

    Raises InputError for a column that is missing or of the wrong type.
    """
    return BatchDiagnoser(**options)(table)


def diagnose_batches(
    batches: Iterable[pa.RecordBatch], **options: Unpack[Options]
) -> Iterator[pa.RecordBatch]:
    """Diagnose a stream of record batches in constant memory; `diagnose_table` tells what they hold.

    The rows come out in order, in batches of another size, a little behind what is read.
    """
    return BatchDiagnoser(**options).batches(batches)
