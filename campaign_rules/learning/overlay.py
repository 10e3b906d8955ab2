"""What was learnt as an overlay: the changed entries, whole, each below a comment that tells why."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from campaign_rules.errors import InputError
from campaign_rules.knowledge import read_rules, shipped_rules
from campaign_rules.learning.estimates import WHOLE, Estimate

SECTIONS = ("modules", "rules", "causes")
NAME = "learnt"


def write_overlay(folder: Path, changes: Iterable[Estimate]) -> None:
    """Write the changes to the shipped rule base into a new folder.

    Raises InputError if there is such a folder already, or if it cannot be written.
    """
    files = overlay_files(changes)
    try:
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except FileExistsError:
        raise InputError(f"{folder}: is there already; name a new folder for the overlay") from None
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from None


def overlay_files(changes: Iterable[Estimate]) -> dict[str, str]:
    """Return the texts of the files of the overlay by name."""
    by_section = {
        section: sorted((one for one in changes), key=lambda one: (one.id, one.conclusion))
        for section, changes in _grouped(changes)
    }
    replaced = {
        section: list(dict.fromkeys(one.id for one in by_section[section]))
        for section in SECTIONS
        if section in by_section
    }
    head = {"name": NAME, "replace": replaced}
    return {
        "overlay.yaml": yaml.safe_dump(head, sort_keys=False),
        f"{NAME}.yaml": "\n".join(
            text for section in replaced for text in _section(section, by_section[section])
        ),
    }


def _grouped(changes: Iterable[Estimate]) -> Iterator[tuple[str, list[Estimate]]]:
    ordered = sorted(changes, key=lambda one: one.section)
    for section, group in itertools.groupby(ordered, key=lambda one: one.section):
        yield section, list(group)


def _section(section: str, changes: Iterable[Estimate]) -> Iterator[str]:
    written = {
        entry.value.id: entry.file.data[section][entry.path[1]]
        for entry in getattr(read_rules(shipped_rules()), section)
    }
    yield f"{section}:"
    for name, group in itertools.groupby(changes, key=lambda one: one.id):
        entry: dict[str, Any] = copy.deepcopy(written[name])
        for one in group:
            yield f"# {comment(one)}"
            if one.conclusion == WHOLE:
                entry["frequency"] = one.word
            else:
                entry["then"][one.conclusion]["strength"] = one.word
        yield yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=100)


def comment(one: Estimate) -> str:
    """Return what changed and why, on one line."""
    about = f", {one.about}" if one.about else ""
    unit = " dB" if one.section == "rules" else ""
    return (
        f"{one.id}{about}: {one.shipped} ({one.worth:.3g}{unit}) to {one.word}; learnt {one.value:.3g}{unit} "
        f"({one.low:.3g} to {one.high:.3g}): {one.counts}"
    )
