"""``campaign-rules learn``: an overlay from closed tickets, and how much better it is."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

import campaign_rules as cr
from campaign_rules import learning
from campaign_rules.cli.files import read_file
from campaign_rules.errors import InputError, UnknownNameError
from campaign_rules.model import KnowledgeBase, Note

Names = Mapping[str, Sequence[str]]


@click.command()
@click.argument("table")
@click.option("--output", required=True, metavar="FOLDER", help="A new folder for the overlay.")
@click.option(
    "--folds",
    default=5,
    type=click.IntRange(min=2),
    show_default=True,
    metavar="N",
    help="Parts for the cross-validation.",
)
@click.option("--seed", default=0, show_default=True, metavar="N", help="Deals the tickets into the parts.")
@click.option("--names", "names_file", metavar="FILE", help="YAML: modules behind each word of your tracker.")
@click.option("--id-column", default="id", show_default=True, metavar="NAME", help="Ticket number.")
@click.option("--ticket-column", default="ticket", show_default=True, metavar="NAME", help="Ticket text.")
@click.option(
    "--artifacts-column", default="artifacts", show_default=True, metavar="NAME", help="Log or output."
)
@click.option(
    "--module-column", default="module", show_default=True, metavar="NAME", help="What was at fault."
)
@click.option("--cause-column", default="cause", show_default=True, metavar="NAME", help="Confirmed cause.")
def learn(table: str, output: str, folds: int, seed: int, names_file: str | None, **columns: str) -> None:
    """Learn frequencies and strengths from a TABLE of closed tickets, as an overlay to read and reject.

    TABLE is CSV, or one JSON object per line; - is standard input. Beside the columns below, observations and
    absent may hold ids. Nothing changes until the overlay is given with --rules.
    """
    if Path(output).exists():
        raise InputError(f"{output}: is there already; name a new folder for the overlay")
    knowledge = cr.load_knowledge()
    called = learning.Columns(**{key.removesuffix("_column"): name for key, name in columns.items()})
    names = learning.read_names(read_file(names_file), names_file, knowledge) if names_file else {}
    rows, aside = learning.read_rows(read_file(table), table, called)
    studied, refused = _studied(rows, knowledge, names)
    for note in sorted((*aside, *refused), key=_line):
        click.echo(f"campaign-rules: {note.source}: {note.text}; left out", err=True)
    left_out = len(aside) + len(refused)
    if not studied:
        raise InputError(f"{table}: no ticket to learn from; {left_out} left out")
    validation = learning.cross_validate(
        studied, lambda some: learning.learn_words(some, knowledge).knowledge, folds=folds, seed=seed
    )
    changes = learning.learn_words(studied, knowledge).changes
    click.echo(f"{len(studied)} tickets learnt from, {left_out} left out")
    for line in (*_changes(changes), *_accuracy(validation)):
        click.echo(line)
    if changes:
        learning.write_overlay(Path(output), changes)
        click.echo(f"\n{output} is written. Read it; it counts only where you give --rules {output}")
    else:
        click.echo("\nNo word changes, so no overlay is written")


def _studied(
    rows: Sequence[learning.Row], knowledge: KnowledgeBase, names: Names
) -> tuple[list[learning.Studied], list[Note]]:
    studied, refused = [], []
    with _bar(rows) as shown:
        for row in shown:
            try:
                studied.append(learning.study(learning.closed_of(row, knowledge, names), knowledge))
            except (InputError, UnknownNameError) as error:
                refused.append(Note(row.place, str(error)))
    return studied, refused


def _line(note: Note) -> int:
    return int(note.source.rpartition(":")[2])


@contextmanager
def _bar(rows: Sequence[learning.Row]) -> Iterator[Iterable[learning.Row]]:
    """Yield the rows; on a terminal, a bar on standard error shows how far they are."""
    if not sys.stderr.isatty():
        yield rows
        return
    with click.progressbar(rows, label="tickets", file=sys.stderr) as bar:
        yield bar


def _changes(changes: Sequence[learning.Estimate]) -> Iterator[str]:
    sections = ("modules", "causes", "rules")
    counts = ", ".join(f"{sum(one.section == name for one in changes)} of {name}" for name in sections)
    yield f"\nwords changed: {counts}"
    for name in sections:
        for one in changes:
            if one.section == name:
                yield f"  {learning.comment(one)}"


def _accuracy(found: learning.Validation) -> Iterator[str]:
    yield f"\n{found.folds}-fold cross-validation  before  after"
    for label, before, after in (
        ("right module first", found.before.top[1], found.after.top[1]),
        ("right among the first three", found.before.top[3], found.after.top[3]),
        ("calibration error", found.before.calibration_error, found.after.calibration_error),
    ):
        yield f"{label:27} {before:6.3f} {after:6.3f}"
    yield (
        f"first only after: {found.gained}, only before: {found.lost} "
        f"(even odds would differ so much with probability {found.p_value:.2f})"
    )
