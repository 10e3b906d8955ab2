"""What a worker's tables tell: how many tickets are in which state, and what failed. No text of a ticket."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from attrs import frozen

from campaign_rules.tickets.state.queue import DONE, FAILED, WAITING, Queue
from campaign_rules.tickets.state.tables import tickets


@frozen
class Failure:
    """A ticket that was given up, or that failed and is tried again at the instant `due`, and why."""

    key: str
    status: str
    attempts: int
    due: float
    message: str


def counts(queue: Queue) -> Mapping[str, int]:
    """Return how many tickets wait, were given up and are done, and of the last, with which verdict."""
    with queue.engine.begin() as connection:
        rows = connection.execute(
            sa.select(tickets.c.status, tickets.c.verdict, sa.func.count())
            .where(queue.mine)
            .group_by(tickets.c.status, tickets.c.verdict)
        ).all()
    found = dict.fromkeys((WAITING, FAILED, DONE), 0)
    verdicts: dict[str, int] = {}
    for status, verdict, number in rows:
        found[status] += number
        if status == DONE:
            verdicts[verdict] = verdicts.get(verdict, 0) + number
    return {**found, **dict(sorted(verdicts.items()))}


def failures(queue: Queue) -> tuple[Failure, ...]:
    """Return the tickets that were given up, then those that failed and are tried again."""
    with queue.engine.begin() as connection:
        rows = connection.execute(
            sa.select(tickets).where(queue.mine, tickets.c.status != DONE, tickets.c.error != "")
        ).mappings()
        found = [
            Failure(row["key"], row["status"], row["attempts"], row["due"] / 1e6, row["message"])
            for row in rows
        ]
    return tuple(sorted(found, key=lambda one: (one.status != FAILED, one.key)))
