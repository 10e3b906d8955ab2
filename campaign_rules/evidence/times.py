"""When a line was written: the time at its beginning, as ISO text in UTC.

A time with an offset is converted; one without is taken as it stands, since no log names its zone. What
stands for a day alone (``12:00:00 >``) or has no year (syslog) needs a day from elsewhere.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from campaign_rules.errors import InputError

_CLOCK = rb"(?P<%s>[0-2]\d:[0-5]\d:[0-6]\d)"
_ZONE = rb"(?P<%s>[+-][01]\d:?\d\d)?"
_MONTHS = {
    name: number
    for number, name in enumerate(
        (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"),
        start=1,
    )
}
_MONTH = b"|".join(_MONTHS)
_LEAD = rb"[ \t|>\[(\"]{0,20}"
_STAMP = re.compile(
    rb"(?:[^\n]{0,60}?(?P<iso>\d{4}[-/]\d\d[-/]\d\d)[T ]"
    + _CLOCK % b"iso_clock"
    + rb"(?:[.,]\d{1,9})? ?"
    + _ZONE % b"iso_zone"
    + rb"|[^\n]{0,120}?\[(?P<web_day>\d\d)/(?P<web_month>"
    + _MONTH
    + rb")/(?P<web_year>\d{4}):"
    + _CLOCK % b"web_clock"
    + rb" ?"
    + _ZONE % b"web_zone"
    + rb"|"
    + _LEAD
    + rb"(?:(?P<one>\d{1,2})[/.](?P<two>\d{1,2})[/.](?P<year>\d{4}),? "
    + rb"(?P<clock>\d{1,2}:\d\d:\d\d)(?P<half> [AP]M)?"
    + rb"|(?P<dash_day>\d\d)-(?P<dash_month>"
    + _MONTH
    + rb")-(?P<dash_year>\d{4}) "
    + _CLOCK % b"dash_clock"
    + rb"|(?:[A-Z][a-z]{2} )?(?P<sys_month>"
    + _MONTH
    + rb") (?P<sys_day>[ \d]?\d) "
    + _CLOCK % b"sys_clock"
    + rb"(?:\.\d+)?(?: (?P<sys_year>\d{4})\b)?|"
    + _CLOCK % b"bare"
    + rb"))"
)
_ANY_CLOCK = re.compile(rb"\d:[0-5]\d:[0-6]\d")
_IN_NAME = re.compile(
    r"(?<!\d)(?:(?P<long>\d{4})[-_.]?(?P<month>\d\d)[-_.]?(?P<day>\d\d)|(?P<short>\d\d)-(?P<m>\d\d)-(?P<d>\d\d))(?!\d)"
)
_HALF_DAY = 12 * 3600
_LOOKED_AT = 200


def parse_moment(text: str | datetime | date, end: bool = False) -> str:
    """Return a point in time as this module writes it. A day is its first second, at the `end` its last.

    Raises :class:`InputError` for what is no ISO date or time.
    """
    try:
        moment = text if isinstance(text, datetime) else datetime.fromisoformat(str(text).strip())
    except ValueError:
        raise InputError(f"cannot read time {text!r}; write 2026-11-20 or 2026-11-20T09:40") from None
    day_alone = not isinstance(text, datetime) and len(str(text).strip()) <= len("2026-11-20")
    if end and day_alone:
        moment += timedelta(days=1, seconds=-1)
    return _iso(moment)


def own_time(text: str) -> str:
    """Return when a line was written, by what it tells itself; "" if it tells no day."""
    return Calendar().read(text[:_LOOKED_AT].encode("utf-8", "replace"))


def day_in_name(name: str) -> date | None:
    """Return the day that a file's name holds (``logins.21-05-31.log``, ``mta-20210531.log``), if one."""
    for found in reversed(list(_IN_NAME.finditer(re.split(r"[/\\]", name)[-1]))):
        year = int(found["long"] or f"20{found['short']}")
        try:
            return date(year, int(found["month"] or found["m"]), int(found["day"] or found["d"]))
        except ValueError:
            continue
    return None


class Calendar:
    """The time of each line of one source, asked for in the order of the lines.

    A line without a date takes the day of the dated line before it, else the `day` given, which is the one
    in the file's name or the one that the caller knows. Where the clock goes back by more than half a day,
    the next day has begun. A line without any time, such as a stack frame, takes that of the line before.
    """

    def __init__(self, day: date | None = None) -> None:
        self.now = ""
        """The time of the last line that had one; "" before the first."""
        self._day = day
        self._second = -1

    def read(self, line: bytes) -> str:
        """Return when `line` was written, "" if that cannot be told."""
        found = _stamp(line)
        if found:
            with suppress(ValueError):
                self.now = self._time(found)
        return self.now

    def has_date(self, line: bytes) -> bool:
        """Tell whether `line` tells its own day, so that its time does not depend on the lines before."""
        found = _stamp(line)
        return bool(found and not found["bare"] and (not found["sys_month"] or found["sys_year"]))

    def _time(self, found: re.Match[bytes]) -> str:
        if found["iso"]:
            return self._dated(found["iso"].replace(b"/", b"-"), found["iso_clock"], found["iso_zone"])
        for kind in ("web", "dash"):
            if found[f"{kind}_day"]:
                month = _MONTHS[found[f"{kind}_month"]]
                day = b"%s-%02d-%s" % (found[f"{kind}_year"], month, found[f"{kind}_day"])
                return self._dated(day, found[f"{kind}_clock"], found["web_zone"])
        if found["one"]:
            return self._by_order(found)
        if found["sys_month"]:
            year = int(found["sys_year"] or (self._day.year if self._day else 0))
            if not year:
                return self.now
            day = b"%04d-%02d-%02d" % (year, _MONTHS[found["sys_month"]], int(found["sys_day"]))
            return self._dated(day, found["sys_clock"], None)
        return self._on_the_day(found["bare"])

    def _by_order(self, found: re.Match[bytes]) -> str:
        """Read a date like 03/11/2026: the day comes first, unless it cannot or AM or PM follows."""
        one, two = int(found["one"]), int(found["two"])
        month, day = (one, two) if two > 12 or (found["half"] and one <= 12) else (two, one)
        hour, rest = found["clock"].split(b":", 1)
        number = int(hour)
        if found["half"]:
            number = number % 12 + (12 if found["half"] == b" PM" else 0)
        return self._dated(b"%s-%02d-%02d" % (found["year"], month, day), b"%02d:%s" % (number, rest), None)

    def _dated(self, day: bytes, clock: bytes, zone: bytes | None) -> str:
        moment = datetime.fromisoformat(f"{day.decode()}T{clock.decode()}{(zone or b'').decode()}")
        self._day, self._second = moment.date(), _seconds(clock)
        return _iso(moment)

    def _on_the_day(self, clock: bytes) -> str:
        if self._day is None:
            return self.now
        second = _seconds(clock)
        if self._second - second > _HALF_DAY:
            self._day += timedelta(days=1)
        self._second = second
        return f"{self._day.isoformat()}T{clock.decode()}"


def _stamp(line: bytes) -> re.Match[bytes] | None:
    return _STAMP.match(line) if _ANY_CLOCK.search(line) else None


def _seconds(clock: bytes) -> int:
    hours, minutes, seconds = clock.split(b":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def _iso(moment: datetime) -> str:
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return moment.replace(tzinfo=None, microsecond=0).isoformat()
