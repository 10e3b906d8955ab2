"""The table of artefacts: a sample of each kind, and what has to be read from it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from attrs import field, frozen

import campaign_rules as cr
from campaign_rules.evidence.readers import READERS, ProcessNames, process_names
from campaign_rules.evidence.text_lines import split_lines
from campaign_rules.model import KnowledgeBase, Observation, State

TABLE = Path(__file__).with_name("samples.yaml")


@frozen
class Sample:
    """An artefact and what it says: `readings` by name and instance, observations present and absent."""

    kind: str
    source: str
    text: str
    name: str = "artefact.txt"
    readings: Mapping[str, Any] = field(factory=dict)
    shows: tuple[str, ...] = field(default=(), converter=tuple)
    denies: tuple[str, ...] = field(default=(), converter=tuple)


@cache
def samples() -> tuple[Sample, ...]:
    return tuple(Sample(**entry) for entry in yaml.safe_load(TABLE.read_text(encoding="utf-8")))


@cache
def knowledge() -> KnowledgeBase:
    return cr.load_knowledge()


@cache
def names() -> ProcessNames:
    return process_names(knowledge().modules.values())


def measured(text: str, source: str) -> dict[str, Any]:
    """What the readers measure: names of readings, with @instance where one is named, to values."""
    lines = split_lines(text, source)
    return {
        f"{one.name}@{one.instance}" if one.instance else one.name: one.value
        for reader in READERS
        for one in reader(lines, source, names())[0]
    }


def written(observation: Observation) -> str:
    value = observation.value
    shown = "" if value is None else f"={value:g}" if isinstance(value, float) else f"={value}"
    return observation.id + shown + (f"@{observation.instance}" if observation.instance else "")


def in_state(found: cr.Evidence | tuple[Observation, ...], state: State) -> set[str]:
    return {written(one) for one in found if one.state is state}


def says(found: cr.Evidence | tuple[Observation, ...]) -> set[tuple[str, str, State]]:
    """What is said, whatever the values."""
    return {(one.id, one.instance, one.state) for one in found}
