"""Tickets as text, and the progress of long reading."""

from __future__ import annotations

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
