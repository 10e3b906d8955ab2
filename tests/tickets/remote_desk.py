"""A desk behind HTTP, in a process that lives on when a worker is killed, and the connector for it.

What a worker asked for is done although the worker is gone by then; some calls fail before it is done, and of
some only the reply is lost.
"""

from __future__ import annotations

import json
import random
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from attrs import field, frozen

from campaign_rules.errors import TrackerError
from campaign_rules.tickets import Changed, Changes, Edits, Markup, Message, Note, Ticket
from campaign_rules.tickets.connecting import Connector
from campaign_rules.tickets.note import rendered
from tests.tickets.desk import Desk

TOKEN = "a-token-that-nobody-guesses"


@contextmanager
def remote(
    desk: Desk, *, trouble: float = 0.0, slowest: float = 0.0
) -> Iterator[tuple[str, Callable[[Callable[[], None]], None]]]:
    """Yield the address of a desk, and a function that takes what is to be called with each of its calls.

    A share `trouble` of the calls fails; each takes up to twice `slowest` seconds.
    """
    chance = random.Random(7)
    listeners: list[Callable[[], None]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                self._answer(401, {})
                return
            for listener in listeners:
                listener()
            time.sleep(chance.uniform(0.0, slowest))
            drawn = chance.random()
            if drawn < trouble / 2:
                self._answer(503, {})
                return
            try:
                done = _done(desk, self.path, told)
            except TrackerError:
                self._answer(404, {})
                return
            time.sleep(chance.uniform(0.0, slowest))
            self._answer(503 if drawn < trouble else 200, done)

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                self.close_connection = True

        def log_message(self, *args: Any) -> None:
            """Tell nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", listeners.append
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _done(desk: Desk, path: str, told: dict[str, Any]) -> dict[str, Any]:
    if path == "/changed":
        changes = desk.changed(told["position"])
        return {"tickets": [[one.key, one.revision] for one in changes.tickets], "position": changes.position}
    if path == "/read":
        return _shown(desk.read(told["key"]))
    if path == "/write":
        desk.write(told["key"], told["text"], told["replaces"])
    if path == "/edit":
        added, removed = frozenset(told["added"]), frozenset(told["removed"])
        desk.edit(
            told["key"],
            Edits(labels_added=added, labels_removed=removed, queue=told["queue"], fields=told["fields"]),
        )
    return {}


def _shown(ticket: Ticket) -> dict[str, Any]:
    messages = [[one.id, one.author, one.written.isoformat(), one.text, one.own] for one in ticket.messages]
    return {
        "revision": ticket.revision,
        "title": ticket.title,
        "messages": messages,
        "labels": sorted(ticket.labels),
        "queue": ticket.queue,
        "fields": dict(ticket.fields),
        "closed": ticket.closed,
    }


@frozen(kw_only=True)
class DeskSettings:
    """Where the desk is."""

    url: str
    token: str = field(repr=False)


class RemoteDesk:
    """The tracker of a desk behind HTTP."""

    rewrites = True

    def __init__(self, settings: DeskSettings) -> None:
        self._settings = settings

    def changed(self, position: str) -> Changes:
        told = self._ask("/changed", position=position)
        return Changes(tuple(Changed(*one) for one in told["tickets"]), told["position"])

    def read(self, key: str) -> Ticket:
        told = self._ask("/read", key=key)
        messages = tuple(
            Message(name, author, datetime.fromisoformat(written), text, own=own)
            for name, author, written, text, own in told.pop("messages")
        )
        labels = frozenset(told.pop("labels"))
        return Ticket(key=key, messages=messages, labels=labels, **told)

    def write_note(self, ticket: Ticket, note: Note, replaces: Message | None) -> None:
        text = rendered(note, Markup.MARKDOWN)
        self._ask("/write", key=ticket.key, text=text, replaces=replaces.id if replaces else None)

    def edit(self, ticket: Ticket, edits: Edits) -> None:
        self._ask(
            "/edit",
            key=ticket.key,
            added=sorted(edits.labels_added),
            removed=sorted(edits.labels_removed),
            queue=edits.queue,
            fields=dict(edits.fields),
        )

    def close(self) -> None:
        """Nothing to give back."""

    def _ask(self, path: str, **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {self._settings.token}"}
        request = urllib.request.Request(f"{self._settings.url}{path}", json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            error.close()
            raise TrackerError(f"desk: status {error.code}", temporary=error.code >= 500) from None
        except (OSError, ValueError):
            raise TrackerError("desk: no connection", temporary=True) from None


CONNECTOR = Connector(DeskSettings, RemoteDesk)
