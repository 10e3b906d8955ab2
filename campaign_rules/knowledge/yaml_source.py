"""YAML text to plain data that still knows its lines.

Only the parts of YAML that a rule base needs: mappings, lists, words, numbers, true/false. Words such
as ``no`` or ``on`` stay words, as in YAML 1.2. A key given twice is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import yaml
from attrs import frozen

from campaign_rules.errors import KnowledgeError

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_INTEGER = re.compile(r"[-+]?\d+")
_FLOAT = re.compile(r"[-+]?(\d+\.\d*|\.\d+)([eE][-+]?\d+)?")
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}

Path = tuple[str | int, ...]
"""The way to a value inside a file: keys and list positions."""


@frozen(eq=False)
class YamlFile:
    """A parsed file: its `data`, and the node tree that knows where everything stands."""

    name: str
    data: Any
    node: yaml.Node | None

    def line(self, path: Sequence[str | int], word: str | None = None) -> int:
        """Return the line (from 1) of the value at `path`, or of the deepest part of it that exists.

        With `word`, the line of the first key or scalar equal to it below that point, if any.
        """
        node = self.node
        for part in path:
            child = _child(node, part)
            if child is None:
                break
            node = child
        if node is None:
            return 1
        if word is not None:
            node = next((found for found in _scalars(node) if found.value == word), node)
        return int(node.start_mark.line) + 1

    def place(self, path: Sequence[str | int], word: str | None = None) -> str:
        """Return ``file:line`` for use in front of a message."""
        return f"{self.name}:{self.line(path, word)}"


def parse_yaml(text: str, name: str) -> YamlFile:
    """Parse `text`; `name` is how messages call the file.

    Raises KnowledgeError when the text is not YAML or gives a key twice.
    """
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise KnowledgeError([f"{name}:{line}: not valid YAML: {error.problem}"]) from None
    except yaml.YAMLError as error:
        raise KnowledgeError([f"{name}:1: not valid YAML: {error}"]) from None
    problems: list[str] = []
    data = None if node is None else _data(node, name, problems)
    if problems:
        raise KnowledgeError(problems)
    return YamlFile(name, data, node)


def _data(node: yaml.Node, name: str, problems: list[str]) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_data(item, name, problems) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                problems.append(f"{name}:{key.start_mark.line + 1}: a key has to be a word")
                continue
            if key.value in mapping:
                problems.append(f"{name}:{key.start_mark.line + 1}: key {key.value!r} is given twice")
            mapping[key.value] = _data(value, name, problems)
        return mapping
    assert isinstance(node, yaml.ScalarNode)
    return _scalar(node)


def _scalar(node: yaml.ScalarNode) -> str | int | float | bool | None:
    text = str(node.value)
    if node.style:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def _child(node: yaml.Node | None, part: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        child: yaml.Node = node.value[part]
        return child
    return None


def _scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _scalars(item)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _scalars(key)
            yield from _scalars(value)
