"""What can be seen on the server itself: the output of commands and the ends of the logs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from campaign_rules.collection.commands import COMMANDS, Find, Run, finder, run, run_command
from campaign_rules.collection.logs import find_home, find_logs, read_tail
from campaign_rules.errors import InputError
from campaign_rules.evidence_file import Artefact


def collect_local(
    *,
    now: Callable[[], str],
    timeout: float,
    instance: str = "",
    home: str = "",
    run: Run = run,
    find: Find | None = None,
    announce: Callable[[str], None] = lambda doing: None,
) -> tuple[Artefact, ...]:
    """Run the commands, each for at most `timeout` seconds, and read the logs. Nothing is changed.

    `home` is the folder of the installation, `now` tells the time in ISO form, `announce` hears what is
    being done. What the machine does not have is listed as not available. Raises :class:`InputError`
    when `home` is none, or the server does not have `instance`.
    """
    folder = find_home(home)
    if instance and not folder:
        raise InputError(f"no installation of Campaign found in which to look for instance {instance!r}")
    logs = find_logs(folder, instance) if folder else ()
    find = find or finder(folder)

    def collected() -> Iterator[Artefact]:
        for choices in COMMANDS:
            announce(f"running {choices[0]}")
            yield run_command(choices, find=find, run=run, timeout=timeout, now=now)
        for path in logs:
            announce(f"reading {path}")
            yield read_tail(path, now)
        if not logs:
            yield Artefact("logs of Campaign", "log", now(), note="not available")

    return tuple(collected())
