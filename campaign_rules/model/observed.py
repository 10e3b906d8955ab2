"""What was observed: the values that come in."""

from __future__ import annotations

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
    """Where an observation comes from: the artefact, its line (from 1) and the matched text."""

    source: str
    line: int = 0
    text: str = ""


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


@frozen
class Reading:
    """A measurement taken from an artefact, before the knowledge base says what it means.

    `name` is dotted, such as ``process.mta``; `value` the word or number read.
    """

    name: str
    value: str | float
    instance: str = ""
    provenance: Provenance = Provenance("")
