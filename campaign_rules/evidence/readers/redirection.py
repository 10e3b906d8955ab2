"""The reply of ``/r/test``: is the redirection module alive, and of which build.

The element, its attributes and their absence for callers without debug rights are described in
production/using/monitoring-processes.md#r-test. An empty host or source address is healthy.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from campaign_rules.evidence.readers.reader import Found, ProcessNames
from campaign_rules.evidence.text_lines import Line, excerpt
from campaign_rules.evidence.times import own_time
from campaign_rules.model import Provenance, Reading

_ELEMENT = re.compile(
    r"""<redir\b(?P<attributes>(?:'[^']{0,500}'|"[^"]{0,500}"|[^<>'"]){0,2000})>""", re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"""(\w+)\s*=\s*(?:'([^']*)'|"([^"]*)")""")


def read_redirection(lines: Sequence[Line], source: str, names: ProcessNames) -> Found:
    """Return the readings ``redirection.status`` and ``redirection.build``, and the lines they fill.

    The element may span lines and stand inside other text. Its ``instance`` attribute names the
    caller's instance and is left alone: the module serves the whole machine.
    """
    text = "\n".join(line.text for line in lines)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.text) + 1)
    readings: list[Reading] = []
    used: set[int] = set()
    for element in _ELEMENT.finditer(text):
        attributes = {
            name.casefold(): (single or double).strip()
            for name, single, double in _ATTRIBUTE.findall(element["attributes"])
        }
        if "status" not in attributes:
            continue
        first, last = (bisect_right(starts, at) - 1 for at in (element.start(), element.end() - 1))
        used.update(line.number for line in lines[first : last + 1])
        time = own_time(attributes.get("date", ""))
        shown = excerpt(" ".join(element[0].split()))
        where = Provenance(source, lines[first].number, shown, first=time, last=time)
        readings.append(Reading("redirection.status", attributes["status"], provenance=where))
        if attributes.get("build", "").isdecimal():
            readings.append(Reading("redirection.build", float(attributes["build"]), provenance=where))
    return tuple(readings), frozenset(used)
