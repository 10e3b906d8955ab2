"""A dry run: everything is read and decided, and neither the tracker nor the state is written to."""

from __future__ import annotations

import sqlalchemy as sa

from campaign_rules.errors import InputError
from campaign_rules.tickets.note import Note
from campaign_rules.tickets.state.database import open_database
from campaign_rules.tickets.state.tables import positions, tickets
from campaign_rules.tickets.ticket import Message, Ticket
from campaign_rules.tickets.tracker import Changes, Edits, Tracker

IN_MEMORY = "sqlite://"


class Rehearsed:
    """A tracker that is read only."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker

    @property
    def rewrites(self) -> bool:
        """As the tracker itself."""
        return self._tracker.rewrites

    def changed(self, position: str) -> Changes:
        """As the tracker itself."""
        return self._tracker.changed(position)

    def read(self, key: str) -> Ticket:
        """As the tracker itself."""
        return self._tracker.read(key)

    def write_note(self, ticket: Ticket, note: Note, replaces: Message | None) -> None:
        """Write nothing."""

    def edit(self, ticket: Ticket, edits: Edits) -> None:
        """Change nothing."""

    def close(self) -> None:
        """Give back connections."""
        self._tracker.close()


def copied_state(url: str) -> sa.Engine:
    """Return a copy of a state in memory, from which a dry run goes on; empty if there is none yet."""
    copy = open_database(IN_MEMORY)
    try:
        original = open_database(url, "ro")
    except InputError:
        return copy
    with original.begin() as connection:
        rows = {
            table: connection.execute(sa.select(table)).mappings().all() for table in (positions, tickets)
        }
    original.dispose()
    with copy.begin() as connection:
        for table, found in rows.items():
            if found:
                connection.execute(table.insert(), [dict(row) for row in found])
        connection.execute(tickets.update().values(lease=None))
    return copy
