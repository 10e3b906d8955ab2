"""Start traces in module logs and on the console: modules that are started again and again.

The trace: installation/using/standalone-deployment.md#installing-and-configuring--single-machine-.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from campaign_rules.evidence.log_lines import instance_name, read_log_line
from campaign_rules.evidence.readers.reader import Found, ProcessNames, per_instance, records_place
from campaign_rules.evidence.text_lines import Line
from campaign_rules.model import Reading

_START = re.compile(
    r"(?:Start of the|Running task|Starting) '(?P<module>[A-Za-z]{1,40})@(?P<instance>[\w.-]{1,80})' \('"
)
_HOUR = re.compile(r"\s?(?P<hour>(?:[\d/-]{8,10}[T ])?\d{1,2}):\d{2}")
OFTEN = 3
"""Starts of one module within one hour of the clock that are told."""


def read_restarts(lines: Sequence[Line], source: str, names: ProcessNames) -> Found:
    """Return ``process.<module>.starts_per_hour``: the most starts in one hour, if there are three or more.

    Fewer tell nothing: the log may not reach far enough. Lines without a time do not count, nor does a
    second trace of one start (the same second).
    """
    starts: dict[tuple[str, str, str], dict[str, Line]] = {}
    used: set[int] = set()
    for line in lines:
        found = _START.search(line.text[:1000]) if "' ('" in line.text else None
        module = names.modules.get(found["module"].casefold()) if found else None
        if found is None or module is None:
            continue
        time = read_log_line(line.text).time
        used.add(line.number)
        if hour := _HOUR.match(time):
            instance = per_instance(module, instance_name(found["instance"]))
            starts.setdefault((module.id, instance, hour["hour"]), {}).setdefault(time[:19], line)
    most: dict[tuple[str, str], dict[str, Line]] = {}
    for (module_id, instance, _), traces in starts.items():
        if len(traces) > len(most.get((module_id, instance), {})):
            most[module_id, instance] = traces
    readings = [
        Reading(
            f"process.{module_id}.starts_per_hour",
            float(len(traces)),
            instance,
            records_place(source, list(traces.values())),
        )
        for (module_id, instance), traces in sorted(most.items())
        if len(traces) >= OFTEN
    ]
    return tuple(readings), frozenset(used)
