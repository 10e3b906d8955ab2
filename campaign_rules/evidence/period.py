"""The stretch of time that counts, and what the caller knows of the day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from attrs import frozen

from campaign_rules.errors import InputError
from campaign_rules.evidence.times import parse_moment

Moment = str | date | datetime
"""A point in time: ISO text, or a value of `datetime`. Without an offset it is compared as written."""

AROUND = timedelta(days=1)
"""How far an incident reaches back and forth where neither end is given."""


@frozen
class Period:
    """From `since` to `until`, both included, as ISO text; "" where it is open.

    `day` is the day of lines that tell only the hour, in files whose name tells no day. `at` is the moment
    that matters: what was over by then is not there.
    """

    since: str = ""
    until: str = ""
    day: date | None = None
    at: str = ""

    @property
    def open(self) -> bool:
        """Whether every time lies in it."""
        return not (self.since or self.until)

    def holds(self, time: str) -> bool:
        """Tell whether `time` lies in it; what has no time does."""
        return not time or ((not self.since or self.since <= time) and (not self.until or time <= self.until))

    def meets(self, first: str, last: str) -> bool:
        """Tell whether what began at `first` and ended at `last` reaches into it; "" is an unknown end."""
        begun = not (first and self.until) or first <= self.until
        return begun and (not (last and self.since) or self.since <= last)


ALWAYS = Period()


def make_period(
    since: Moment | None = None,
    until: Moment | None = None,
    at: Moment | None = None,
    day: date | None = None,
) -> Period:
    """Return the period from `since` to `until`; where one is not given, a day around the incident `at`.

    What matters is the moment of the incident, else the end of the period.

    Raises :class:`InputError` for what is no time, and for an end before the beginning.
    """
    first = parse_moment(since) if since is not None else ""
    last = parse_moment(until, end=True) if until is not None else ""
    moment = parse_moment(at) if at is not None else ""
    if moment:
        incident = datetime.fromisoformat(moment)
        first = first or parse_moment(incident - AROUND)
        last = last or parse_moment(incident + AROUND)
    if first and last and last < first:
        raise InputError(f"the period ends before it begins: {first} to {last}")
    return Period(first, last, day, moment or (last if until is not None else ""))
