"""A file of incidents to a file of diagnoses, in parts, so that it can be interrupted."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import version
from os import PathLike
from pathlib import Path
from typing import Unpack

import pyarrow as pa
from attrs import frozen

from campaign_rules import cache
from campaign_rules.batch.flow import Diagnosed
from campaign_rules.batch.parts import Parts
from campaign_rules.batch.schema import output_schema
from campaign_rules.batch.sources import format_of, open_source
from campaign_rules.batch.stream import BatchDiagnoser, Options
from campaign_rules.batch.targets import BadRows, write
from campaign_rules.errors import InputError

Progress = Callable[[str, int, int], None]
"""Is told what is done ("diagnosing" or "writing"), the rows done, and about how many there are."""

ROOMS = ("batch", "evidence", "inference", "ranking", "remediation", "report")


@frozen
class Done:
    """What was done: the `rows` written, how many of them are `bad`, how many an earlier run had `resumed`.

    `bad_rows` is the file that lists the bad ones; it is there if there are any.
    """

    rows: int
    bad: int
    resumed: int
    bad_rows: Path


def diagnose_file(
    source: str | PathLike[str],
    target: str | PathLike[str],
    *,
    restart: bool = False,
    progress: Progress | None = None,
    **options: Unpack[Options],
) -> Done:
    """Diagnose every row of the file `source` and write it, with its diagnosis, to the file `target`.

    Names end in ``.parquet``, ``.csv`` or ``.jsonl``; the two may differ. Columns are those of
    `diagnose_table`, options those of `BatchDiagnoser`. What is done is kept in the folder
    ``<target>.unfinished`` until everything is, so that the same call goes on where an interrupted one
    stopped, and writes the same file; `restart` begins anew. Rows without a diagnosis are in `target`, with
    the reason, and are listed in ``<target>.bad.jsonl``.

    Raises InputError for a file that cannot be read or written, a column that is missing or of the wrong
    type, and an unfinished run with another input, rule base, program or options.
    """
    source, target = Path(source), Path(target)
    kind = format_of(target)
    diagnoser = BatchDiagnoser(**options)
    incidents = open_source(source, diagnoser.columns)
    output_schema(incidents.kept)
    _check_target(source, target)
    digest, lines = _looked_through(source)
    task = diagnoser.task
    parts = Parts(_beside(target, "unfinished"))
    run = {
        "input": digest,
        "rule base": task.knowledge.fingerprint,
        "program": _program(),
        "choice of options": repr((task.language, task.next_checks, diagnoser.columns, kind)),
    }
    try:
        parts.begin(run, restart)
        resumed = done = parts.rows()
        for part in parts.read():
            diagnoser.remember(part.results)
        for found in diagnoser.flow(_reading(source, incidents.incidents(done))):
            parts.add(done, found)
            done += len(found.places)
            if progress:
                progress("diagnosing", done, max(done, incidents.rows or lines))
        bad = _finished(target, kind, incidents.kept, parts, done, progress)
    except (OSError, pa.ArrowException) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise InputError(f"{target}: cannot be written: {reason}") from None
    return Done(done, bad.count, resumed, _beside(target, "bad.jsonl"))


def _reading(path: Path, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    try:
        yield from batches
    except (OSError, pa.ArrowException, csv.Error) as error:
        raise InputError(f"{path}: cannot be read any further: {str(error).splitlines()[0]}") from None


def _program() -> str:
    """Return what tells one version of this program from another."""
    try:
        return cache.code_digest(*ROOMS)
    except OSError:  # not in files of its own
        return version("campaign-rules")


def _finished(
    target: Path,
    kind: str,
    kept: Sequence[pa.Field],
    parts: Parts,
    rows: int,
    progress: Progress | None,
) -> BadRows:
    """Write the target and the list of bad rows from the parts, and remove these."""
    draft = parts.folder / f"target.{kind}"
    bad = BadRows(parts.folder / "bad.jsonl")

    def passing() -> Iterator[Diagnosed]:
        for part in parts.read():
            bad.add(part)
            yield part
            if progress:
                progress("writing", bad.rows, rows)

    write(draft, kind, kept, passing())
    listed = _beside(target, "bad.jsonl")
    listed.unlink(missing_ok=True)
    if bad.count:
        bad.path.replace(listed)
    draft.replace(target)
    parts.remove()
    return bad


def _beside(target: Path, ending: str) -> Path:
    return target.with_name(f"{target.name}.{ending}")


def _check_target(source: Path, target: Path) -> None:
    if target.is_dir() or not target.parent.is_dir():
        raise InputError(f"{target}: cannot be written: no such folder, or a folder itself")
    if target.exists() and target.samefile(source):
        raise InputError(f"{target}: is the input; write to another file")


def _looked_through(path: Path) -> tuple[str, int]:
    """Return the digest of a file and how many lines it has."""
    digest, lines = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
            lines += block.count(b"\n")
    return digest.hexdigest(), lines
