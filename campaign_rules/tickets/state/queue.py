"""The tickets that wait to be diagnosed, and who is at work on which, in a database, so that nothing is lost.

Whoever takes a ticket holds a lease on it for a while. A worker that dies leaves a lease that runs out; one
that was only slow finds that the lease is another's, and writes nothing any more.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from attrs import field, frozen

from campaign_rules.errors import InputError, did_you_mean
from campaign_rules.tickets.state.tables import positions, tickets
from campaign_rules.tickets.tracker import Changed, Changes

WAITING, DONE, FAILED = "waiting", "done", "failed"

CRASHES = 10
"""Workers in a row that may die at one ticket before it is given up."""


class LeaseLost(Exception):
    """Another worker has the ticket by now."""


@frozen
class Claim:
    """A ticket in the hands of one worker, and what is known of earlier attempts."""

    key: str
    lease: str
    generation: int
    edits: str
    attempts: int
    error: str

    def failures(self, error: str) -> int:
        """Return how many failures in a row of the kind `error` one more would be."""
        return self.attempts + 1 if self.error == error else 1


@frozen
class Queue:
    """The tickets of one `tracker` in a database. `clock` gives seconds since 1970."""

    engine: sa.Engine
    tracker: str
    lease_seconds: float = 120.0
    clock: Callable[[], float] = field(default=time.time, repr=False)

    @property
    def position(self) -> str:
        """Where the tracker said to go on asking."""
        with self.engine.begin() as connection:
            return self._position(connection) or ""

    def add(self, changes: Changes, since: str) -> int:
        """Take in what changed since the position `since`, and the new position, as one; return what is new.

        If another worker went on from `since` meanwhile, its position stays.
        """
        with self.engine.begin() as connection:
            new = self._add_all(connection, changes.tickets)
            if self._position(connection) is None:
                _inserted(connection, positions, tracker=self.tracker, position=changes.position)
            else:
                connection.execute(
                    positions.update()
                    .where(positions.c.tracker == self.tracker, positions.c.position == since)
                    .values(position=changes.position)
                )
        return new

    def tell(self, changed: Changed) -> None:
        """Take in one change that did not come by asking."""
        with self.engine.begin() as connection:
            self._add_all(connection, [changed])

    def mark(self, key: str) -> bool:
        """Have a known ticket looked at again, as a webhook says. Return False for one that is not known."""
        return self._update(key, **self._anew()) > 0

    def claim(self) -> Claim | None:
        """Return the ticket that is due first and in nobody's hands, None if there is none."""
        while True:
            with self.engine.begin() as connection:
                row = connection.execute(self._due().with_for_update(skip_locked=True)).mappings().first()
                if row is None:
                    return None
                claim = self._taken(connection, row)
            if claim is not None:
                return claim

    def renew(self, claim: Claim) -> None:
        """Hold a ticket for another while. Raises LeaseLost if another worker has it."""
        self._as_holder(claim, lease_until=self._now() + self._lease())

    def complete(self, claim: Claim, revision: str, verdict: str, edits: str) -> None:
        """Note that a ticket is up to date at a revision, unless it changed meanwhile. Raises LeaseLost."""
        unchanged = tickets.c.generation == claim.generation
        self._as_holder(
            claim,
            status=sa.case((unchanged, DONE), else_=WAITING),
            done=revision,
            verdict=verdict,
            edits=edits,
            **_NO_FAILURE,
            due=self._now(),
            lease=None,
        )

    def postpone(self, claim: Claim, error: str, message: str, seconds: float) -> None:
        """Have a ticket tried again in a number of seconds. Raises LeaseLost."""
        due = self._now() + _microseconds(seconds)
        failed = {"attempts": claim.failures(error), "error": error, "message": message}
        self._as_holder(claim, due=due, lease=None, crashes=0, **failed)

    def give_up(self, claim: Claim, error: str, message: str) -> None:
        """Leave a ticket alone until it changes, or until `retry`. Raises LeaseLost."""
        unchanged = tickets.c.generation == claim.generation
        self._as_holder(
            claim,
            status=sa.case((unchanged, FAILED), else_=WAITING),
            attempts=sa.case((unchanged, claim.failures(error)), else_=0),
            error=error,
            message=message,
            due=self._now(),
            lease=None,
        )

    def retry(self, key: str) -> None:
        """Have a ticket tried again now. Raises InputError for one that is not known."""
        if not self._update(key, **self._anew()):
            with self.engine.begin() as connection:
                known = connection.execute(sa.select(tickets.c.key).where(self.mine)).scalars().all()
            raise InputError(f"no ticket {key!r} is known{did_you_mean(key, known)}; see: tickets status")

    def seconds_to_next(self) -> float | None:
        """Return how long it is until a ticket is due, None if none waits."""
        free = sa.case((tickets.c.lease.is_(None), 0), else_=tickets.c.lease_until)
        soonest = sa.func.min(sa.case((free > tickets.c.due, free), else_=tickets.c.due))
        with self.engine.begin() as connection:
            due = connection.execute(
                sa.select(soonest).where(self.mine, tickets.c.status == WAITING)
            ).scalar()
        return None if due is None else max(0.0, (due - self._now()) / 1e6)

    def due(self) -> int:
        """Return how many tickets could be taken now."""
        with self.engine.begin() as connection:
            return int(connection.execute(sa.select(sa.func.count()).where(*self._takable())).scalar_one())

    def _position(self, connection: sa.Connection) -> str | None:
        known = sa.select(positions.c.position).where(positions.c.tracker == self.tracker)
        return connection.execute(known).scalar()

    def _add_all(self, connection: sa.Connection, changed: Iterable[Changed]) -> int:
        """Take in changes in the order of their keys, so that two workers never wait for each other."""
        return sum(self._add(connection, one) for one in sorted(changed, key=lambda one: one.key))

    def _add(self, connection: sa.Connection, changed: Changed) -> bool:
        """Take in one change; return whether it is news."""
        known = connection.execute(
            sa.select(tickets.c.seen).where(self.mine, tickets.c.key == changed.key).with_for_update()
        ).scalar()
        if known is None:
            row = {"tracker": self.tracker, "key": changed.key, "seen": changed.revision, **_NEW}
            return _inserted(connection, tickets, **row, due=self._now()) or self._add(connection, changed)
        if known == changed.revision:
            return False
        connection.execute(
            tickets.update()
            .where(self.mine, tickets.c.key == changed.key)
            .values(seen=changed.revision, **self._anew())
        )
        return True

    def _anew(self) -> dict[str, Any]:
        return {"status": WAITING, "generation": tickets.c.generation + 1, "due": self._now(), **_NO_FAILURE}

    def _due(self) -> sa.Select[Any]:
        return sa.select(tickets).where(*self._takable()).order_by(tickets.c.due, tickets.c.key).limit(1)

    def _takable(self) -> Iterable[sa.ColumnElement[bool]]:
        now = self._now()
        free = sa.or_(tickets.c.lease.is_(None), tickets.c.lease_until <= now)
        return self.mine, tickets.c.status == WAITING, tickets.c.due <= now, free

    def _taken(self, connection: sa.Connection, row: sa.RowMapping) -> Claim | None:
        lease = uuid.uuid4().hex
        crashes = row["crashes"] + (row["lease"] is not None)
        given_up = crashes >= CRASHES
        values = {
            "lease": None if given_up else lease,
            "lease_until": self._now() + self._lease(),
            "crashes": crashes,
        }
        if given_up:
            message = f"{crashes} workers in a row ended while they were at it"
            values |= {"status": FAILED, "attempts": crashes, "error": "crash", "message": message}
        connection.execute(tickets.update().where(self.mine, tickets.c.key == row["key"]).values(**values))
        if given_up:
            return None
        return Claim(row["key"], lease, row["generation"], row["edits"], row["attempts"], row["error"])

    def _as_holder(self, claim: Claim, **values: Any) -> None:
        if not self._update(claim.key, tickets.c.lease == claim.lease, **values):
            raise LeaseLost(claim.key)

    def _update(self, key: str, *conditions: sa.ColumnElement[bool], **values: Any) -> int:
        statement = tickets.update().where(self.mine, tickets.c.key == key, *conditions).values(**values)
        with self.engine.begin() as connection:
            return connection.execute(statement).rowcount

    @property
    def mine(self) -> sa.ColumnElement[bool]:
        """The condition that a row is one of this tracker."""
        return tickets.c.tracker == self.tracker

    def _now(self) -> int:
        return _microseconds(self.clock())

    def _lease(self) -> int:
        return _microseconds(self.lease_seconds)


_NO_FAILURE: Mapping[str, Any] = {"attempts": 0, "crashes": 0, "error": "", "message": ""}

_NEW: Mapping[str, Any] = {
    "status": WAITING,
    "done": "",
    "generation": 1,
    "verdict": "",
    "edits": "",
    "lease": None,
    "lease_until": 0,
    **_NO_FAILURE,
}


def _inserted(connection: sa.Connection, table: sa.Table, **row: Any) -> bool:
    """Insert a row, or return False if another worker did meanwhile."""
    try:
        with connection.begin_nested():
            connection.execute(table.insert().values(**row))
    except sa.exc.IntegrityError:
        return False
    return True


def _microseconds(seconds: float) -> int:
    return round(seconds * 1_000_000)
