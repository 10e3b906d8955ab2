"""The indicators of ``nlserver monitor`` and ``monitor.jsp``: elements ``indicator`` of their XML.

Names and thresholds: production/using/monitoring-processes.md#in-linux, the element itself
#customized-indicators. An indicator without thresholds only informs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from campaign_rules.evidence.readers.markup import Element, elements_in
from campaign_rules.evidence.readers.reader import Found, ProcessNames, place
from campaign_rules.evidence.text_lines import Line
from campaign_rules.model import Reading

_PERCENTAGES = {
    "memory": "indicator.memory_percent",
    "swap memory": "indicator.swap_percent",
    "disk": "indicator.disk_percent",
    "load average": "indicator.load_percent",
    "file handles": "indicator.file_handles_percent",
    "processes": "indicator.processes_percent",
}
_COUNTS = {
    "zombie processes": "indicator.zombies",
    "core files": "indicator.core_files",
    "shared memory segments": "indicator.shared_memory_segments",
    "processes too old": "indicator.old_processes",
}
_PARTS = ("indicator", "current", "warning", "alert", "/indicator")
_NUMBER = re.compile(r"\s*(?P<number>\d{1,12}(?:[.,]\d{1,6})?)\s?(?P<percent>%?)")


def read_indicators(lines: Sequence[Line], source: str, names: ProcessNames) -> Found:
    """Return ``indicator.<name>`` for each indicator of the product, ``indicator.custom`` for another.

    The latter is "alert", "warning" or "fine": its value beside its thresholds, where more is worse. It needs
    the end of the element, below which no threshold can follow.
    """
    readings: list[Reading] = []
    used: set[int] = set()
    parts: list[Element] = []
    for element in (*elements_in(lines, _PARTS), None):
        if element is None or element.name == "indicator":
            readings.extend(_readings(parts, source))
            parts = []
        if element is not None:
            parts.append(element)
            used.add(element.line.number)
    return tuple(readings), frozenset(used)


def _readings(parts: Sequence[Element], source: str) -> Iterator[Reading]:
    if not parts or parts[0].name != "indicator":
        return
    name = " ".join(parts[0].attributes.get("name", "").casefold().split())
    where = place(source, parts[0].line)
    shown = [part for part in parts if part.name == "current"]
    if name in _PERCENTAGES:
        for part in shown:
            found = _NUMBER.match(part.attributes.get("display", "") or part.attributes.get("value", ""))
            if found and found["percent"]:
                yield Reading(_PERCENTAGES[name], _float(found["number"]), "", where)
                return
        return
    values = [number for part in shown if (number := _value(part)) is not None]
    if not values:
        return
    if name in _COUNTS:
        yield Reading(_COUNTS[name], values[0], "", where)
    limits = {part.name: _value(part) for part in parts if part.name in ("warning", "alert")}
    closed = parts[-1].name == "/indicator"
    if closed and name not in _COUNTS and any(limit is not None for limit in limits.values()):
        reached = (word for word in ("alert", "warning") if _reaches(values[0], limits.get(word)))
        yield Reading("indicator.custom", next(reached, "fine"), "", where)


def _reaches(value: float, limit: float | None) -> bool:
    return limit is not None and value >= limit


def _value(part: Element) -> float | None:
    found = _NUMBER.fullmatch(part.attributes.get("value", ""))
    return _float(found["number"]) if found else None


def _float(number: str) -> float:
    return float(number.replace(",", "."))
