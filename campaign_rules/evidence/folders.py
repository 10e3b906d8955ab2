"""The files that names stand for: themselves, and everything in folders."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import frozen

from campaign_rules.errors import InputError, did_you_mean
from campaign_rules.model import Note


@frozen(order=True)
class File:
    """A file to be read: the name it goes by, its size in bytes, and whether the caller named it."""

    name: str
    size: int
    named: bool


def find_files(names: Iterable[str | os.PathLike[str]]) -> tuple[tuple[File, ...], tuple[Note, ...]]:
    """Return the files, each once and sorted by name, and notes on what in the folders is no file.

    Links to folders are not followed. Raises :class:`InputError` for what does not exist, and for a folder
    without any file.
    """
    found: dict[str, File] = {}
    notes: list[Note] = []
    for name in sorted(os.fspath(name) for name in names):
        named = not Path(name).is_dir()
        inside = [name] if named else sorted(_walk(name, notes))
        if not inside:
            raise InputError(f"{name}: a folder without any file that can be read")
        for path in inside:
            if file := _file(path, named, notes):
                place = os.path.realpath(path)
                found[place] = min(found.get(place, file), file, key=lambda one: (not one.named, one.name))
    return tuple(sorted(found.values())), tuple(sorted(notes))


def no_such_file(name: str) -> InputError:
    """Return the error for a file that does not exist, with the nearest name beside it."""
    path = Path(name)
    siblings = [str(path.with_name(one.name)) for one in path.parent.glob("*")]
    return InputError(f"{name}: no such file{did_you_mean(name, siblings)}")


def _walk(folder: str, notes: list[Note]) -> Iterator[str]:
    def refused(error: OSError) -> None:
        notes.append(Note(str(error.filename), f"cannot be read: {error.strerror}"))

    for parent, _, names in os.walk(folder, onerror=refused):
        yield from (os.path.join(parent, name) for name in names)


def _file(path: str, named: bool, notes: list[Note]) -> File | None:
    try:
        status = os.stat(path)
    except OSError as error:
        if named and isinstance(error, FileNotFoundError):
            raise no_such_file(path) from None
        if named:
            raise InputError(f"{path}: cannot be read: {error.strerror}") from None
        notes.append(Note(path, f"cannot be read: {error.strerror}"))
        return None
    if stat.S_ISREG(status.st_mode) or (named and not stat.S_ISDIR(status.st_mode)):
        return File(path, status.st_size, named)
    notes.append(Note(path, "is no regular file"))
    return None
