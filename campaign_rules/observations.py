"""Observations as callers give them, checked against the vocabulary and put in one canonical form."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

from attrs import evolve

from campaign_rules.errors import InputError, UnknownNameError
from campaign_rules.model import Fact, Observation, ObservationType, State, Value, ValueKind

_NOTATION = re.compile(
    r"(?P<absent>!)?(?P<id>[^@=\s]+)(?:@(?P<instance>[^=\s]+))?(?:=(?P<value>.*))?", re.DOTALL
)

_INSTANCE = re.compile(r"[\w.-]*")

Given = str | Observation
"""An observation, or its short notation: ``id``, ``id@instance``, ``id=value``, ``id@instance=value``.

A leading ``!`` says that it was looked for and is absent.
"""


def canonical(
    given: Iterable[Given], vocabulary: Mapping[str, ObservationType], state: State = State.PRESENT
) -> tuple[Observation, ...]:
    """Return the observations sorted, each once, with provenances united.

    Strings are read with `state`, unless they say absent themselves.

    Raises UnknownNameError for an id or word that the vocabulary does not have, InputError for a
    value of the wrong type and for an instance that is no name (it ends up in commands).
    """
    merged: dict[tuple[str, ...], Observation] = {}
    for item in given:
        checked = _checked(parse(item, state) if isinstance(item, str) else item, vocabulary)
        key = (checked.id, checked.instance, checked.state, type(checked.value).__name__, str(checked.value))
        earlier = merged.get(key, checked)
        origins = tuple(sorted({*earlier.provenance, *checked.provenance}))
        merged[key] = evolve(checked, provenance=origins)
    return tuple(merged[key] for key in sorted(merged))


def parse(text: str, state: State = State.PRESENT) -> Observation:
    """Read the short notation, of an observation in `state` unless it says absent. Raises InputError."""
    match = _NOTATION.fullmatch(text.strip())
    if match is None:
        raise InputError(
            f"cannot read observation {text!r}; write id, id=value, id@instance or id@instance=value"
        )
    state = State.ABSENT if match["absent"] else state
    return Observation(match["id"], state, match["value"], match["instance"] or "")


def notation(observation: Observation) -> str:
    """Return the short notation of an observation that is present or absent; `parse` reads it back."""
    absent = "!" if observation.state is State.ABSENT else ""
    at = f"@{observation.instance}" if observation.instance else ""
    value = observation.value
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    return f"{absent}{observation.id}{at}" + ("" if value is None else f"={value}")


def facts_of(observations: Iterable[Observation]) -> tuple[Fact, ...]:
    """Lay observations out as working memory, one layer for each instance that is named.

    An observation without an instance is about the only instance or the whole machine, so it holds
    in every layer. Unknown observations are no facts.
    """
    known = [item for item in observations if item.state is not State.UNKNOWN]
    instances = sorted({item.instance for item in known if item.instance}) or [""]
    return tuple(
        Fact(item.id, item.state, instance, item.value)
        for item in known
        for instance in ([item.instance] if item.instance else instances)
    )


def _checked(item: object, vocabulary: Mapping[str, ObservationType]) -> Observation:
    if not isinstance(item, Observation):
        raise InputError(f"{item!r} is neither an Observation nor its short notation")
    for name in (item.id, item.instance):
        if not isinstance(name, str):
            raise InputError(f"{name!r} is no name of an observation or instance, but a name is text")
    if item.id not in vocabulary:
        raise UnknownNameError("observation", item.id, vocabulary)
    if not _INSTANCE.fullmatch(item.instance):
        raise InputError(
            f"{item.instance!r} is no name of an instance: letters, digits, '_', '-' and '.' only"
        )
    value = _value(item.value, vocabulary[item.id])
    return evolve(item, state=State(item.state), value=value)


def _value(value: object, kind: ObservationType) -> Value:
    if value is None:
        return None
    if kind.value is ValueKind.NONE:
        raise InputError(f"observation {kind.id!r} takes no value, but {value!r} was given")
    if kind.value is ValueKind.NUMBER:
        return _number(value, kind)
    if not isinstance(value, str):
        raise InputError(f"value of {kind.id!r} is {value!r}, but must be a word")
    if not kind.values:
        return value
    for word in kind.values:
        if word.casefold() == value.strip().casefold():
            return word
    raise UnknownNameError(f"value of {kind.id}", value, kind.values)


def _number(value: object, kind: ObservationType) -> float:
    try:
        number = math.nan if isinstance(value, bool) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"value of {kind.id!r} is {value!r}, but must be a number")
    return number
