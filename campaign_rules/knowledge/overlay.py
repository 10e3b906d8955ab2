"""Overlays: a folder that adds, replaces and disables single entries of the rule base below it.

Nothing changes by accident: an id of the base that is given anew has to be announced in ``overlay.yaml``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import Any

import attrs

from campaign_rules.errors import KnowledgeError, did_you_mean
from campaign_rules.knowledge.documents import OverlayFile, Scenario
from campaign_rules.knowledge.entries import (
    Entries,
    Entry,
    Folder,
    read_folder,
    read_own_scenarios,
)
from campaign_rules.knowledge.folders import OVERLAY_FILE, name_of
from campaign_rules.knowledge.yaml_source import YamlFile

Section = tuple[Entry[Any], ...]

_NAME = re.compile(r"[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*")


def lay_over(base: Entries, folder: Traversable) -> Entries:
    """Return the entries of `base` as the overlay in `folder` changes them.

    The version becomes ``<version of the base>+<name of the overlay>``; the fingerprint covers both.

    Raises KnowledgeError for what the overlay disables, replaces or gives wrongly.
    """
    overlay = read_folder(folder, OVERLAY_FILE, OverlayFile)
    changes, head_file = _head(overlay)
    problems: list[str] = []
    if changes.name and not _NAME.fullmatch(changes.name):
        problems.append(
            f"{head_file.place(('name',))}: name {changes.name!r} is for a version: letters and digits, "
            "joined by '-' or '.'"
        )
    merged = {
        section: _merge(section, getattr(base, section), own, changes, head_file, problems)
        for section, own in overlay.sections.items()
    }
    if problems:
        raise KnowledgeError(problems)
    disabled = {
        (section, name): head_file.place(("disable", section), name)
        for section in overlay.sections
        for name in getattr(changes.disable, section)
    }
    below = base.base.value
    head = attrs.evolve(
        below,
        version=f"{below.version}+{changes.name or name_of(folder)}",
        placeholders=(*below.placeholders, *changes.placeholders),
    )
    return Entries(
        base=attrs.evolve(base.base, value=head),
        fingerprint=hashlib.sha256(f"{base.fingerprint}\0{overlay.fingerprint}".encode()).hexdigest(),
        disabled=disabled,
        **merged,
    )


def lay_scenarios_over(base: Iterable[Entry[Scenario]], folder: Traversable) -> tuple[Entry[Scenario], ...]:
    """Return the scenarios of `base` as the overlay in `folder` changes them.

    Raises KnowledgeError for what the overlay disables, replaces or gives wrongly.
    """
    changes, head_file = _head(read_folder(folder, OVERLAY_FILE, OverlayFile))
    problems: list[str] = []
    merged = _merge("scenarios", tuple(base), read_own_scenarios(folder), changes, head_file, problems)
    if problems:
        raise KnowledgeError(problems)
    return merged


def _head(overlay: Folder[OverlayFile]) -> tuple[OverlayFile, YamlFile]:
    if overlay.head is None:
        return OverlayFile(), YamlFile(OVERLAY_FILE, None, None)
    return overlay.head.value, overlay.head.file


def _merge(
    section: str,
    base: Section,
    own: Section,
    changes: OverlayFile,
    head_file: YamlFile,
    problems: list[str],
) -> Section:
    below = {_id(entry): entry for entry in base}
    given = {_id(entry) for entry in own}
    disable: tuple[str, ...] = getattr(changes.disable, section)
    replace: tuple[str, ...] = getattr(changes.replace, section)
    for key, names in (("disable", disable), ("replace", replace)):
        for name in names:
            fault = _fault(key, name, section, below, given, replace)
            if fault:
                problems.append(f"{head_file.place((key, section), name)}: {fault}")
    problems.extend(_unannounced(section, own, below, {*disable, *replace}))
    gone = {*disable, *replace}
    kept = (attrs.evolve(entry, inherited=True) for entry in base if _id(entry) not in gone)
    return (*kept, *own)


def _fault(
    key: str,
    name: str,
    section: str,
    below: Mapping[str, Entry[Any]],
    given: Iterable[str],
    replace: Iterable[str],
) -> str:
    """Return what is wrong with `name` under ``disable`` or ``replace``, or nothing."""
    if name not in below:
        hint = did_you_mean(name, below)
        return f"cannot {key} {name!r}: no such id in {section} of the rule base below{hint}"
    if key == "replace" and name not in given:
        return f"{name!r} is to be replaced, but no file of this folder gives it; list it under 'disable'"
    if key == "disable" and name in given:
        announced = name in replace
        return f"{name!r} is disabled, yet " + (
            "listed under 'replace', too" if announced else "given by this folder; list it under 'replace'"
        )
    return ""


def _unannounced(
    section: str, own: Section, below: Mapping[str, Entry[Any]], announced: Iterable[str]
) -> Iterator[str]:
    for entry in own:
        name = _id(entry)
        if name in below and name not in announced:
            yield entry.problem(
                f"id {name!r} is already used at {below[name].place}; to replace that entry, "
                f"list it under 'replace: {{{section}: [{name}]}}' in {OVERLAY_FILE}",
                name,
            )


def _id(entry: Entry[Any]) -> str:
    name: str = entry.value.code if hasattr(entry.value, "code") else entry.value.id
    return name
