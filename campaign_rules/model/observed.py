"""What was observed: the values that come in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import overload

from attrs import field, frozen

from campaign_rules.errors import InputError
from campaign_rules.model.ledger import Ledger

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
class Evidence(Sequence[Observation]):
    """What was read: a sequence of observations, sorted.

    `notes` tell what could not be read, `not_understood` the sentences of which nothing was made, and
    `ledger` what the tokens stand for that redaction put in place of values.
    """

    observations: tuple[Observation, ...] = ()
    notes: tuple[Note, ...] = ()
    not_understood: tuple[Provenance, ...] = ()
    ledger: Ledger = field(factory=Ledger)

    def __len__(self) -> int:
        return len(self.observations)

    def __iter__(self) -> Iterator[Observation]:
        return iter(self.observations)

    @overload
    def __getitem__(self, at: int) -> Observation: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Observation, ...]: ...
    def __getitem__(self, at: int | slice) -> Observation | tuple[Observation, ...]:
        return self.observations[at]

    def __add__(self, other: Evidence) -> Evidence:
        """Put what two readings found together, for one diagnosis.

        Raises InputError when a token stands for different values in them.
        """
        if not isinstance(other, Evidence):
            return NotImplemented
        entries = {entry.token: entry for entry in self.ledger.entries}
        for entry in other.ledger.entries:
            if entries.setdefault(entry.token, entry).value != entry.value:
                raise InputError(
                    f"{entry.token} stands for different values in the two readings; "
                    "give the second one ledger=first.ledger"
                )
        later = max(
            self.ledger, other.ledger, key=lambda ledger: sum(entry.count for entry in ledger.entries)
        )
        return Evidence(
            (*self.observations, *other.observations),
            (*self.notes, *other.notes),
            (*self.not_understood, *other.not_understood),
            later,
        )


@frozen
class Reading:
    """A measurement taken from an artefact, before the knowledge base says what it means.

    `name` is dotted, such as ``process.mta``; `value` the word or number read.
    """

    name: str
    value: str | float
    instance: str = ""
    provenance: Provenance = Provenance("")
