"""Custom fields of an issue of Redmine, by name or id.

The shapes are those of "Rest_Issues", section "Working with custom fields", in Redmine's wiki: a field has an
id, a name and a value, which is a list of texts where `multiple` is true and a text else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from campaign_rules.errors import TrackerError, did_you_mean


class CustomFields:
    """The custom fields that an issue has, as Redmine sends them."""

    def __init__(self, entries: Iterable[Mapping[str, Any]]) -> None:
        self._by_id = {int(entry["id"]): entry for entry in entries}
        self._ids = {str(number): number for number in self._by_id}
        self._ids |= {str(entry["name"]): number for number, entry in self._by_id.items()}

    def __contains__(self, name: str) -> bool:
        return name in self._ids

    def id_of(self, name: str) -> int:
        """Return the id of a field; raises TrackerError for one that the issue has not."""
        if name not in self._ids:
            advice = "it has to be enabled for the tracker and the project, and visible to the account"
            hint = did_you_mean(name, self._ids)
            raise TrackerError(f"the issue in Redmine has no custom field {name!r}{hint}; {advice}")
        return self._ids[name]

    def value(self, number: int) -> object:
        """Return the present value of a field by its id: a text, or a sorted list of texts."""
        value = self._by_id[number].get("value")
        return sorted(map(str, value)) if isinstance(value, list) else str(value or "")

    def value_for(self, name: str, *texts: str) -> object:
        """Return `texts` as the value of a field: a list, or one text with commas."""
        return list(texts) if self._by_id[self.id_of(name)].get("multiple") else ", ".join(texts)

    def labels(self, name: str) -> frozenset[str]:
        """Return the labels that a field holds: its values, or what is between the commas of its text."""
        value = self._by_id[self.id_of(name)].get("value") or ""
        labels = value if isinstance(value, list) else str(value).split(",")
        return frozenset(label.strip() for label in map(str, labels) if label.strip())

    def texts(self) -> dict[str, str]:
        """Return the fields that have a value, by name; several values are separated by commas."""
        values = {str(entry["name"]): self.value(number) for number, entry in self._by_id.items()}
        texts = {
            name: ", ".join(value) if isinstance(value, list) else value for name, value in values.items()
        }
        return {name: str(text) for name, text in texts.items() if text}
