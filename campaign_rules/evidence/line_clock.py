"""When a line of a block was written, with no more lines looked at than that takes."""

from __future__ import annotations

from campaign_rules.evidence.times import Calendar

_LOOKED_AT = 200


class LineClock:
    """Asks a calendar for the time of lines of one source, block after block, in their order."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._done = 0

    def enter(self, data: bytes, inside: bool) -> None:
        """Begin with the next block; `inside` says that its first line began in the block before."""
        self._done = (data.find(b"\n") + 1 or len(data)) if inside else 0

    def time(self, data: bytes, first: int) -> str:
        """Return when the line that begins at `first` was written, "" if that cannot be told."""
        if first >= self._done:
            start = self._dated_before(data, first)
            while start <= first and start < len(data):
                self._calendar.read(_line(data, start))
                start = data.find(b"\n", start) + 1 or len(data)
            self._done = start
        return self._calendar.now

    def leave(self, data: bytes) -> None:
        """End the block: the time of its last line holds for undated lines of the next."""
        if data:
            self.time(data, data.rfind(b"\n", 0, len(data) - 1) + 1)

    def _dated_before(self, data: bytes, first: int) -> int:
        """Return the last line with a date of its own up to `first`, or the first that was not looked at."""
        at = first
        while at > self._done:
            if self._calendar.has_date(_line(data, at)):
                return at
            at = data.rfind(b"\n", 0, at - 1) + 1
        return max(at, self._done)


def _line(data: bytes, first: int) -> bytes:
    end = data.find(b"\n", first, first + _LOOKED_AT)
    return data[first:end] if end >= 0 else data[first : first + _LOOKED_AT]
