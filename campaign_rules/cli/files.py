"""What the command line reads, with the progress of long reading, and what it writes for one user only."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from campaign_rules.errors import InputError
from campaign_rules.evidence import decode_text, no_such_file, redacted_errors
from campaign_rules.model import Evidence, KnowledgeBase
from campaign_rules.reading import read_files

STANDARD_INPUT = "-"

LONG = 20_000_000
"""Bytes from which a bar shows how far reading has come."""


def read_file(name: str) -> str:
    """Return the text of the file `name`; ``-`` is standard input. Raises InputError if it has none."""
    if name == STANDARD_INPUT:
        return decode_text(sys.stdin.buffer.read(), "standard input")
    try:
        return decode_text(Path(name).read_bytes(), name)
    except FileNotFoundError:
        raise no_such_file(name) from None
    except IsADirectoryError:
        raise InputError(f"{name}: is a folder; give it without --ticket") from None
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror}") from None


def read_paths(
    names: Iterable[str],
    knowledge: KnowledgeBase,
    *,
    tickets: Iterable[str] = (),
    since: str | None = None,
    until: str | None = None,
    at: str | None = None,
    redact: bool = True,
) -> Evidence:
    """Read files, folders and tickets as one, and tell on standard error what cannot be read.

    ``-`` is standard input.
    """
    names = tuple(names)
    paths = [name for name in names if name != STANDARD_INPUT]
    streams = {"standard input": sys.stdin.buffer} if STANDARD_INPUT in names else {}
    with redacted_errors(redact):
        texts = {"ticket" if name == STANDARD_INPUT else name: read_file(name) for name in tickets}
    with _reading_bar() as progress:
        read = read_files(
            paths,
            knowledge=knowledge,
            tickets=texts,
            since=since,
            until=until,
            at=at,
            streams=streams,
            progress=progress,
            redact=redact,
        )
    for note in read.notes:
        click.echo(f"campaign-rules: {note.source}: {note.text}; left out", err=True)
    return read


def check_writable(name: str) -> None:
    """Raise InputError if the file `name` cannot be written since there is no folder for it."""
    if Path(name).is_dir() or not Path(name).parent.is_dir():
        raise InputError(f"{name}: cannot be written: no such folder, or a folder itself")


def write_private(name: str, text: str) -> None:
    """Write `text` to the file `name`, which its owner alone can read if it is new.

    What was in it stays until the new content is whole. Raises InputError if it cannot be written.
    """
    path = Path(name)
    special = path.exists() and not path.is_file()
    try:
        if special:
            path.write_text(text, encoding="utf-8", newline="\n")
            return
        descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            if path.exists():
                shutil.copymode(name, beside)
            os.replace(beside, name)
        except BaseException:
            os.unlink(beside)
            raise
    except OSError as error:
        raise InputError(f"{name}: cannot be written: {error.strerror}") from None


@contextmanager
def _reading_bar() -> Iterator[Callable[[int, int], None] | None]:
    """Yield what to tell the bytes read and to be read: on a terminal, a bar on standard error shows them."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("reading"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", visible=False)

        def told(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, visible=total >= LONG)

        yield told
