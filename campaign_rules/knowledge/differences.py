"""How two rule bases differ in their entries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
from attrs import frozen

from campaign_rules.model import KnowledgeBase


@frozen(order=True)
class Difference:
    """An entry that one of two rule bases lacks, or says otherwise.

    `kind` is a section such as "rules", `change` is "added", "removed" or "changed", `keys` are the keys of a
    changed entry that differ.
    """

    kind: str
    id: str
    change: str
    keys: tuple[str, ...] = ()


def differences(old: KnowledgeBase, new: KnowledgeBase) -> tuple[Difference, ...]:
    """Return the differences from `old` to `new`, by kind and id."""
    before, after = _entries(old), _entries(new)
    found = []
    for kind in sorted(before):
        for name in sorted(before[kind].keys() | after[kind].keys()):
            was, now = before[kind].get(name), after[kind].get(name)
            if was is None or now is None:
                found.append(Difference(kind, name, "added" if was is None else "removed"))
            elif was != now:
                keys = tuple(key for key in sorted(was | now) if was.get(key) != now.get(key))
                found.append(Difference(kind, name, "changed", keys))
    return tuple(found)


def _entries(base: KnowledgeBase) -> Mapping[str, Mapping[str, dict[str, Any]]]:
    """Return what each entry says, key by key, by kind and id."""
    kinds = {
        "modules": base.modules,
        "dependencies": {f"{edge.module} -> {edge.on}": edge for edge in base.dependencies},
        "observations": base.observations,
        "facts": base.facts,
        "rules": base.rules,
        "causes": base.causes,
        "steps": base.steps,
        "languages": base.languages,
    }
    found = {kind: {name: _keys(entry) for name, entry in kinds[kind].items()} for kind in kinds}
    return {**found, "scale": {name: {"words": words} for name, words in _keys(base.scale).items()}}


def _keys(entry: Any) -> dict[str, Any]:
    return {one.name: getattr(entry, one.name) for one in attrs.fields(type(entry))}
