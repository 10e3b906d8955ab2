"""Properties of an item of Roundup as its REST API shows them, and what is still to change in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any


def moment(stamp: str) -> datetime:
    """Return the time that Roundup writes, which is UTC: ``2026-11-30.09:40:00``."""
    return datetime.strptime(stamp, "%Y-%m-%d.%H:%M:%S").replace(tzinfo=UTC)


def name_of(value: Any) -> str:
    """Return what names a value of a property: a link by its label, several of them with commas between."""
    if isinstance(value, list):
        return ", ".join(name_of(item) for item in value)
    if isinstance(value, Mapping):
        labels = [label for key, label in value.items() if key not in ("id", "link")]
        return str(labels[0] if labels else value["id"])
    return "" if value is None else str(value)


def ids_of(links: Iterable[Mapping[str, Any]] | None) -> list[str]:
    """Return the ids in a list property."""
    return [str(link["id"]) for link in links or ()]


def missing(name: str, ids: Iterable[str], now: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return those of `ids` that are not in the list `name`."""
    there = ids_of(now.get(name))
    left = [number for number in ids if number not in there]
    return {name: left} if left else {}


def named(name: str, labels: Collection[str], now: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the ids of those in the list `name` that have one of `labels`."""
    found = [link["id"] for link in now.get(name) or () if name_of(link) in labels]
    return {name: found} if found else {}


def unlisted(values: Mapping[str, str], now: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return of `values` those of list properties that the list of `now` has neither as name nor as id."""
    found = {name: now[name] for name in values if isinstance(now.get(name), list)}
    return {
        name: [values[name]]
        for name, links in found.items()
        if values[name] not in (*ids_of(links), *map(name_of, links))
    }


def different(values: Mapping[str, str], now: Mapping[str, Any]) -> dict[str, str]:
    """Return of `values` those of single properties that `now` has otherwise."""
    there = {name: now.get(name) for name in values if not isinstance(now.get(name), list)}
    return {
        name: values[name]
        for name, value in there.items()
        if values[name] not in (name_of(value), value["id"] if isinstance(value, Mapping) else None)
    }
