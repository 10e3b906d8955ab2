"""Plain data of a YAML file to the classes of `documents`, strictly.

Unknown keys, missing keys and values of the wrong type are refused, all of them at once, each with
its line and the nearest valid word.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)

from campaign_rules.errors import KnowledgeError, did_you_mean
from campaign_rules.knowledge.yaml_source import Path, YamlFile
from campaign_rules.model import (
    Command,
    Comparison,
    Conclusion,
    Condition,
    Disruption,
    Performer,
    Place,
    Remedy,
    Scope,
    Sign,
    State,
    StepKind,
    Test,
    ValueKind,
    Verb,
)

T = TypeVar("T")

SHORT_FORMS: Mapping[type, str] = {Remedy: "step", Command: "run"}
"""Classes that may be written as one word, which then is the value of this key."""

NUMBER_COMPARISONS = (Comparison.AT_LEAST, Comparison.AT_MOST)


def structure(file: YamlFile, shape: type[T]) -> T:
    """Read `file` as `shape`, an attrs class. Raises KnowledgeError with every fault found."""
    try:
        return _converter().structure({} if file.data is None else file.data, shape)
    except (ClassValidationError, IterableValidationError) as error:
        problems = sorted(_problems(error, file, ()))
        raise KnowledgeError([f"{file.name}:{line}: {message}" for line, message in problems]) from None
    except ValueError as error:
        raise KnowledgeError([f"{file.place(())}: {error}"]) from None


@cache
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    for kind in (str, float, int, bool):
        converter.register_structure_hook(kind, _strict)
    for words in (Scope, ValueKind, StepKind, Performer, Disruption, Place):
        converter.register_structure_hook(words, _enum)
    converter.register_structure_hook_func(_is_list, _checked_list(converter))
    converter.register_structure_hook_func(_is_mapping, _checked_mapping(converter))
    converter.register_structure_hook_func(is_words, lambda value, _: _words(value))
    converter.register_structure_hook_func(lambda kind: kind == str | float, lambda value, _: _operand(value))
    converter.register_structure_hook_factory(attrs.has, _checked_class(converter))
    converter.register_structure_hook(Condition, lambda value, _: _condition(value))
    converter.register_structure_hook(Conclusion, lambda value, _: _conclusion(value))
    converter.register_structure_hook(Sign, lambda value, _: _sign(value))
    for short, key in SHORT_FORMS.items():
        converter.register_structure_hook(short, _word_or_class(converter, short, key))
    return converter


def _checked_class(converter: Converter) -> Any:
    def hook(kind: type) -> Any:
        generated: Any = converter.gen_structure_attrs_fromdict(kind)
        return lambda value, _: generated(_mapping(value), kind)

    return hook


def _is_list(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _checked_list(converter: Converter) -> Any:
    return lambda value, kind: tuple(converter.structure(_list(value), list[get_args(kind)[0]]))  # type: ignore


def _is_mapping(kind: Any) -> bool:
    return get_origin(kind) is Mapping


def _checked_mapping(converter: Converter) -> Any:
    return lambda value, kind: converter.structure(_mapping(value), dict[get_args(kind)])  # type: ignore


def _word_or_class(converter: Converter, kind: type, key: str) -> Any:
    generated: Any = converter.gen_structure_attrs_fromdict(kind)

    def hook(value: Any, _: type) -> Any:
        return generated({key: value} if isinstance(value, str) else _mapping(value), kind)

    return hook


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"expected keys and values here, not {_shown(value)}")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"expected a list here, not {_shown(value)}")
    return value


def _strict(value: Any, kind: type) -> Any:
    if kind is float and type(value) is int:
        return float(value)
    if kind is int and type(value) is float and value.is_integer():
        return int(value)
    if type(value) is not kind:
        expected = {str: "a text", float: "a number", int: "a whole number", bool: "true or false"}[kind]
        raise ValueError(f"expected {expected}, not {_shown(value)}")
    return value


def _enum(value: Any, kind: type[Enum]) -> Enum:
    words = [member.value for member in kind]
    if value not in words:
        raise ValueError(
            f"unknown word {_shown(value)}{did_you_mean(str(value), words)}; use one of {', '.join(words)}"
        )
    return kind(value)


def is_words(kind: Any) -> bool:
    """Return whether `kind` holds words, of which a single one needs no list."""
    return bool(kind == tuple[str, ...])


def _words(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(_strict(item, str) for item in items)


def _operand(value: Any) -> str | float:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ValueError(f"expected a word or a number, not {_shown(value)}")
    return value if isinstance(value, str) else float(value)


def _condition(value: Any) -> Condition:
    """``id`` | ``{absent: id}`` | ``{fact: id, is|is_not|at_least|at_most: operand}``."""
    if isinstance(value, str):
        return Condition(value)
    entry = dict(_mapping(value))
    if set(entry) == {"absent"}:
        return Condition(_strict(entry["absent"], str), State.ABSENT)
    if "fact" not in entry:
        raise ValueError("a condition is an id, {absent: id} or {fact: id, at_least: 5}")
    return Condition(_strict(entry.pop("fact"), str), State.PRESENT, _test(entry))


def _sign(value: Any) -> Sign:
    """``{reading: name, is|is_not|at_least|at_most: operand}``."""
    entry = dict(_mapping(value))
    if "reading" not in entry:
        raise ValueError("a sign needs a reading, such as {reading: process.mta, is: missing}")
    return Sign(_strict(entry.pop("reading"), str), _test(entry))


def _test(entry: Mapping[str, Any]) -> Test:
    if len(entry) != 1:
        raise ValueError(
            f"expected exactly one of {', '.join(Comparison)}, found {', '.join(entry) or 'none'}"
        )
    ((comparison, operand),) = entry.items()
    found: Comparison = _enum(comparison, Comparison)  # type: ignore[assignment]
    checked = _operand(operand)
    if found in NUMBER_COMPARISONS and isinstance(checked, str):
        raise ValueError(f"{found} needs a number, not {checked!r}")
    return Test(found, checked)


def _conclusion(value: Any) -> Conclusion:
    """``{derives|impairs|clears|supports|refutes: id, strength: word}``."""
    entry = dict(_mapping(value))
    strength = _strict(entry.pop("strength"), str) if "strength" in entry else None
    if len(entry) != 1:
        raise ValueError(f"expected exactly one of {', '.join(Verb)}, found {', '.join(entry) or 'none'}")
    ((verb, target),) = entry.items()
    found: Verb = _enum(verb, Verb)  # type: ignore[assignment]
    if found is Verb.DERIVES and strength is not None:
        raise ValueError("a derived fact has no strength")
    if found is not Verb.DERIVES and not strength:
        raise ValueError(f"{found} needs a strength")
    return Conclusion(found, _strict(target, str), strength or "")


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "keys and values"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else repr(value)


def _problems(error: BaseException, file: YamlFile, path: Path) -> list[tuple[int, str]]:
    path = (*path, *_step(error))
    if isinstance(error, (ClassValidationError, IterableValidationError)):
        return [problem for part in error.exceptions for problem in _problems(part, file, path)]
    if isinstance(error, ForbiddenExtraKeysError):
        known = [attribute.name for attribute in attrs.fields(error.cl)]
        return [
            (file.line(path, key), f"unknown key {key!r}{did_you_mean(key, known)}")
            for key in sorted(error.extra_fields)
        ]
    if isinstance(error, KeyError):
        return [(file.line(path[:-1]), f"key {error.args[0]!r} is missing")]
    where = f"{path[-1]}: " if path and isinstance(path[-1], str) else ""
    return [(file.line(path), f"{where}{error}")]


def _step(error: BaseException) -> Path:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return (note.name,)
        if isinstance(note, IterableValidationNote):
            return (note.index,)
    return ()
