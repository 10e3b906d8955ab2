"""JSON Schemas (draft 2020-12) of the files of a rule base, from the classes that the loader reads them as.

One schema for each kind of file, so that an editor completes the keys of that kind and nothing else. A
schema accepts exactly what `structure` does; what lies between entries is the checker's business.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

import attrs

from campaign_rules.errors import UnknownNameError
from campaign_rules.knowledge.documents import AreaFile, BaseFile, LanguageFile, OverlayFile, ScenarioFile
from campaign_rules.knowledge.structure import NUMBER_COMPARISONS, SHORT_FORMS, is_words
from campaign_rules.model import Comparison, Conclusion, Condition, Sign, Verb

FILES: Mapping[str, type] = {
    "area": AreaFile,
    "knowledge": BaseFile,
    "language": LanguageFile,
    "scenarios": ScenarioFile,
    "overlay": OverlayFile,
}
"""Kinds of files, and what they are read as."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
}


def schema(kind: str) -> Schema:
    """Return the JSON Schema of one kind of file of a rule base.

    Raises UnknownNameError for a kind that is none of `FILES`.
    """
    if kind not in FILES:
        raise UnknownNameError("kind of file", kind, FILES)
    definitions: dict[str, Schema] = {}
    top = _class(FILES[kind], definitions)
    if "required" not in top:
        top["type"] = ["object", "null"]
    return {"$schema": DIALECT, "title": f"campaign-rules: {kind} file", **top, "$defs": definitions}


def _of(kind: Any, definitions: dict[str, Schema]) -> Schema:
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    if is_words(kind):
        return {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _of(get_args(kind)[0], definitions)}
    if get_origin(kind) is Mapping:
        return {"type": "object", "additionalProperties": _of(get_args(kind)[1], definitions)}
    if issubclass(kind, Enum):
        return {"enum": [member.value for member in kind]}
    if kind.__name__ not in definitions:
        definitions[kind.__name__] = {}
        definitions[kind.__name__] = _named(kind, definitions)
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _named(kind: type, definitions: dict[str, Schema]) -> Schema:
    if kind in _WRITTEN_SHORT:
        return {"description": _meaning(kind), **_WRITTEN_SHORT[kind]()}
    full = _class(kind, definitions)
    if kind in SHORT_FORMS:
        return {"anyOf": [{"type": "string"}, full]}
    return full


def _class(kind: type, definitions: dict[str, Schema]) -> Schema:
    hints = get_type_hints(kind)
    fields = attrs.fields(kind)
    required = [one.name for one in fields if one.default is attrs.NOTHING]
    return {
        "description": _meaning(kind),
        "type": "object",
        "properties": {one.name: _of(hints[one.name], definitions) for one in fields},
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _meaning(kind: type) -> str:
    return inspect.cleandoc(kind.__doc__ or "").partition("\n\n")[0].replace("\n", " ").replace("`", "")


def _object(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _tested(key: str) -> list[Schema]:
    """Return the forms in which `key` is named together with one test of its value."""
    word_or_number = {"type": ["string", "number"]}
    return [
        _object(
            {
                key: {"type": "string"},
                one.value: {"type": "number"} if one in NUMBER_COMPARISONS else word_or_number,
            }
        )
        for one in Comparison
    ]


def _condition() -> Schema:
    return {"anyOf": [{"type": "string"}, _object({"absent": {"type": "string"}}), *_tested("fact")]}


def _sign() -> Schema:
    return {"anyOf": _tested("reading")}


def _conclusion() -> Schema:
    strength = {"type": "string", "minLength": 1}
    return {
        "anyOf": [
            _object(
                {one.value: {"type": "string"}, **({} if one is Verb.DERIVES else {"strength": strength})}
            )
            for one in Verb
        ]
    }


_WRITTEN_SHORT: Mapping[type, Callable[[], Schema]] = {
    Condition: _condition,
    Sign: _sign,
    Conclusion: _conclusion,
}
"""Classes that are never written as their own keys."""
