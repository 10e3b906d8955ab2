"""A diagnosis as tables: for pandas or Polars, whichever is there."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any

from campaign_rules.errors import InputError, UnknownNameError
from campaign_rules.model import KnowledgeBase, Result
from campaign_rules.report.result_schema import result_to_dict

LIBRARIES = ("pandas", "polars")
"""The libraries that can hold a table, the first that is installed preferred."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "suspects": (
        "module",
        "instance",
        "probability",
        "label",
        "cause",
        "cause_label",
        "cause_probability",
        "observed",
    ),
    "evidence": ("module", "instance", "observation", "rule", "decibans", "through"),
    "plan": ("step", "kind", "action", "command", "performer", "disruption", "minutes", "warning", "verify"),
    "observations": ("id", "label", "state", "value", "instance", "source", "line", "text"),
    "next_checks": ("observation", "question", "how", "information_bits", "minutes"),
}
"""The parts of a diagnosis that make tables, with their columns, which are keys of the result schema."""

NOWHERE = {"source": "", "line": 0, "text": ""}

Row = dict[str, Any]


def to_frame(result: Result, knowledge: KnowledgeBase, part: str, library: str) -> Any:
    """Return a part of `result` as a data frame of pandas or Polars.

    `part` is "suspects", "evidence" (one row for each weight of each suspect), "plan", "observations" or
    "next_checks". `library` is "pandas" or "polars", or "" for the first that is installed.

    Raises UnknownNameError for another part or library, and InputError where no such library is installed.
    """
    if part not in COLUMNS:
        raise UnknownNameError("part", part, COLUMNS)
    if library and library not in LIBRARIES:
        raise UnknownNameError("library", library, LIBRARIES)
    rows = _rows(result, knowledge, part)
    columns = {name: [row[name] for row in rows] for name in COLUMNS[part]}
    for name in [library] if library else LIBRARIES:
        with suppress(ModuleNotFoundError):
            frame = import_module(name).DataFrame
            return frame(columns) if name == "pandas" else frame(columns, strict=False)
    needed = library or " or ".join(LIBRARIES)
    raise InputError(f"a table needs {needed}: pip install {library or LIBRARIES[0]}")


def _rows(result: Result, knowledge: KnowledgeBase, part: str) -> list[Row]:
    found = result_to_dict(result, knowledge)
    if part == "evidence":
        rows = [{**suspect, **weight} for suspect in found["suspects"] for weight in suspect["evidence"]]
    elif part == "observations":
        rows = [{**one, **(one["provenance"] or [NOWHERE])[0]} for one in found["observations"]]
    else:
        rows = found[part]
    return [{name: row[name] for name in COLUMNS[part]} for row in rows]
