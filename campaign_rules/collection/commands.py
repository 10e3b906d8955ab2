"""The commands that show the state of a server, run one by one without a shell.

None of them changes anything: production/using/usual-commands.md#monitoring-commands- for those of
Campaign; the others are the operating system's own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import frozen

from campaign_rules.evidence_file import Artefact

LONGEST_OUTPUT = 1_000_000
"""Characters of a command's output that are kept."""

COMMANDS = (
    ("nlserver pdump",),
    ("nlserver pdump -who",),
    ("nlserver monitor -missing",),
    ("systemctl --no-pager status nlserver",),
    ("ss -ltnp", "netstat -ltnp"),
    ("df -P",),
    ("free -m",),
    ("top -b -n1",),
    ("uptime",),
)
"""What is run. Of several ways to ask the same, the first whose program exists."""


@frozen
class Finished:
    """How a command ended: `status` is None if it did not end in time."""

    status: int | None
    output: str = ""
    errors: str = ""


Run = Callable[[Sequence[str], float], Finished]
"""Arguments and a time-out in seconds to how the command ended. Raises OSError if it cannot be started."""

Find = Callable[[str], str | None]
"""The name of a program to its path, or None."""


def finder(home: Path | None) -> Find:
    """Return what looks for programs on the search path, then in the folder of Campaign."""
    folders = os.environ.get("PATH", os.defpath)
    path = f"{folders}{os.pathsep}{home / 'bin'}" if home else folders
    return lambda program: shutil.which(program, path=path)


def run(arguments: Sequence[str], timeout: float) -> Finished:
    """Run a program in the C locale, with nothing to read."""
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        done = subprocess.run(
            arguments, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, env=environment
        )
    except subprocess.TimeoutExpired as late:
        return Finished(None, _text(late.stdout), _text(late.stderr))
    return Finished(done.returncode, _text(done.stdout), _text(done.stderr))


def run_command(
    choices: Sequence[str], *, find: Find, run: Run, timeout: float, now: Callable[[], str]
) -> Artefact:
    """Run the first of `choices` whose program exists.

    The text of one that ended well begins with the command at a prompt, so that its listing counts as
    complete; any other is marked as cut short.
    """
    found = [(choice, path) for choice in choices if (path := find(choice.split()[0]))]
    if not found:
        return Artefact(choices[0], "command", now(), command=choices[0], note="not available")
    command, path = found[0]
    taken = now()
    try:
        done = run([path, *command.split()[1:]], timeout)
    except OSError as error:
        return Artefact(command, "command", taken, command=command, note=f"cannot be run: {error.strerror}")
    note = _shortfall(done, timeout)
    head = [] if note else [f"$ {command}"]
    mark = [f"[cut short: {note}]"] if note else []
    parts = [*head, done.output[:LONGEST_OUTPUT].rstrip(), *mark, done.errors[:LONGEST_OUTPUT].rstrip()]
    text = "\n".join(part for part in parts if part) + "\n"
    return Artefact(command, "command", taken, text, command, done.status, note)


def _shortfall(done: Finished, timeout: float) -> str:
    if done.status is None:
        return f"did not end within {timeout:g} s"
    if done.status:
        return f"ended with status {done.status}"
    return "output too long" if len(done.output) > LONGEST_OUTPUT else ""


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", errors="replace").replace("\0", "")
