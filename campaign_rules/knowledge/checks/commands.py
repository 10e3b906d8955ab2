"""Commands: right for each operating system, with placeholders that a reader can fill in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campaign_rules.errors import did_you_mean
from campaign_rules.knowledge.checks.known import Known, unknown_word
from campaign_rules.knowledge.entries import Entries, Entry
from campaign_rules.knowledge.findings import Finding
from campaign_rules.model import Place, Step

SYSTEMS = ("linux", "windows")
INSTANCE = "instance"
"""The placeholder that a diagnosis fills in by itself."""

_PLACEHOLDER = re.compile(r"<([A-Za-z][\w-]*(?: [\w-]+)*)>")


def commands(entries: Entries, known: Known) -> Iterator[Finding]:
    """Find unknown systems, steps that lack the command of a system, and unknown placeholders."""
    placeholders = {INSTANCE, *entries.base.value.placeholders}
    for entry in entries.steps:
        step = entry.value
        for system in dict.fromkeys((step.os, *(command.os for command in step.commands))):
            if system:
                yield from unknown_word(entry, "operating system", system, SYSTEMS)
        yield from _missing_systems(entry)
        for command in step.commands:
            for name in dict.fromkeys(_PLACEHOLDER.findall(command.run)):
                if name not in placeholders:
                    yield entry.finding(
                        f"unknown placeholder '<{name}>' in a command of {step.id!r}"
                        f"{did_you_mean(name, placeholders)}; known are <{INSTANCE}> and the 'placeholders' "
                        "of knowledge.yaml and overlay.yaml",
                        command.run,
                    )


def _missing_systems(entry: Entry[Step]) -> Iterator[Finding]:
    step = entry.value
    if step.place is not Place.SERVER or not step.commands:
        return
    given = {command.os for command in step.commands}
    needed = (step.os,) if step.os else SYSTEMS
    missing = [system for system in needed if system in SYSTEMS and not given & {system, ""}]
    if missing:
        yield entry.finding(
            f"step {step.id!r} has no command for {' and '.join(missing)}"
            + ("" if step.os else "; add one, or set 'os' if the step makes no sense there"),
            "commands",
        )
