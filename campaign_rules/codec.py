"""Frozen values as JSON and back, exactly: what a cache keeps of what took long to make.

The types of the fields say how a value is written, so that nothing in the data can choose a class, let alone
run code: scalars, enumerations, tuples, sets, mappings and attrs classes of these. An attrs object is the
list of its fields. What the data says is not checked beyond its shape; `cache` vouches for where it is from.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs
from attrs import frozen

T = TypeVar("T")
Way = Callable[[Any], Any]
"""From a value to plain data, or back."""

_PLAIN = (str, int, float, bool, NoneType)


@frozen(eq=False)
class Codec(Generic[T]):
    """How values of `kind` are written.

    Equal values of the kinds in `shared` are written, and read, once; what one of them holds comes before it.
    Objects of the classes in `by_id` are written as their id only.
    """

    kind: Any
    shared: tuple[Any, ...] = ()
    by_id: tuple[type, ...] = ()

    def dump(self, value: T) -> bytes:
        """Return `value` as JSON. Raises TypeError for a kind that cannot be written."""
        tables: dict[Any, dict[Any, int]] = {kind: {} for kind in self.shared}
        rows: list[list[Any]] = [[] for _ in self.shared]
        ways: dict[Any, Way] = {one: lambda value: value.id for one in self.by_id}
        for kind, table, row in zip(self.shared, tables.values(), rows, strict=True):
            ways[kind] = _collector(_writer(kind, ways), table, row)
        body = _writer(self.kind, ways)(value)
        return json.dumps([*rows, body], ensure_ascii=False, separators=(",", ":")).encode()

    def load(self, data: bytes, known: Mapping[type, Mapping[str, Any]] | None = None) -> T:
        """Return the value that `data` says; `known` gives the objects of the classes in `by_id`, by id.

        Raises ValueError when `data` is no value of this kind.
        """
        try:
            *rows, body = json.loads(data)
            ways: dict[Any, Way] = {one: (known or {})[one].__getitem__ for one in self.by_id}
            for kind, row in zip(self.shared, rows, strict=True):
                ways[kind] = list(map(_reader(kind, ways), row)).__getitem__
            value: T = _reader(self.kind, ways)(body)
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            raise ValueError(f"no {getattr(self.kind, '__name__', self.kind)}: {error!r}") from None
        return value


def _collector(write: Way, table: dict[Any, int], rows: list[Any]) -> Way:
    def collect(value: Any) -> int:
        if value not in table:
            rows.append(write(value))
            table[value] = len(table)
        return table[value]

    return collect


def _writer(kind: Any, ways: dict[Any, Way]) -> Way:
    if kind not in ways:
        ways[kind] = _new_writer(kind, ways)
    return ways[kind]


def _new_writer(kind: Any, ways: dict[Any, Way]) -> Way:
    origin, arguments = get_origin(kind), get_args(kind)
    if _is_plain(kind):
        return _same
    if origin in (Union, UnionType):
        inner = _writer(_optional(kind), ways)
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        item = _writer(_item(kind), ways)
        return lambda value: [item(one) for one in value]
    if origin is frozenset:
        item = _writer(arguments[0], ways)
        return lambda value: sorted((item(one) for one in value), key=repr)
    if origin is Mapping:
        key, item = (_writer(one, ways) for one in arguments)
        if arguments[0] is str:
            return lambda value: {name: item(one) for name, one in value.items()}
        return lambda value: [[key(name), item(one)] for name, one in value.items()]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda value: value.value
    fields = [(name, _writer(hint, ways)) for name, hint in _fields(kind)]
    return lambda value: [write(getattr(value, name)) for name, write in fields]


def _reader(kind: Any, ways: dict[Any, Way]) -> Way:
    if kind not in ways:
        ways[kind] = _new_reader(kind, ways)
    return ways[kind]


def _new_reader(kind: Any, ways: dict[Any, Way]) -> Way:
    origin, arguments = get_origin(kind), get_args(kind)
    if _is_plain(kind):
        return _same
    if origin in (Union, UnionType):
        inner = _reader(_optional(kind), ways)
        return lambda data: None if data is None else inner(data)
    if origin in (tuple, frozenset):
        item = _reader(_item(kind) if origin is tuple else arguments[0], ways)
        return origin if item is _same else lambda data: origin(map(item, data))
    if origin is Mapping:
        key, item = (_reader(one, ways) for one in arguments)
        if arguments[0] is str:
            return dict if item is _same else lambda data: {name: item(one) for name, one in data.items()}
        return lambda data: {key(name): item(one) for name, one in data}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {member.value: member for member in kind}.__getitem__
    return _object_reader(kind, [_reader(hint, ways) for _, hint in _fields(kind)])


def _object_reader(kind: Any, readers: list[Way]) -> Way:
    count = len(readers)
    nested = [(place, read) for place, read in enumerate(readers) if read is not _same]

    def read(data: Any) -> Any:
        if len(data) != count:
            raise ValueError(f"{len(data)} fields instead of {count}")
        for place, way in nested:
            data[place] = way(data[place])
        return kind(*data)

    return read


def _same(value: Any) -> Any:
    return value


def _is_plain(kind: Any) -> bool:
    if get_origin(kind) in (Union, UnionType):
        return all(map(_is_plain, get_args(kind)))
    return kind in _PLAIN


def _optional(kind: Any) -> Any:
    (inner,) = (one for one in get_args(kind) if one is not NoneType)
    return inner


def _item(kind: Any) -> Any:
    item, *rest = get_args(kind)
    if rest != [...]:
        raise TypeError(f"{kind} is no tuple of one kind")
    return item


def _fields(kind: Any) -> list[tuple[str, Any]]:
    if not attrs.has(kind):
        raise TypeError(f"{kind} cannot be written")
    hints = get_type_hints(kind)
    return [(one.name, hints[one.name]) for one in attrs.fields(kind)]
