"""Any system that can send JSON and be called back.

It sends its tickets, and they are kept; notes go to an address of it, signed as Standard Webhooks say.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from attrs import field, frozen

from campaign_rules.errors import InputError, TrackerError
from campaign_rules.serving.listening import is_loopback
from campaign_rules.serving.signatures import ID, SIGNATURE, TIMESTAMP, sign
from campaign_rules.tickets.connecting import PATH
from campaign_rules.tickets.connectors.http_replies import is_temporary, retry_after
from campaign_rules.tickets.connectors.webhook_shape import Shape
from campaign_rules.tickets.connectors.webhook_store import Kept, Store
from campaign_rules.tickets.note import Markup, Note, rendered
from campaign_rules.tickets.ticket import Attachment, Message, Ticket
from campaign_rules.tickets.tracker import Changed, Changes, Edits

LARGEST_REPLY = 65_536
"""Bytes that are read of an answer."""


@frozen(kw_only=True)
class WebhookSettings:
    """Where the notes go, and what the tickets look like that come.

    `callback` is the address for notes, with ``{key}`` in the place of the ticket's key: POST adds a note,
    PUT changes it. `edits` is the address for labels, queue and fields, by PATCH, if they are to be set. All
    are signed with `secret`. `store` is the file that keeps the tickets. `paths` tells where in its JSON the
    system has what our own shape has elsewhere. `seconds` is the time limit of a call, `ca` a file with the
    certificates to trust instead of the usual ones.
    """

    callback: str
    secret: str = field(repr=False)
    store: str = field(default="received-tickets.db", metadata=PATH)
    edits: str = ""
    paths: Mapping[str, str] = field(factory=dict)
    seconds: float = 30.0
    ca: str = field(default="", metadata=PATH)

    def __attrs_post_init__(self) -> None:
        for name, address in (("callback", self.callback), ("edits", self.edits)):
            if name == "edits" and not address:
                continue
            parts = urlsplit(address)
            host = parts.hostname or ""
            if not host or parts.scheme not in ("https", "http"):
                raise InputError(f"{name}: must be an address such as https://desk.example.com/notes/{{key}}")
            if parts.scheme == "http" and not is_loopback(host):
                raise InputError(f"{name}: must begin with https://, since {host} is another machine")
            if "{" in parts.netloc:
                raise InputError(f"{name}: the key of the ticket cannot be in the name of the host")
        if not self.secret:
            raise InputError("secret: callbacks need one, so that the system knows whom they are from")
        sign(self.secret, "", 0, b"")


class WebhookTracker:
    """A system that sends its tickets."""

    rewrites = True

    def __init__(self, settings: WebhookSettings) -> None:
        self._settings = settings
        self._shape = Shape(settings.paths)
        self._store = Store(settings.store)
        self._client = httpx.Client(
            timeout=settings.seconds,
            trust_env=False,
            follow_redirects=False,
            verify=httpx.create_ssl_context(verify=settings.ca or True),
            headers={"User-Agent": "campaign-rules"},
        )

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Changed:
        """Keep the ticket that a message brings; see `Receiving`.

        A message brings all of a ticket or what is new of it: messages of other ids stay. Of two messages,
        the one with the later ``webhook-timestamp`` counts, whichever comes first.
        """
        received = self._shape.read(body)
        stamp = headers.get(TIMESTAMP, "")
        revision = self._store.add(received, int(stamp) if stamp.isascii() and stamp.isdecimal() else 0)
        return Changed(received.key, revision)

    def changed(self, position: str) -> Changes:
        """Return no tickets: they are sent."""
        return Changes((), position)

    def read(self, key: str) -> Ticket:
        """Return a ticket as it was sent."""
        kept = self._store.read(key)
        if kept is None:
            raise TrackerError("no ticket of this key was received; have the system send it again")
        return _ticket(key, kept)

    def write_note(self, ticket: Ticket, note: Note, replaces: Message | None) -> None:
        """Send a note. One whose answer was never seen is sent again first, with the same ``webhook-id``."""
        before = replaces.id if replaces else ""
        unanswered = self._store.unanswered(ticket.key)
        if unanswered:
            before = self._send(ticket.key, unanswered)
            if unanswered["digest"] == note.digest:
                return
        body = {
            "key": ticket.key,
            "note": before or None,
            "digest": note.digest,
            "markdown": rendered(note, Markup.MARKDOWN),
            "html": rendered(note, Markup.HTML),
            "adf": rendered(note, Markup.JIRA),
            "diagnosis": note.diagnosis,
        }
        self._store.begin(ticket.key, body)
        self._send(ticket.key, body)

    def _send(self, key: str, body: dict[str, Any]) -> str:
        """Send a note that is kept as unanswered, keep it as answered, and return its id."""
        before = body["note"] or ""
        once = hashlib.sha256(f"{key}\n{before}\n{body['digest']}".encode()).hexdigest()[:32]
        answer = self._call("PUT" if before else "POST", self._settings.callback, key, once, body)
        given = answer.get("id") if isinstance(answer, dict) else None
        name = str(given) if isinstance(given, str | int) and given != "" else before or once
        written = datetime.now(UTC).isoformat()
        message = {"id": name, "author": "", "written": written, "text": body["markdown"], "attachments": []}
        self._store.answered(key, message, before)
        return name

    def edit(self, ticket: Ticket, edits: Edits) -> None:
        """Send what is to be changed of labels, queue and fields."""
        if not self._settings.edits:
            raise TrackerError(
                "the system takes no labels, queues or fields: set edits to an address of it that does, "
                "or leave them out of triage"
            )
        body: dict[str, Any] = {
            "key": ticket.key,
            "labels_added": sorted(edits.labels_added),
            "labels_removed": sorted(edits.labels_removed),
            "queue": edits.queue or None,
            "fields": dict(edits.fields),
        }
        once = hashlib.sha256(f"{ticket.revision}\n{json.dumps(body)}".encode()).hexdigest()[:32]
        self._call("PATCH", self._settings.edits, ticket.key, once, body)
        labels = (ticket.labels | edits.labels_added) - edits.labels_removed
        changes = {
            "labels": sorted(labels),
            "queue": edits.queue or ticket.queue,
            "fields": {**ticket.fields, **edits.fields},
        }
        self._store.edit(ticket.key, changes)

    def close(self) -> None:
        """Give back connections."""
        self._client.close()

    def _call(self, method: str, template: str, key: str, once: str, data: dict[str, Any]) -> Any:
        """Return the JSON of an answer, None if it is none."""
        body = json.dumps(data).encode()
        now = int(time.time())
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": once,
            ID: once,
            TIMESTAMP: str(now),
            SIGNATURE: sign(self._settings.secret, once, now, body),
        }
        address = template.replace("{key}", quote(key, safe=""))
        asked = f"{method} to {urlsplit(template).netloc}"
        try:
            with self._client.stream(method, address, content=body, headers=headers) as response:
                _check(asked, response)
                return _answer(response)
        except httpx.TimeoutException:
            raise TrackerError(
                f"{asked} took more than {self._settings.seconds:g} s", temporary=True
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise TrackerError(f"{asked}: the certificate cannot be verified; set ca") from None
            raise TrackerError(f"{asked} failed: no connection, or it broke", temporary=True) from None


def _check(asked: str, response: httpx.Response) -> None:
    status = response.status_code
    if status < 300:
        return
    if status < 400:
        raise TrackerError(f"{asked} was redirected ({status}): give the address it redirects to")
    temporary = is_temporary(status)
    advice = {401: "check the secret", 403: "check the secret", 404: "check the address"}.get(status, "")
    raise TrackerError(
        f"{asked} was answered with {status}" + (f"; {advice}" if advice else ""),
        temporary=temporary,
        retry_after=retry_after(response.headers) if temporary else None,
    )


def _answer(response: httpx.Response) -> Any:
    content = b""
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > LARGEST_REPLY:
            return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _ticket(key: str, kept: Kept) -> Ticket:
    notes = {str(data["text"]).strip() for data, own in kept.messages if own}
    messages = [
        _message(data, own) for data, own in kept.messages if own or str(data["text"]).strip() not in notes
    ]
    head = kept.head
    return Ticket(
        key=key,
        revision=kept.revision,
        title=head.get("title", ""),
        messages=tuple(sorted(messages, key=lambda message: message.written)),
        labels=frozenset(head.get("labels", ())),
        queue=head.get("queue", ""),
        fields=head.get("fields", {}),
        closed=head.get("closed", False),
        url=head.get("url", ""),
    )


def _message(data: dict[str, Any], own: bool) -> Message:
    files = tuple(Attachment(one["name"], base64.b64decode(one["content"])) for one in data["attachments"])
    written = datetime.fromisoformat(data["written"])
    return Message(data["id"], data["author"], written, data["text"], files, own)
