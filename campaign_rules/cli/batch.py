"""``campaign-rules batch``: a file of incidents in, the same rows with a diagnosis each out."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from campaign_rules.errors import InputError
from campaign_rules.rule_base import load_knowledge

if TYPE_CHECKING:
    from campaign_rules.batch import Progress


@click.command()
@click.argument("source", metavar="IN")
@click.argument("target", metavar="OUT")
@click.option("--observations", default="observations", metavar="COLUMN", help="Column of observations.")
@click.option("--ticket", default="ticket", metavar="COLUMN", help="Column of the texts of tickets.")
@click.option("--keep", multiple=True, metavar="COLUMN", help="Copy COLUMN to OUT (id, unless given).")
@click.option("--next-checks", is_flag=True, help="Tell what to find out next, too; much slower.")
@click.option("--language", default="en", metavar="CODE", help="Language of the result: en or it.")
@click.option("--rules", "folder", metavar="FOLDER", help="Another rule base, or an overlay.")
@click.option("--processes", type=int, metavar="N", help="Processes that work (one for each processor).")
@click.option("--restart", is_flag=True, help="Begin anew, whatever an interrupted run has left.")
def batch(
    source: str,
    target: str,
    observations: str,
    ticket: str,
    keep: tuple[str, ...],
    next_checks: bool,
    language: str,
    folder: str | None,
    processes: int | None,
    restart: bool,
) -> None:
    """Diagnose every row of the file IN, and write the rows with their diagnoses to the file OUT.

    Both are Parquet, CSV or lines of JSON, as their names end: .parquet, .csv, .jsonl. An interrupted run
    goes on where it stopped when it is started again.
    """
    try:
        from campaign_rules.batch import diagnose_file
    except ModuleNotFoundError as missing:
        hint = "pip install 'campaign-rules[batch]'"
        raise InputError(f"batch needs the package {missing.name}: {hint}") from None
    try:
        with _bar() as progress:
            done = diagnose_file(
                source,
                target,
                knowledge=load_knowledge(folder),
                language=language,
                next_checks=next_checks,
                observations=observations,
                ticket=ticket,
                keep=keep or None,
                processes=_processors() if processes is None else processes,
                restart=restart,
                progress=progress,
            )
    except KeyboardInterrupt:
        click.echo("campaign-rules: interrupted; the same command goes on where this one stopped", err=True)
        raise click.Abort() from None
    resumed = f", {done.resumed} of them by an earlier run" if done.resumed else ""
    click.echo(f"{target}: {done.rows} rows{resumed}")
    if done.bad:
        click.echo(
            f"campaign-rules: {done.bad} of {done.rows} rows have no diagnosis: {done.bad_rows} tells why",
            err=True,
        )


def _processors() -> int:
    """Return on how many processors this process may run."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _bar() -> Iterator[Progress | None]:
    """Yield what to tell the rows done: on a terminal, a bar on standard error shows them."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("diagnosing", total=None)

        def told(doing: str, done: int, total: int) -> None:
            bar.update(task, description=doing, completed=done, total=total)

        yield told
