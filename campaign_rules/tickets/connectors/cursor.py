"""Where one is in the tickets of a system that lists them by the time of their last change.

Such a list is coarse and late: many tickets have one time stamp, searching by minutes gives the whole minute,
and a search index may show a change after a later one. So the list is read from a little before the newest
change, and the position remembers which revisions from there on were handed out. Each comes once, whatever
the order within a time stamp, and a page always brings something new while there is something.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from attrs import frozen

from campaign_rules.errors import TrackerError
from campaign_rules.tickets.tracker import Changed, Changes

PAGE = 100
"""How many tickets are handed out at once."""

OVERLAP = timedelta(minutes=2)
"""How much later than a newer change an older one may show up in the list."""


@frozen
class Row:
    """A ticket in the list: its lasting `id`, and when it was `updated`, to the second or better."""

    id: str
    key: str
    revision: str
    updated: datetime


Listing = Callable[[datetime | None, int], Iterable[Row]]
"""Lists the tickets changed at a time or later (None: all), the earliest first; it is told how many rows will
be wanted at most as a rule, and may be asked for more."""


def changes_since(position: str, listing: Listing) -> Changes:
    """Return the next tickets of `listing` after `position`, and the position after them.

    Raises:
        TrackerError: `position` is not one of these.
    """
    begins, seen = _read(position)
    met: dict[str, float] = {}
    fresh: list[Row] = []
    for row in listing(begins, len(seen) + PAGE):
        revision = f"{row.id} {row.revision}"
        if revision in met:
            continue
        met[revision] = row.updated.timestamp()
        if revision not in seen:
            fresh.append(row)
        if len(fresh) == PAGE:
            break
    if not met:
        return Changes((), position)
    begins = _minute(max(met.values()), begins)
    kept = {revision: at for revision, at in (seen | met).items() if at >= begins.timestamp()}
    changed = tuple(Changed(row.key, row.revision) for row in fresh)
    return Changes(changed, json.dumps({"from": begins.timestamp(), "seen": kept}, sort_keys=True))


def _minute(newest: float, begins: datetime | None) -> datetime:
    """Return the minute to list from: before the `newest` change, never before the present one."""
    early = datetime.fromtimestamp(newest, UTC) - OVERLAP
    return max(early.replace(second=0, microsecond=0), begins or datetime.min.replace(tzinfo=UTC))


def _read(position: str) -> tuple[datetime | None, dict[str, float]]:
    if not position:
        return None, {}
    try:
        held = json.loads(position)
        seen = {str(revision): float(at) for revision, at in held["seen"].items()}
        return datetime.fromtimestamp(held["from"], UTC), seen
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        raise TrackerError("the stored position is none of this tracker; begin with a new state") from None
