"""What a knowledge base holds under a kind or an id, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from campaign_rules.errors import UnknownNameError
from campaign_rules.model import KnowledgeBase
from campaign_rules.texts import text_in

KINDS = ("modules", "observations", "facts", "rules", "causes", "steps")


def labels(knowledge: KnowledgeBase, kind: str, language: str = "en") -> dict[str, str]:
    """Return the entries of a kind, sorted by id, each with its label, or what a rule concludes.

    Raises UnknownNameError for a kind that is none of `KINDS`.
    """
    return {name: _label(entry, language) for name, entry in sorted(_entries(knowledge, kind).items())}


def entry(knowledge: KnowledgeBase, kind: str, name: str) -> dict[str, Any]:
    """Return everything known under an id as plain data: words, numbers, lists and mappings.

    Raises UnknownNameError for a kind or an id that does not exist.
    """
    entries = _entries(knowledge, kind)
    if name not in entries:
        raise UnknownNameError(kind.removesuffix("s"), name, entries)
    found: dict[str, Any] = attrs.asdict(entries[name], value_serializer=_plain)
    return found


def entries_called(knowledge: KnowledgeBase, name: str) -> dict[str, dict[str, Any]]:
    """Return everything known under an id by kind. Raises UnknownNameError for an id that does not exist."""
    kinds = [kind for kind in KINDS if name in _entries(knowledge, kind)]
    if not kinds:
        raise UnknownNameError("id", name, [one for kind in KINDS for one in _entries(knowledge, kind)])
    return {kind: entry(knowledge, kind, name) for kind in kinds}


def _entries(knowledge: KnowledgeBase, kind: str) -> Mapping[str, Any]:
    if kind not in KINDS:
        raise UnknownNameError("kind", kind, KINDS)
    found: Mapping[str, Any] = getattr(knowledge, kind)
    return found


def _label(entry: Any, language: str) -> str:
    text = getattr(entry, "label", None) or getattr(entry, "action", None)
    return text_in(text, language) if text else ", ".join(f"{one.verb} {one.target}" for one in entry.then)


def _plain(_: type, __: Any, value: Any) -> Any:
    """Make a value fit for YAML and JSON: words for enumerations, lists for tuples."""
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, str) else value
