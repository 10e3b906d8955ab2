"""What was observed: the values that come in."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from attrs import frozen

Value = str | float | None
"""What an observation measured: a number, a word, or nothing for a plain yes/no."""


class State(StrEnum):
    """The three values of an observation. Unknown is never the same as absent."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@frozen(order=True)
class Provenance:
    """Where an observation comes from: the artefact, its line (from 1) and the matched text.

    Lines that say the same are one place: the first of them, how many they are (`count`), and when the
    earliest and the latest were written (`first`, `last`: ISO text in UTC, "" where no time is known).
    """

    source: str
    line: int = 0
    text: str = ""
    count: int = 1
    first: str = ""
    last: str = ""


@frozen
class Observation:
    """One observed fact about one instance.

    `instance` is the Campaign instance, or "" for the only or unnamed one and for facts about the
    whole machine.
    """

    id: str
    state: State = State.PRESENT
    value: Value = None
    instance: str = ""
    provenance: tuple[Provenance, ...] = ()


@frozen(order=True)
class Note:
    """What could not be read, or not all of it: the file, and why."""

    source: str
    text: str


@frozen
class Evidence:
    """What files say: observations, sorted, and notes on what could not be read. Iterates over the former."""

    observations: tuple[Observation, ...]
    notes: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[Observation]:
        return iter(self.observations)


@frozen
class Reading:
    """A measurement taken from an artefact, before the knowledge base says what it means.

    `name` is dotted, such as ``process.mta``; `value` the word or number read.
    """

    name: str
    value: str | float
    instance: str = ""
    provenance: Provenance = Provenance("")
