"""Tickets as text, the progress of long reading, and files that are written for their owner alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from campaign_rules.errors import InputError
from campaign_rules.evidence import decode_text, no_such_file

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


def check_writable(name: str) -> None:
    """Raise InputError if the file `name` cannot be written since there is no folder for it."""
    if Path(name).is_dir() or not Path(name).parent.is_dir():
        raise InputError(f"{name}: cannot be written: no such folder, or a folder itself")


def write_private(name: str, text: str) -> None:
    """Write `text` to the file `name`, which its owner alone can read if it is new.

    Raises InputError if that fails.
    """
    try:
        descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise InputError(f"{name}: cannot be written: {error.strerror}") from None


@contextmanager
def reading_bar() -> Iterator[Callable[[int, int], None] | None]:
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
