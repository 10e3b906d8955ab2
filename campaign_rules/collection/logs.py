"""The logs of Campaign: where they lie, and their last part.

Modules of all instances write to ``var/default/log``, those of one instance to ``var/<instance>/log``,
below the folder of the installation (production/using/log-files.md#log-files).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from campaign_rules.errors import InputError, did_you_mean
from campaign_rules.evidence_file import Artefact

LONGEST_TAIL = 1_000_000
"""Bytes of the end of a log that are kept."""

SHARED = "default"
HOMES = ("/usr/local/neolane/nl6", "~/nl6")
"""Where Campaign is installed, unless it is said."""


def find_home(named: str = "") -> Path | None:
    """Return the folder of the installation: the one `named`, or the usual one, or None without any.

    Raises :class:`InputError` when the folder that is named holds no installation.
    """
    if named and not (Path(named) / "var").is_dir():
        raise InputError(f"{named}: no folder of Campaign: it has no folder var")
    folders = (Path(home).expanduser() for home in ((named,) if named else HOMES))
    return next((folder for folder in folders if (folder / "var").is_dir()), None)


def find_logs(home: Path, instance: str = "") -> tuple[Path, ...]:
    """Return the current logs of `instance` (of every one if it is "") and of the whole machine, sorted.

    Raises :class:`InputError` when the server has no such instance.
    """
    instances = sorted(folder.name for folder in (home / "var").iterdir() if (folder / "log").is_dir())
    if instance and instance not in instances:
        raise InputError(f"this server has no instance {instance!r}{did_you_mean(instance, instances)}")
    chosen = [name for name in instances if instance in ("", name) or name == SHARED]
    found = [sorted((home / "var" / name / "log").glob("*.log")) for name in chosen]
    return tuple(path for paths in found for path in paths if path.is_file())


def read_tail(path: Path, now: Callable[[], str], longest: int = LONGEST_TAIL) -> Artefact:
    """Return the last lines of the log `path`, at most `longest` bytes; the artefact has its path as name."""
    taken = now()
    try:
        with path.open("rb") as log:
            size = log.seek(0, 2)
            log.seek(max(0, size - longest))
            data = log.read(longest)
    except OSError as error:
        return Artefact(str(path), "log", taken, note=f"cannot be read: {error.strerror}")
    if size <= longest:
        return Artefact(str(path), "log", taken, _text(data))
    whole = data.partition(b"\n")[2]
    return Artefact(str(path), "log", taken, _text(whole), note=f"the last {len(whole)} of {size} bytes")


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text.replace("\0", "")
