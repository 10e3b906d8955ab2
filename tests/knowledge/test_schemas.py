"""The JSON Schema of each kind of file accepts exactly what the loader reads."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from campaign_rules.errors import KnowledgeError, UnknownNameError
from campaign_rules.knowledge import schema
from campaign_rules.knowledge.schemas import FILES
from campaign_rules.knowledge.structure import structure
from campaign_rules.knowledge.yaml_source import YamlFile, parse_yaml

RULES = Path(__file__).parents[2] / "rules"
VALIDATORS = {kind: Draft202012Validator(schema(kind)) for kind in FILES}

TEXT = {"en": "A", "it": "B"}
DOCUMENTS: dict[str, Any] = {
    "area": {
        "modules": [
            {
                "id": "a",
                "label": TEXT,
                "scope": "instance",
                "listed": True,
                "aliases": "b",
                "depends_on": [{"on": "c", "strength": "strong", "why": TEXT, "source": ["d"]}],
            }
        ],
        "observations": [
            {
                "id": "o",
                "label": TEXT,
                "value": "number",
                "minutes": 2,
                "signs": {
                    "phrases": {"en": ["x"], "it": "y"},
                    "log": ["z"],
                    "readings": [{"reading": "r", "at_least": 2.5}, {"reading": "s", "is_not": "t"}],
                },
            }
        ],
        "facts": [{"id": "f", "label": TEXT}],
        "rules": [
            {
                "id": "r",
                "when": {"all": ["o", {"absent": "p"}], "any": [{"fact": "q", "is": 5}], "unless": ["f"]},
                "then": [{"derives": "f"}, {"impairs": "m", "strength": "likely"}],
                "inferred": False,
            }
        ],
        "causes": [{"id": "c", "module": "a", "label": TEXT, "remedy": ["s", {"step": "t", "cures": "u"}]}],
        "steps": [
            {
                "id": "s",
                "action": TEXT,
                "kind": "check",
                "commands": ["run", {"run": "x", "os": "linux", "from_build": 9122}],
                "performer": "adobe",
                "disruption": "high",
            }
        ],
    },
    "knowledge": {
        "version": "1",
        "scale": {
            "strengths": {"certain": 20},
            "propagation": {"weak": 0.05},
            "frequencies": {},
            "cures": {},
            "disruption_minutes": {},
        },
        "placeholders": ["pid"],
    },
    "language": {"language": {"code": "en", "negations": ["not"], "synonyms": {"mail": ["mail", "post"]}}},
    "scenarios": {
        "scenarios": [
            {
                "id": "s",
                "ticket": "t",
                "observe": ["o"],
                "expect": {"root": "a", "nothing": False, "steps": ["s"]},
            }
        ]
    },
    "overlay": {"name": "mine", "disable": {"rules": ["r"]}, "replace": {"steps": "s"}, "placeholders": []},
}

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 9999),
    st.sampled_from([0.5, 7.0, "", "x", "linux", "check", "number", "at_least", "derives"]),
)
keys = st.sampled_from(
    [
        *("id", "label", "source", "x", "step", "run", "cures", "fact", "absent", "reading"),
        *("is", "is_not", "at_least", "derives", "impairs", "strength"),
    ]
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=4,
)


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """All places of a document: the way to each value."""
    yield path
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from places(value, (*path, key))


def mutated(draw: st.DrawFn, document: Any) -> Any:
    """Replace, remove, rename, add, wrap or unwrap something at a random place."""
    data = copy.deepcopy(document)
    path = draw(st.sampled_from(list(places(data))))
    change = draw(st.sampled_from(["replace", "remove", "rename", "add", "wrap", "unwrap"]))
    if not path:
        return draw(values) if change == "replace" else data
    holder = data
    for part in path[:-1]:
        holder = holder[part]
    key = path[-1]
    if change == "replace":
        holder[key] = draw(values)
    elif change == "remove":
        del holder[key]
    elif change == "rename" and isinstance(holder, dict):
        holder[draw(keys)] = holder.pop(key)
    elif change == "add" and isinstance(holder[key], dict):
        holder[key][draw(keys)] = draw(values)
    elif change == "wrap":
        holder[key] = [holder[key]]
    elif change == "unwrap" and isinstance(holder[key], list) and holder[key]:
        holder[key] = holder[key][0]
    return data


@st.composite
def documents(draw: st.DrawFn, kind: str) -> Any:
    data = DOCUMENTS[kind]
    for _ in range(draw(st.integers(1, 2))):
        data = mutated(draw, data)
    return data


def is_read(kind: str, data: Any) -> bool:
    try:
        structure(YamlFile("file", data, None), FILES[kind])
    except KnowledgeError:
        return False
    return True


@pytest.mark.parametrize("kind", FILES)
def test_a_schema_is_one(kind: str) -> None:
    Draft202012Validator.check_schema(schema(kind))


@pytest.mark.parametrize("kind", FILES)
def test_the_documents_to_start_from_are_accepted(kind: str) -> None:
    assert is_read(kind, DOCUMENTS[kind])
    assert VALIDATORS[kind].is_valid(DOCUMENTS[kind])
    assert set(DOCUMENTS[kind]) == set(schema(kind)["properties"])


@pytest.mark.parametrize("kind", FILES)
def test_schema_and_loader_agree_on_an_empty_file(kind: str) -> None:
    assert VALIDATORS[kind].is_valid(None) is is_read(kind, None)


@pytest.mark.parametrize(
    ("kind", "examples"), [("area", 600), *((kind, 150) for kind in FILES if kind != "area")]
)
def test_schema_and_loader_agree_on_mutated_documents(kind: str, examples: int) -> None:
    seen = set()

    @settings(max_examples=examples)
    @given(documents(kind))
    def agree(data: Any) -> None:
        accepted = VALIDATORS[kind].is_valid(data)
        seen.add(accepted)
        assert accepted is is_read(kind, data), data

    agree()
    assert seen == {True, False}


def kind_of(path: Path) -> str:
    named = {"language": "language", "scenarios": "scenarios"}.get(path.parent.name)
    return named or ("knowledge" if path.name == "knowledge.yaml" else "area")


@pytest.mark.parametrize("kind", ["area", "knowledge", "language", "scenarios"])
def test_the_shipped_files_are_valid(kind: str) -> None:
    files = [path for path in sorted(RULES.rglob("*.yaml")) if kind_of(path) == kind]
    assert files
    for path in files:
        data = parse_yaml(path.read_text(encoding="utf-8"), path.name).data
        assert not list(VALIDATORS[kind].iter_errors(data)), path


def test_an_editor_gets_words_and_meanings() -> None:
    found = schema("area")["$defs"]
    step = found["Step"]["properties"]
    assert step["disruption"] == {"enum": ["none", "low", "high"]}
    assert found["Cause"]["required"] == ["id", "module", "label"]
    assert all(one["description"] for one in found.values() if one.get("type") == "object")


def test_a_kind_that_does_not_exist() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'area'"):
        schema("aera")
