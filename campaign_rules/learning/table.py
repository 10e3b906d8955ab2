"""Tables of closed tickets: CSV, or one JSON object per line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml
from attrs import astuple, frozen

from campaign_rules.errors import InputError, did_you_mean
from campaign_rules.learning.closed import Closed
from campaign_rules.model import KnowledgeBase, Note, State
from campaign_rules.observations import canonical
from campaign_rules.reading import read_ticket

SEPARATORS = ",;\t"
"""What separates cells: the first of those that the header has most of."""


@frozen
class Columns:
    """What the columns of a table are called. Only `module` has to be there.

    `ticket` holds text that people wrote, `artifacts` a text or (JSON) a list of texts, `observations` and
    `absent` a list or words apart from each other.
    """

    id: str = "id"
    ticket: str = "ticket"
    artifacts: str = "artifacts"
    observations: str = "observations"
    absent: str = "absent"
    module: str = "module"
    cause: str = "cause"


@frozen
class Row:
    """One row of a table: where it stands, and what is in its columns."""

    place: str
    id: str
    ticket: str
    artifacts: tuple[str, ...]
    observations: tuple[str, ...]
    absent: tuple[str, ...]
    module: str
    cause: str


def read_rows(
    text: str, name: str, columns: Columns | None = None
) -> tuple[tuple[Row, ...], tuple[Note, ...]]:
    """Return the rows of a table, and a note with line and reason on each that cannot be used.

    A table is CSV if its first character other than white space is no brace.

    Raises InputError for a table that lacks the column of the module, or is no CSV.
    """
    called = columns or Columns()
    rows: dict[str, Row] = {}
    aside: list[Note] = []
    raw = _json_rows(text) if text.lstrip().startswith("{") else _csv_rows(text, name, called)
    for line, record in raw:
        place = f"{name}:{line}"
        try:
            row = _row(place, record, called)
        except InputError as error:
            aside.append(Note(place, str(error)))
            continue
        if row.id in rows:
            aside.append(Note(place, f"{called.id} {row.id!r} is already that of {rows[row.id].place}"))
        else:
            rows[row.id] = row
    return tuple(rows.values()), tuple(aside)


def closed_of(row: Row, knowledge: KnowledgeBase, names: Mapping[str, Iterable[str]] | None = None) -> Closed:
    """Return the closed ticket that a row tells of: its texts are read, and its observations checked.

    `names` maps words of the tracker to the modules that they stand for; other words are modules.

    Raises UnknownNameError and InputError as `diagnose` does.
    """
    read = read_ticket(row.ticket, row.artifacts, knowledge=knowledge, redact=False)
    given = canonical(row.observations, knowledge.observations)
    denied = canonical(row.absent, knowledge.observations, State.ABSENT)
    return Closed(
        id=row.id,
        observations=(*read, *given, *denied),
        modules=frozenset((names or {}).get(row.module, [row.module])),
        cause=row.cause,
    )


def read_names(text: str, name: str, knowledge: KnowledgeBase) -> Mapping[str, tuple[str, ...]]:
    """Return the modules that each word of a tracker stands for, from YAML: ``word: [module, module]``.

    Raises InputError for anything else, and for a module that the knowledge base does not have.
    """
    try:
        told = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InputError(f"{name}: no YAML: {' '.join(str(error).split())}") from None
    if not isinstance(told, dict):
        raise InputError(f"{name}: must map words to lists of modules")
    for word, modules in told.items():
        if not isinstance(modules, list) or not modules:
            raise InputError(f"{name}: {word!r} must have a list of modules")
        for module in modules:
            if not isinstance(module, str) or module not in knowledge.modules:
                hint = did_you_mean(str(module), knowledge.modules)
                raise InputError(f"{name}: unknown module {module!r} of {word!r}{hint}")
    return {str(word): tuple(modules) for word, modules in told.items()}


def _csv_rows(text: str, name: str, columns: Columns) -> Iterator[tuple[int, Any]]:
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        header = reader.fieldnames or ()
        if columns.module not in header:
            hint = did_you_mean(columns.module, header)
            raise InputError(f"{name}:1: no column {columns.module!r} in {', '.join(header) or 'it'}{hint}")
        line = reader.line_num + 1
        for record in reader:
            yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{name}:{line}: no CSV: {error}") from None


def _json_rows(text: str) -> Iterator[tuple[int, Any]]:
    for line, content in enumerate(text.split("\n"), 1):
        if content.strip():
            try:
                yield line, json.loads(content)
            except ValueError as error:
                yield line, error


def _row(place: str, record: Any, columns: Columns) -> Row:
    if isinstance(record, ValueError):
        raise InputError(f"no JSON: {record}")
    if not isinstance(record, dict):
        raise InputError("no JSON object")
    if None in record:
        raise InputError("more cells than columns")
    told = {key: record.get(key) for key in astuple(columns)}
    row = Row(
        place=place,
        id=_text(told, columns.id) or place,
        ticket=_text(told, columns.ticket),
        artifacts=_texts(told, columns.artifacts, split=False),
        observations=_texts(told, columns.observations),
        absent=_texts(told, columns.absent),
        module=_text(told, columns.module).strip(),
        cause=_text(told, columns.cause).strip(),
    )
    if not row.module:
        raise InputError(f"no {columns.module}")
    if not (row.ticket.strip() or row.artifacts or row.observations or row.absent):
        raise InputError("neither a text nor an observation")
    return row


def _text(told: Mapping[str, Any], key: str) -> str:
    value = told[key]
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InputError(f"{key} must be a text")
    return str(value)


def _texts(told: Mapping[str, Any], key: str, *, split: bool = True) -> tuple[str, ...]:
    value = told[key]
    if isinstance(value, list):
        if not all(isinstance(one, str) for one in value):
            raise InputError(f"{key} must be a text or a list of texts")
        return tuple(value)
    text = _text(told, key)
    return tuple(text.split()) if split else (text,) if text.strip() else ()
