"""What ``free``, ``top`` and ``uptime`` print: memory, processor, zombies, and since when the machine is up.

Thresholds and indicators: production/using/monitoring-processes.md#in-linux.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from campaign_rules.evidence.log_lines import instance_name
from campaign_rules.evidence.readers.listing import Listing, Shape, find_listings
from campaign_rules.evidence.readers.reader import Found, ProcessNames, per_instance, place
from campaign_rules.evidence.text_lines import Line
from campaign_rules.model import Reading, Scope

_NUMBER = r"\d{1,15}(?:[.,]\d{1,3})?"
_FREE_HEADING = re.compile(r"total\s+used\s+free\s+shared\s+\S+(?:\s+\S+)?$")
_FREE_ROW = re.compile(
    rf"(?P<name>Mem|Swap|-/\+ buffers/cache):(?P<sizes>(?:\s+{_NUMBER}(?:[KMGTP]i?|B)?){{2,6}})$"
)
_TOP_LINE = re.compile(r"[KMG]iB |%?Cpu\(|Tasks:|top - |\d{1,2}:\d\d(?::\d\d)? up ")
_TOP_MEMORY = re.compile(rf"(?P<unit>[KMG])iB Mem ?:\s{{0,9}}(?P<total>{_NUMBER})\s?total,")
_TOP_SWAP = re.compile(
    rf"(?P<unit>[KMG])iB Swap:\s{{0,9}}(?P<total>{_NUMBER})\s?total,\s{{0,9}}(?P<free>{_NUMBER})\s?free,"
    rf"\s{{0,9}}{_NUMBER}\s?used\.\s{{0,9}}(?P<available>{_NUMBER})\s?avail Mem"
)
_TOP_CPU = re.compile(rf"%?Cpu\(s\):(?:[^,\n]{{0,24}},){{3}}\s{{0,9}}(?P<idle>{_NUMBER})\s?%?\s?id\b")
_TOP_TASKS = re.compile(r"Tasks:[^\n]{0,80}?(?P<zombies>\d{1,7}) zombie\b")
_UPTIME = re.compile(
    r"(?:top - )?\d{1,2}:\d{2}(?::\d{2})? up\s+(?:(?P<days>\d{1,5}) days?,\s+)?"
    r"(?:(?P<hours>\d{1,2}):(?P<minutes>\d{2})|(?P<only>\d{1,2}) min),\s.{0,60}"
    r"load averages?: (?P<load>\d{1,6}[.,]\d\d)"
)
_TOP_PROCESS = re.compile(
    r"\d{1,10}\s+\S{1,40}\s+\S{1,4}\s+-?\d{1,3}\s+[\d.]{1,12}[kmgt]?\s+(?P<resident>\d{1,12}(?:\.\d{1,3})?)(?P<unit>[kmgt]?)\s+"
    r"(?:\S{1,20}\s+){5}(?:\S{0,80}/)?nlserver\s+(?P<module>[A-Za-z]{1,40})(?:\s(?P<arguments>.*))?$"
)
_INSTANCE = re.compile(r"-instance:(?P<instance>[\w-]{1,80})\s")
_BYTES = {"": 1.0, "B": 1.0, "K": 2.0**10, "M": 2.0**20, "G": 2.0**30, "T": 2.0**40, "P": 2.0**50}
_MEGABYTE = 2.0**20
_HOUR, _DAY = 60, 24 * 60


def read_memory_usage(lines: Sequence[Line], source: str, names: ProcessNames) -> Found:
    """Return the readings of ``free``, ``top -b`` and ``uptime``.

    ``memory.used_percent`` counts what programs cannot get any more, not what caches hold;
    ``process.<module>.memory_mb`` needs rows with whole command lines (``top -c``);
    ``memory.available_mb`` needs a unit: a suffix, ``free -m`` and the like, or ``top``. ``host.restarted``
    is "yes" if the machine is up for less than an hour, "no" from a day on.
    """
    readings: list[Reading] = []
    used: set[int] = set()
    for listing in find_listings(lines, _FREE):
        found = list(_free(listing, source))
        readings.extend(found)
        used |= listing.numbers if found else frozenset()
    total: dict[str, float] = {}
    for line in lines:
        if "nlserver" in line.text and (process := _process(line, source, names)):
            readings.append(process)
            used.add(line.number)
        if not _TOP_LINE.match(line.text):
            continue
        found = list(_top(line, source, total))
        readings.extend(found)
        if found or _TOP_MEMORY.match(line.text):
            used.add(line.number)
    return tuple(readings), frozenset(used)


def _free(listing: Listing, source: str) -> Iterator[Reading]:
    unit = re.search(r"(?:^|\s)-\w{0,8}?(?P<unit>[bkmg])\w{0,8}(?:\s|$)", listing.arguments or "")
    rows: dict[str, tuple[list[float], Line, bool]] = {}
    for row in listing.rows:
        parts = _FREE_ROW.match(row.text)
        if parts:
            words = parts["sizes"].split()
            suffixed = any(word[-1].isalpha() for word in words)
            factor = 1.0 if suffixed else _BYTES[unit["unit"].upper()] if unit else 1.0
            rows[parts["name"]] = ([_size(word) * factor for word in words], row, bool(unit) or suffixed)
    if "Mem" in rows:
        sizes, row, known = rows["Mem"]
        available = sizes[5] if len(sizes) == 6 and "available" in listing.heading.text else None
        if available is None and "-/+ buffers/cache" in rows:
            available = rows["-/+ buffers/cache"][0][1]
        if available is not None and sizes[0] > 0 and available <= sizes[0]:
            yield Reading(
                "memory.used_percent", _percent(sizes[0] - available, sizes[0]), "", place(source, row)
            )
            if known:
                yield Reading("memory.available_mb", round(available / _MEGABYTE, 1), "", place(source, row))
    if "Swap" in rows:
        sizes, row, _ = rows["Swap"]
        if sizes[0] > 0 and sizes[1] <= sizes[0]:
            yield Reading("swap.used_percent", _percent(sizes[1], sizes[0]), "", place(source, row))


def _top(line: Line, source: str, total: dict[str, float]) -> Iterator[Reading]:
    """Yield the readings of one line of ``top``; `total` keeps the memory of the line above."""
    text, here = line.text[:400], place(source, line)
    if memory := _TOP_MEMORY.match(text):
        total["bytes"] = _size(memory["total"]) * _BYTES[memory["unit"]]
    elif swap := _TOP_SWAP.match(text):
        factor = _BYTES[swap["unit"]]
        whole, free, available = (_size(swap[name]) * factor for name in ("total", "free", "available"))
        if whole and free <= whole:
            yield Reading("swap.used_percent", _percent(whole - free, whole), "", here)
        yield Reading("memory.available_mb", round(available / _MEGABYTE, 1), "", here)
        if 0 < available <= total.get("bytes", 0.0):
            used = total["bytes"] - available
            yield Reading("memory.used_percent", _percent(used, total["bytes"]), "", here)
    elif cpu := _TOP_CPU.match(text):
        idle = _size(cpu["idle"])
        if idle <= 100:
            yield Reading("cpu.used_percent", round(100 - idle, 1), "", here)
    elif tasks := _TOP_TASKS.match(text):
        yield Reading("processes.zombies", float(tasks["zombies"]), "", here)
    elif up := _UPTIME.match(text):
        yield Reading("load.one_minute", _size(up["load"]), "", here)
        clock = int(up["hours"] or 0) * _HOUR + int(up["minutes"] or up["only"] or 0)
        minutes = int(up["days"] or 0) * _DAY + clock
        if minutes < _HOUR or minutes >= _DAY:
            yield Reading("host.restarted", "yes" if minutes < _HOUR else "no", "", here)


def _process(line: Line, source: str, names: ProcessNames) -> Reading | None:
    """Return how much memory a module has, if the line is its row."""
    found = _TOP_PROCESS.match(line.text[:400])
    module = names.modules.get(found["module"].casefold()) if found else None
    given = _INSTANCE.search(found["arguments"] or "") if found else None
    if found is None or module is None or (module.scope is Scope.INSTANCE and given is None):
        return None
    size = _size(found["resident"]) * _BYTES[found["unit"].upper() or "K"]
    instance = per_instance(module, instance_name(given["instance"])) if given else ""
    return Reading(
        f"process.{module.id}.memory_mb", round(size / _MEGABYTE, 1), instance, place(source, line)
    )


def _size(word: str) -> float:
    """Return a size in bytes, "1.5Gi" and the like included."""
    number = re.match(r"[\d.,]+", word)
    if number is None:
        return 0.0
    return float(number[0].replace(",", ".")) * _BYTES.get(word[number.end() : number.end() + 1].upper(), 1.0)


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 1)


_FREE = Shape(
    "free",
    lambda text: bool(_FREE_HEADING.match(text)),
    lambda text: bool(_FREE_ROW.match(text)),
    lambda text: text.startswith(("Mem", "Swap")),
)
