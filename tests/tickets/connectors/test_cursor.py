"""Positions in a list by the time of the last change: nothing is lost, nothing comes twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from campaign_rules.errors import TrackerError
from campaign_rules.tickets.connectors import cursor
from campaign_rules.tickets.connectors.cursor import Row, changes_since

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Tickets:
    """Tickets listed by the minute of their last change, those of one minute in any order."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.hidden: dict[str, Row] = {}

    def change(self, number: int, seconds: int, *, late: bool = False) -> None:
        id = str(number)
        place = self.hidden if late else self.rows
        self.rows.pop(id, None)
        self.hidden.pop(id, None)
        place[id] = Row(id, f"T-{number}", str(seconds), START + timedelta(seconds=seconds))

    def index(self, seconds: float) -> None:
        """Show what changed late, once it is older than the overlap."""
        now = START + timedelta(seconds=seconds)
        for id, row in tuple(self.hidden.items()):
            if now - row.updated >= cursor.OVERLAP:
                self.rows[id] = self.hidden.pop(id)

    def listing(self, begins: datetime | None, number: int) -> Iterator[Row]:
        found = [row for row in self.rows.values() if begins is None or _minute(row.updated) >= begins]
        yield from sorted(found, key=lambda row: (_minute(row.updated), row.id))


def _minute(at: datetime) -> datetime:
    return at.replace(second=0)


_STEPS = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 45), st.booleans(), st.booleans()),
    max_size=40,
)


@given(_STEPS, st.sampled_from([1, 3, 50]))
def test_every_revision_that_lasts_comes_exactly_once(
    steps: list[tuple[int, int, bool, bool]], page: int
) -> None:
    tickets, position, seconds = Tickets(), "", 0
    handed: list[tuple[str, str]] = []

    def poll() -> int:
        nonlocal position
        changes = changes_since(position, tickets.listing)
        position = changes.position
        handed.extend((ticket.key, ticket.revision) for ticket in changes.tickets)
        return len(changes.tickets)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cursor, "PAGE", page)
        for number, later, late, polls in steps:
            seconds += later + (not later)
            tickets.index(seconds)
            tickets.change(number, seconds, late=late)
            if polls:
                poll()
        tickets.index(1e9)
        polls_left = 2 * len(steps) + 2
        while poll():
            polls_left -= 1
            assert polls_left
    assert len(handed) == len(set(handed))
    assert {(row.key, row.revision) for row in tickets.rows.values()} <= set(handed)


def test_a_page_is_bounded_and_the_list_is_told_what_is_needed() -> None:
    asked: list[int] = []
    row = Row("0", "T-0", "1", START)

    def listing(begins: datetime | None, number: int) -> Iterator[Row]:
        asked.append(number)
        yield from (evolve(row, id=str(n)) for n in range(1000))

    changes = changes_since("", listing)
    assert len(changes.tickets) == cursor.PAGE
    changes_since(changes.position, listing)
    assert asked == [cursor.PAGE, 2 * cursor.PAGE]


def test_what_is_long_past_is_forgotten() -> None:
    tickets = Tickets()
    for number in range(50):
        tickets.change(number, 600 * number)
    position = changes_since("", tickets.listing).position
    assert changes_since(position, tickets.listing).tickets == ()
    assert len(position) < 150


def test_a_list_of_nothing_leaves_the_position() -> None:
    assert changes_since("", Tickets().listing).position == ""


@pytest.mark.parametrize(
    "position", ["x", "[]", "{}", '{"from": "x", "seen": {}}', '{"from": 1e99, "seen": {}}']
)
def test_a_position_of_something_else_is_refused(position: str) -> None:
    with pytest.raises(TrackerError, match="stored position"):
        changes_since(position, Tickets().listing)
