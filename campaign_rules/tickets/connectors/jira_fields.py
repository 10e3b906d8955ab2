"""Values of Jira's fields: as Jira wants them for what a field holds, and as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from campaign_rules.errors import TrackerError
from campaign_rules.tickets.connectors.adf_text import text_of_adf

_TEXT_AREA = "com.atlassian.jira.plugin.system.customfieldtypes:textarea"
_NAMES = ("value", "name", "displayName", "key", "id")


def value_for(text: str, field: Mapping[str, Any], cloud: bool) -> object:
    """Return `text` as the value of `field`, an entry of what Jira answers to ``GET field``.

    The shapes are those of Atlassian's "Jira REST API examples", section "Setting custom field data for other
    field types".

    Raises:
        TrackerError: `text` is no number, and the field holds one.
    """
    schema = field.get("schema") or {}
    kind = schema.get("type")
    if kind == "array":
        return [_one(text, str(schema.get("items")), cloud)]
    if kind == "number":
        try:
            return float(text)
        except ValueError:
            raise TrackerError(f"the field {field.get('id')} of Jira holds a number") from None
    if cloud and (schema.get("custom") == _TEXT_AREA or schema.get("system") == "environment"):
        paragraph = {"type": "paragraph", "content": [{"type": "text", "text": text}]}
        return {"version": 1, "type": "doc", "content": [paragraph]}
    return _one(text, str(kind), cloud)


def _one(text: str, kind: str, cloud: bool) -> object:
    match kind:
        case "option":
            return {"value": text}
        case "user":
            return {"accountId" if cloud else "name": text}
        case "component" | "group" | "priority" | "resolution" | "securitylevel" | "version":
            return {"name": text}
        case _:
            return text


def text_for(value: object) -> str:
    """Return the value of a field as text: an option by its name, several separated by commas."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    if isinstance(value, float):
        return f"{value:g}" if value.is_integer() and abs(value) < 1e6 else repr(value)
    if isinstance(value, list):
        return ", ".join(text for text in map(text_for, value) if text)
    if isinstance(value, Mapping):
        if value.get("type") == "doc":
            return text_of_adf(value)
        return next((str(value[name]) for name in _NAMES if value.get(name)), "")
    return str(value)


def holds(value: object, text: str, field: Mapping[str, Any], cloud: bool) -> bool:
    """Tell whether the field's present `value` already says `text`."""
    wanted = value_for(text, field, cloud)
    if (field.get("schema") or {}).get("type") == "user" and isinstance(value, Mapping):
        return str(value.get("accountId" if cloud else "name", "")) == text
    return text_for(value) == text_for(wanted)
