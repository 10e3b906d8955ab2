"""Received tickets in a file of SQLite, which several processes may use at once."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from attrs import field, frozen

from campaign_rules.errors import InputError, TrackerError
from campaign_rules.tickets.connectors.webhook_shape import Received

MOST_MESSAGES = 1000
"""Messages that are kept of a ticket."""

_SECONDS = 30.0
_TABLES = """
CREATE TABLE IF NOT EXISTS ticket (
    key TEXT PRIMARY KEY, head TEXT NOT NULL, stamp INTEGER NOT NULL, revision TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS message (
    key TEXT NOT NULL, id TEXT NOT NULL, place INTEGER NOT NULL, own INTEGER NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (key, own, id));
CREATE TABLE IF NOT EXISTS unanswered (key TEXT PRIMARY KEY, data TEXT NOT NULL);
"""


@frozen
class Kept:
    """A ticket as it is kept: its messages in the order in which they first came, our own notes with them."""

    head: dict[str, Any] = field(repr=False)
    revision: str
    messages: tuple[tuple[dict[str, Any], bool], ...] = field(repr=False)
    """Each with whether it is a note of our own."""


class Store:
    """Tickets by their keys. Raises TrackerError where the file cannot be used."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def add(self, received: Received, stamp: int) -> str:
        """Keep what was received at `stamp`, and return the revision. What came later already stays.

        Messages of the same id take each other's place. It is on the disk when this returns.
        """
        with self._changing() as db:
            head, before = _head(db, received.key)
            if stamp >= before:
                head |= received.head
            told = dict(_messages(db, received.key, own=False))
            for name, message in received.messages.items():
                if stamp >= before or name not in told:
                    first = told.get(name, {}).get("written") or _moment(stamp)
                    told[name] = message | {"written": message["written"] or first}
            if len(told) > MOST_MESSAGES:
                raise InputError(f"a ticket has at most {MOST_MESSAGES} messages")
            revision = hashlib.sha256(json.dumps([head, told], sort_keys=True).encode()).hexdigest()[:16]
            db.execute(
                "INSERT INTO ticket VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE"
                " SET head = excluded.head, stamp = excluded.stamp, revision = excluded.revision",
                (received.key, json.dumps(head), max(stamp, before), revision),
            )
            for name in received.messages:
                _keep(db, received.key, name, told[name], own=False)
        return revision

    def begin(self, key: str, note: dict[str, Any]) -> None:
        """Keep a note that is about to be sent."""
        with self._changing() as db:
            db.execute("INSERT OR REPLACE INTO unanswered VALUES (?, ?)", (key, json.dumps(note)))

    def unanswered(self, key: str) -> dict[str, Any] | None:
        """Return the note that may have been sent, and whose answer was never seen."""
        with self._opened() as db:
            row = db.execute("SELECT data FROM unanswered WHERE key = ?", (key,)).fetchone()
            return json.loads(row[0]) if row else None

    def answered(self, key: str, message: dict[str, Any], replaces: str) -> None:
        """Keep a note that was accepted as a message, in place of the one with the id `replaces`."""
        with self._changing() as db:
            db.execute("DELETE FROM unanswered WHERE key = ?", (key,))
            db.execute("DELETE FROM message WHERE key = ? AND id = ? AND own = 1", (key, replaces))
            _keep(db, key, message["id"], message, own=True)

    def edit(self, key: str, changes: dict[str, Any]) -> None:
        """Keep what was changed of the head of a ticket."""
        with self._changing() as db:
            head, _ = _head(db, key)
            db.execute("UPDATE ticket SET head = ? WHERE key = ?", (json.dumps(head | changes), key))

    def read(self, key: str) -> Kept | None:
        """Return a ticket, None if there is no such."""
        with self._opened() as db:
            row = db.execute("SELECT head, revision FROM ticket WHERE key = ?", (key,)).fetchone()
            if not row:
                return None
            messages = [(data, own) for own in (False, True) for _, data in _messages(db, key, own=own)]
            return Kept(json.loads(row[0]), row[1], tuple(messages))

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            if not self._path.exists():
                os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            with closing(sqlite3.connect(self._path, timeout=_SECONDS, isolation_level=None)) as db:
                db.executescript(_TABLES)
                yield db
        except (OSError, sqlite3.Error) as error:
            raise TrackerError(
                f"{self._path}: the received tickets cannot be kept there: {error}", temporary=True
            ) from None

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._opened() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")


def _moment(stamp: int) -> str:
    return (datetime.fromtimestamp(stamp, UTC) if stamp else datetime.now(UTC)).isoformat()


def _head(db: sqlite3.Connection, key: str) -> tuple[dict[str, Any], int]:
    row = db.execute("SELECT head, stamp FROM ticket WHERE key = ?", (key,)).fetchone()
    return (json.loads(row[0]), row[1]) if row else ({}, 0)


def _messages(db: sqlite3.Connection, key: str, *, own: bool) -> list[tuple[str, dict[str, Any]]]:
    found = db.execute(
        "SELECT id, data FROM message WHERE key = ? AND own = ? ORDER BY place", (key, int(own))
    )
    return [(name, json.loads(data)) for name, data in found]


def _keep(db: sqlite3.Connection, key: str, name: str, data: dict[str, Any], *, own: bool) -> None:
    db.execute(
        "INSERT INTO message SELECT ?, ?, coalesce(max(place), 0) + 1, ?, ? FROM message WHERE key = ?"
        " ON CONFLICT (key, own, id) DO UPDATE SET data = excluded.data",
        (key, name, int(own), json.dumps(data), key),
    )
