"""The access logs of Apache, Tomcat and IIS: how the web server answered the documented checks.

The checks: production/using/monitoring-processes.md#r-test, and pages that the web server relays to Campaign.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from campaign_rules.evidence.readers.reader import Found, ProcessNames, records_place
from campaign_rules.evidence.text_lines import Line
from campaign_rules.model import Reading

_COMMON = re.compile(
    r'[^"\n]{1,200}\[[^\]\n]{10,40}\] '
    r'"(?P<method>[A-Z]{3,8}) (?P<path>[^ "]{1,2000}) HTTP/[\d.]{1,3}" (?P<status>\d{3}) '
)
_FIELDS = re.compile(r"#Fields:\s(?P<fields>.{1,1000})$")
_STEM, _STATUS = "cs-uri-stem", "sc-status"
_PAGE = re.compile(r"\.jss?p$", re.IGNORECASE)


def read_access_log(lines: Sequence[Line], source: str, names: ProcessNames) -> Found:
    """Return ``access.rtest_status`` and ``access.pages_refused``.

    The former is the status of the last reply to ``/r/test``, the latter how many pages (jsp, jssp) were
    refused with 403; each is given if such a request is in the log.
    """
    fields: list[str] = []
    last: tuple[int, Line] | None = None
    pages: list[tuple[bool, Line]] = []
    used: set[int] = set()
    for line in lines:
        if heading := _FIELDS.match(line.text):
            fields = heading["fields"].split()
        request = _request(line.text, fields)
        if request is None:
            continue
        used.add(line.number)
        path, status = request
        if path == "/r/test":
            last = (status, line)
        elif _PAGE.search(path):
            pages.append((status == 403, line))
    readings: list[Reading] = []
    if last:
        readings.append(Reading("access.rtest_status", float(last[0]), "", records_place(source, [last[1]])))
    if pages:
        refused = [line for bad, line in pages if bad]
        where = records_place(source, refused or [line for _, line in pages])
        readings.append(Reading("access.pages_refused", float(len(refused)), "", where))
    return tuple(readings), frozenset(used)


def _request(text: str, fields: Sequence[str]) -> tuple[str, int] | None:
    """Return path and status of a line: of the common format, or of IIS with the fields named above it."""
    if fields and not text.startswith("#"):
        words = text.split()
        if len(words) == len(fields) and _STEM in fields and _STATUS in fields:
            status = words[fields.index(_STATUS)]
            if status.isdecimal() and len(status) == 3:
                return words[fields.index(_STEM)], int(status)
        return None
    if '" ' not in text or "HTTP/" not in text:
        return None
    found = _COMMON.match(text)
    return (found["path"].partition("?")[0], int(found["status"])) if found else None
