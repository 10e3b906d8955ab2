"""Readings to observations: what a measured value shows, by the signs of the knowledge base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from campaign_rules.model import (
    Observation,
    ObservationType,
    Reading,
    State,
    Test,
    Value,
    ValueKind,
)
from campaign_rules.values import predicate

ReadingSigns = Mapping[str, tuple[tuple[ObservationType, Test], ...]]
"""Name of a reading to the observations that it shows or denies."""


def reading_signs(observations: Iterable[ObservationType]) -> ReadingSigns:
    """Index the reading signs of `observations` by the name of the reading."""
    index: dict[str, list[tuple[ObservationType, Test]]] = {}
    for observation in sorted(observations, key=lambda entry: entry.id):
        for sign in observation.signs.readings:
            index.setdefault(sign.reading, []).append((observation, sign.test))
    return {name: tuple(signs) for name, signs in index.items()}


def judge_readings(readings: Sequence[Reading], signs: ReadingSigns) -> tuple[Observation, ...]:
    """Return an observation for every sign of every reading: present if its test passes, else absent.

    An observation with several signs on one reading is present if any of them passes. A test of another
    type than the value (`at_least` on a word) says nothing.
    """
    found: list[Observation] = []
    for reading in readings:
        verdicts: dict[str, tuple[ObservationType, bool]] = {}
        for observation, test in signs.get(reading.name, ()):
            if isinstance(test.operand, str) == isinstance(reading.value, str):
                _, before = verdicts.get(observation.id, (observation, False))
                verdicts[observation.id] = (observation, before or predicate(test)(reading.value))
        for observation, passed in verdicts.values():
            found.append(
                Observation(
                    observation.id,
                    State.PRESENT if passed else State.ABSENT,
                    _value(observation, reading.value),
                    reading.instance,
                    (reading.provenance,),
                )
            )
    return tuple(found)


def _number(value: str | float) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _value(observation: ObservationType, value: str | float) -> Value:
    if observation.value is ValueKind.NUMBER:
        return _number(value)
    return str(value) if observation.value is ValueKind.WORD else None
