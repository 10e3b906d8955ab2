"""What the log of one source shows, counted: each finding with its first line, how many, and when."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime

from campaign_rules.model import Provenance, Value

MOST_VALUES = 20
"""Values of one observation that are kept of one source and instance: the lowest and the highest half."""

MOST_INSTANCES = 200
"""Instances for which one observation is kept of one source: those that it names first."""

Key = tuple[str, Value, str]
"""Observation, value and instance."""


class Finding:
    """The lines of one source that show the same: number and text of the first, how many, and when."""

    __slots__ = ("_at", "count", "first", "last", "line", "text")

    def __init__(self, line: int, text: str) -> None:
        self.line = line
        self.text = text
        self.count = 0
        self.first = ""
        self.last = ""
        self._at = 0

    def add(self, number: int, time: str) -> None:
        """Count the line `number`, once, which was written at `time`."""
        if number == self._at:
            return
        if not self.count:
            self.line = number
        self._at = number
        self.count += 1
        if time > self.last:
            self.last = time
        if time and (not self.first or time < self.first):
            self.first = time

    def place(self, source: str) -> Provenance:
        """Return the lines as one place in `source`."""
        return Provenance(source, self.line, self.text, self.count, _checked(self.first), _checked(self.last))


class Findings:
    """The findings of one source. Their number is bounded, whatever the source holds."""

    def __init__(self) -> None:
        self._kept: dict[Key, Finding] = {}
        self._values: dict[tuple[str, str], set[Value]] = defaultdict(set)
        self._instances: Counter[str] = Counter()
        self._between: dict[tuple[str, str], tuple[Value, Value]] = {}

    def wants(self, key: Key) -> bool:
        """Tell whether a finding of that key may be kept: its value is not one of the middle ones."""
        name, value, instance = key
        bounds = self._between.get((name, instance))
        if bounds is None or value is None:
            return True
        return not _order(bounds[0]) < _order(value) < _order(bounds[1])

    def get(self, key: Key) -> Finding | None:
        """Return the finding of that key, if there is one."""
        return self._kept.get(key)

    def keep(self, key: Key, finding: Finding) -> None:
        """Add a finding, and forget others of the same observation if it has too many."""
        name, value, instance = key
        values = self._values[name, instance]
        if not values:
            self._instances[name] += 1
        if self._instances[name] > MOST_INSTANCES:
            return
        values.add(value)
        self._kept[key] = finding
        if len(values) > 2 * MOST_VALUES:
            self._forget(name, instance)

    def counted(self) -> tuple[tuple[Key, Finding], ...]:
        """Return the findings that were counted at least once."""
        for name, instance in self._values:
            self._forget(name, instance)
        return tuple((key, finding) for key, finding in self._kept.items() if finding.count)

    def _forget(self, name: str, instance: str) -> None:
        values = self._values[name, instance]
        ordered = sorted(values - {None}, key=_order)
        low, high = ordered[: MOST_VALUES // 2], ordered[-MOST_VALUES // 2 :]
        if len(ordered) > MOST_VALUES:
            self._between[name, instance] = (low[-1], high[0])
        for value in ordered[len(low) : -len(high) or None]:
            values.discard(value)
            self._kept.pop((name, value, instance), None)


def _order(value: Value) -> tuple[float, str]:
    return (value if isinstance(value, float) else 0.0, str(value))


def _checked(time: str) -> str:
    """Return `time`, or "" if the calendar has no such moment."""
    try:
        return datetime.fromisoformat(time).isoformat() if time else ""
    except ValueError:
        return ""
