"""The JSON that a system sends of a ticket, in our shape or in one of its own, as plain values."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from attrs import field, frozen

from campaign_rules.errors import InputError, did_you_mean
from campaign_rules.tickets.connectors.html_text import text_of_html

LARGEST = 20_000_000
"""The largest attachment that is kept, in bytes."""

HEAD = ("title", "labels", "queue", "fields", "closed", "url")
TICKET = ("key", "messages", *HEAD)
MESSAGE = ("id", "author", "written", "text", "html", "attachments")
ATTACHMENT = ("name", "content")


@frozen(kw_only=True)
class Received:
    """What one message tells: a ticket, and some of its messages or all.

    `head` holds title, labels, queue, fields, closed and url, those that were told. `messages` are ready for
    JSON, by their ids.
    """

    key: str
    head: dict[str, Any] = field(repr=False)
    messages: dict[str, dict[str, Any]] = field(repr=False)


class Shape:
    """Where the parts of a ticket are in the JSON of a system.

    `paths` maps ``key``, ``messages.text``, ``messages.attachments.name`` and the like to where they are: a
    path with dots, such as ``issue.fields.summary`` or ``comments.0.body``, or a JSON pointer (RFC 6901) such
    as ``/issue/fields/summary``. Those below ``messages`` begin at one message, those below
    ``messages.attachments`` at one attachment. What is not in `paths` is where our own shape has it.

    Raises InputError for a part that tickets do not have.
    """

    def __init__(self, paths: Mapping[str, str]) -> None:
        prefixes = {"": TICKET, "messages.": MESSAGE, "messages.attachments.": ATTACHMENT}
        parts = [prefix + name for prefix, names in prefixes.items() for name in names]
        for part in paths:
            if part not in parts:
                raise InputError(f"paths: there is no {part!r} of a ticket{did_you_mean(part, parts)}")
        self._steps = {part: _steps(paths.get(part, part.rpartition(".")[2])) for part in parts}

    def read(self, body: bytes) -> Received:
        """Return what a message tells. Raises InputError for one that is no ticket, and says where."""
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            raise InputError("the body is not JSON") from None
        key = self._at(data, "key")
        if isinstance(key, int) and not isinstance(key, bool):
            key = str(key)
        if not isinstance(key, str) or not key.strip() or len(key) > 200:
            raise InputError(f"{self._name('key')}: a ticket needs a key of 1 to 200 characters")
        told = {
            name: self._at(data, name) for name in ("title", "labels", "queue", "fields", "closed", "url")
        }
        head = {
            name: _checked(self._name(name), name, value) for name, value in told.items() if value is not None
        }
        messages = self._at(data, "messages")
        if messages is None:
            messages = []
        elif isinstance(messages, str | dict):
            messages = [messages]
        if not isinstance(messages, list):
            raise InputError(f"{self._name('messages')}: must be a list")
        read = [self._message(one, f"{self._name('messages')}[{at}]") for at, one in enumerate(messages)]
        return Received(key=key.strip(), head=head, messages={one["id"]: one for one in read})

    def _message(self, data: Any, place: str) -> dict[str, Any]:
        if isinstance(data, str):
            data = {"text": data}
        told = {name: self._at(data, f"messages.{name}") for name in MESSAGE}
        text, html = told["text"], told["html"]
        if text is None and isinstance(html, str):
            text = text_of_html(html)
        if not isinstance(text, str):
            raise InputError(f"{place}: a message needs a text or html")
        listed = told["attachments"] or []
        if not isinstance(listed, list):
            raise InputError(f"{place}: attachments must be a list")
        attachments = [self._attachment(one, f"{place}.attachments[{at}]") for at, one in enumerate(listed)]
        written = _moment(told["written"], place)
        author = told["author"] if isinstance(told["author"], str) else ""
        name = told["id"]
        if not isinstance(name, str | int) or name == "" or len(str(name)) > 200:
            name = hashlib.sha256(json.dumps([author, written, text]).encode()).hexdigest()[:16]
        return {
            "id": str(name),
            "author": author,
            "written": written,
            "text": text,
            "attachments": [one for one in attachments if one],
        }

    def _attachment(self, data: Any, place: str) -> dict[str, str]:
        name = self._at(data, "messages.attachments.name")
        content = self._at(data, "messages.attachments.content")
        if not isinstance(name, str) or not isinstance(content, str):
            raise InputError(f"{place}: an attachment needs a name, and its content in base64")
        if len(content) > LARGEST * 4 // 3:
            raise InputError(f"{place}: at most {LARGEST // 10**6} MB are read of a file")
        try:
            base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError):
            raise InputError(f"{place}: the content is not base64") from None
        return {"name": name, "content": content}

    def _at(self, data: Any, part: str) -> Any:
        for step in self._steps[part]:
            if isinstance(data, dict):
                data = data.get(step)
            elif isinstance(data, list) and step.isdecimal() and int(step) < len(data):
                data = data[int(step)]
            else:
                return None
        return data

    def _name(self, part: str) -> str:
        return ".".join(self._steps[part])


def _steps(path: str) -> tuple[str, ...]:
    if path.startswith("/"):
        return tuple(step.replace("~1", "/").replace("~0", "~") for step in path[1:].split("/"))
    return tuple(path.split("."))


def _checked(place: str, name: str, value: Any) -> Any:
    if name == "closed" and isinstance(value, bool):
        return value
    if name == "labels" and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return sorted(set(value))
    if name == "fields" and isinstance(value, dict):
        plain = str | int | float | bool
        return {key: str(one) for key, one in sorted(value.items()) if isinstance(one, plain)}
    if name not in ("closed", "labels", "fields") and isinstance(value, str):
        return value
    kinds = {"closed": "true or false", "labels": "a list of texts", "fields": "an object"}
    raise InputError(f"{place}: must be {kinds.get(name, 'a text')}")


def _moment(told: Any, place: str) -> str:
    """Return a moment in the form of ISO 8601, in UTC; "" where none is told."""
    if told is None:
        return ""
    try:
        moment = datetime.fromisoformat(told) if isinstance(told, str) else datetime.fromtimestamp(told, UTC)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat()
    except (TypeError, ValueError, OverflowError, OSError):
        raise InputError(f"{place}: written must be a time such as 2026-11-23T09:40:12Z") from None
