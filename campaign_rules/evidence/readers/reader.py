"""What every reader is: a function from lines to readings, and how a reading names its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from attrs import evolve, frozen

from campaign_rules.evidence.text_lines import Line, excerpt
from campaign_rules.evidence.times import own_time
from campaign_rules.model import Module, Provenance, Reading, Scope

Found = tuple[tuple[Reading, ...], frozenset[int]]
"""The readings, and the numbers of the lines that belong to the artefact."""


@frozen(eq=False)
class ProcessNames:
    """Which modules an artefact may name: printed names in lower case to modules, and the listed ones."""

    modules: Mapping[str, Module]
    listed: tuple[Module, ...]


class Reader(Protocol):
    """Reads one kind of artefact, wherever it stands in `lines`. It raises nothing, whatever they hold.

    It gives a reading only if both outcomes of a test on it are earned: a listing that is cut or
    filtered tells nothing about what it does not show.
    """

    def __call__(self, lines: Sequence[Line], source: str, names: ProcessNames) -> Found:
        """Return what is found in `lines` of the artefact `source`."""


def process_names(modules: Iterable[Module]) -> ProcessNames:
    """Return the names that artefacts may print for `modules`: their ids and aliases, in any case."""
    ordered = sorted(modules, key=lambda module: module.id)
    names = {alias.casefold(): module for module in ordered for alias in sorted(module.aliases)}
    names |= {module.id.casefold(): module for module in ordered}
    return ProcessNames(names, tuple(module for module in ordered if module.listed))


def per_instance(module: Module, instance: str) -> str:
    """Return `instance` for a module that runs once in each, "" for one of the whole machine."""
    return instance if module.scope is Scope.INSTANCE else ""


def place(source: str, line: Line, text: str = "") -> Provenance:
    """Return where a reading stands: its line, or the part `text` of it."""
    return Provenance(source, line.number, excerpt(text or line.text))


def records_place(source: str, lines: Sequence[Line]) -> Provenance:
    """Return where a reading on several dated lines stands: the first of them, how many, and when."""
    times = sorted(time for line in lines if (time := own_time(line.text)))
    first, last = (times[0], times[-1]) if times else ("", "")
    return evolve(place(source, lines[0]), count=len(lines), first=first, last=last)
