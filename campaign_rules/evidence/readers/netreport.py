"""The service level file of netreport: how bad each service is.

Fields between tabs (instance, machine, severity, date, milliseconds, service):
production/using/monitoring-processes.md#automatic-monitoring-via-adobe-campaign-scripts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from campaign_rules.evidence.readers.reader import Found, ProcessNames, records_place
from campaign_rules.evidence.text_lines import Line
from campaign_rules.model import Reading

_SERVICE = re.compile(
    r"[^\t]{1,80}\t[^\t]{1,200}\t(?P<severity>[0-3])\t[^\t]{1,40}\t\d{1,9}\t(?:http|ncs|ncsex|redir)$"
)


def read_netreport(lines: Sequence[Line], source: str, names: ProcessNames) -> Found:
    """Return ``netreport.severity``: the worst of the file, from 0 (well) to 3."""
    services = [(found["severity"], line) for line in lines if (found := _SERVICE.match(line.text))]
    if not services:
        return (), frozenset()
    worst = max(severity for severity, _ in services)
    where = records_place(source, [line for severity, line in services if severity == worst])
    reading = Reading("netreport.severity", float(worst), "", where)
    return (reading,), frozenset(line.number for _, line in services)
