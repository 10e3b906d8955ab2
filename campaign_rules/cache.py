"""Files that keep what took long to make, so that the next process need not make it again.

A kept file is named by a key, the digest of everything that it was made from, and begins with the digest of
what follows. It holds data, never code. Files and folders that somebody else owns or may write to are not
looked at. Whatever is wrong with a cache, it then only is as if nothing were kept; nothing is reported.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path

from attrs import frozen

VARIABLE = "CAMPAIGN_RULES_CACHE"
"""Environment variable: the folder to keep files in, or ``off``."""

OFF = "off"
KEPT = 48
"""Files that a folder keeps at most; the oldest go first."""

_OURS = re.compile(r"[a-z]+-[0-9a-f]{64}\.kept|\.writing-\w+")
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_FORMAT = b"campaign-rules 1 "

Choice = bool | str | Path
"""Which cache to use: True the user's own, False none, else the one in this folder."""


@frozen
class Cache:
    """A folder of kept files. It is made, for its owner only, when the first file is written."""

    folder: Path

    def read(self, name: str, key: str) -> bytes | None:
        """Return what was kept as `name` under `key`, or None if nothing whole and safe is there."""
        try:
            if not _is_safe(os.stat(self.folder), stat.S_ISDIR):
                return None
            flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
            flags |= getattr(os, "O_NONBLOCK", 0)
            with open(os.open(self._path(name, key), flags), "rb") as file:
                if not _is_safe(os.fstat(file.fileno()), stat.S_ISREG):
                    return None
                head, _, content = file.read().partition(b"\n")
        except OSError:
            return None
        return content if head == _head(key, content) else None

    def write(self, name: str, key: str, content: bytes) -> None:
        """Keep `content` as `name` under `key`: whole or not at all, whoever else is writing."""
        from tempfile import mkstemp  # slow to import, and only needed when nothing is kept yet

        with contextlib.suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_safe(os.stat(self.folder), stat.S_ISDIR):
                return
            descriptor, draft = mkstemp(dir=self.folder, prefix=".writing-")
            try:
                with open(descriptor, "wb") as file:
                    file.write(_head(key, content) + b"\n" + content)
                os.replace(draft, self._path(name, key))
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(draft)
                raise
            self._thin_out()

    def _path(self, name: str, key: str) -> Path:
        return self.folder / f"{name}-{key}.kept"

    def _thin_out(self) -> None:
        kept = [entry for entry in os.scandir(self.folder) if _OURS.fullmatch(entry.name)]
        if len(kept) > KEPT:
            for entry in sorted(kept, key=lambda one: (one.stat().st_mtime_ns, one.name))[:-KEPT]:
                with contextlib.suppress(OSError):
                    os.unlink(entry)


def chosen(choice: Choice) -> Cache | None:
    """Return the cache that is meant, None for none.

    The user's own is the folder that the environment variable CAMPAIGN_RULES_CACHE names (``off``: there is
    none), else ``campaign-rules`` where the platform keeps caches.
    """
    folder = (_own_folder() if choice else None) if isinstance(choice, bool) else Path(choice)
    return None if folder is None else Cache(folder)


def digest(parts: Iterable[bytes | str]) -> str:
    """Return one digest of `parts`, in which they cannot run into one another."""
    found = sha256()
    for part in parts:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        found.update(b"%d:" % len(content))
        found.update(content)
    return found.hexdigest()


@cache
def code_digest(*rooms: str) -> str:
    """Return a digest of the Python version and of the code on the ground and in `rooms` of this package.

    Raises OSError where the code is not in files.
    """
    home = Path(__file__).parent
    paths = [path for room in ("model", *rooms) for path in (home / room).rglob("*.py")]
    paths += home.glob("*.py")
    if not paths:
        raise FileNotFoundError(f"no code in {home}")
    parts: list[bytes | str] = [sys.version]
    for path in sorted(paths):
        parts += [path.relative_to(home).as_posix(), path.read_bytes()]
    return digest(parts)


def _own_folder() -> Path | None:
    named = os.environ.get(VARIABLE, "").strip()
    if named:
        return None if named.lower() == OFF else Path(named)
    try:
        if sys.platform == "win32":
            home = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        elif sys.platform == "darwin":
            home = Path.home() / "Library" / "Caches"
        else:
            home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:
        return None
    return home / "campaign-rules" if home.is_absolute() else None


def _is_safe(found: os.stat_result, kind: Callable[[int], bool]) -> bool:
    """Tell whether a file or folder is what it should be, and its owner alone may write to it.

    Windows keeps the caches of a user in a folder that is theirs alone, and has no such modes.
    """
    if not kind(found.st_mode):
        return False
    return sys.platform == "win32" or (found.st_uid == os.geteuid() and not found.st_mode & _OTHERS_WRITE)


def _head(key: str, content: bytes) -> bytes:
    return _FORMAT + key.encode() + b" " + sha256(content).hexdigest().encode()
