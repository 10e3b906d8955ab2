"""A file of incidents to a file of diagnoses, in parts, so that it can be interrupted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from os import PathLike
from pathlib import Path

import pyarrow as pa
from attrs import frozen

from campaign_rules import cache
from campaign_rules.batch.flow import Diagnosed
from campaign_rules.batch.incidents import Columns
from campaign_rules.batch.parts import Parts
from campaign_rules.batch.schema import output_schema
from campaign_rules.batch.sources import format_of, open_source
from campaign_rules.batch.stream import BatchDiagnoser
from campaign_rules.batch.targets import BadRows, write
from campaign_rules.errors import InputError
from campaign_rules.model import KnowledgeBase

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
    knowledge: KnowledgeBase | None = None,
    language: str = "en",
    next_checks: bool = False,
    observations: str = "observations",
    ticket: str = "ticket",
    keep: Sequence[str] | None = None,
    processes: int = 1,
    restart: bool = False,
    progress: Progress | None = None,
) -> Done:
    """Diagnose every row of the file `source` and write it, with its diagnosis, to the file `target`.

    Names end in ``.parquet``, ``.csv`` or ``.jsonl``; the two may differ. Columns and options are those of
    `diagnose_table`. What is done is kept in the folder ``<target>.unfinished`` until everything is, so that
    the same call goes on where an interrupted one stopped, and writes the same file; `restart` begins anew.
    Rows without a diagnosis are in `target`, with the reason, and are listed in ``<target>.bad.jsonl``.

    Raises InputError for a file that cannot be read or written, a column that is missing or of the wrong
    type, and an unfinished run with another input, rule base, program or options.
    """
    source, target = Path(source), Path(target)
    kind = format_of(target)
    columns = Columns(observations, ticket, keep)
    incidents = open_source(source, columns)
    output_schema(incidents.kept)
    _check_target(source, target)
    diagnoser = BatchDiagnoser(
        knowledge=knowledge,
        language=language,
        next_checks=next_checks,
        keep=keep,
        observations=observations,
        ticket=ticket,
        processes=processes,
    )
    digest, lines = _looked_through(source)
    total = incidents.rows or lines
    parts = Parts(_beside(target, "unfinished"))
    run = {
        "input": digest,
        "rule base": diagnoser.task.knowledge.fingerprint,
        "program": cache.code_digest(*ROOMS),
        "choice of options": repr((language, next_checks, columns, kind)),
    }
    try:
        parts.begin(run, restart)
        resumed = done = parts.rows()
        for part in parts.read():
            diagnoser.remember(part.results)
        for found in diagnoser.flow(incidents.incidents(done)):
            parts.add(done, found)
            done += len(found.places)
            if progress:
                progress("diagnosing", done, max(done, total))
        bad = _finished(target, kind, incidents.kept, parts, done, progress)
    except OSError as error:
        raise InputError(f"{target}: cannot be written: {error.strerror or error}") from None
    return Done(done, bad.count, resumed, _beside(target, "bad.jsonl"))


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
