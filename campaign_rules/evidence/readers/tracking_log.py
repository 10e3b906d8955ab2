"""The tracking log files of the redirection: lines that are malformed.

A line holds eleven fields between tabs, as the documented filter wants them:
delivery/using/about-message-tracking.md#advanced-troubleshooting.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from campaign_rules.evidence.log_lines import path_instance
from campaign_rules.evidence.readers.reader import Found, ProcessNames, records_place
from campaign_rules.evidence.text_lines import Line
from campaign_rules.model import Reading

_RECORD = re.compile(r"[0-9A-Za-z]{1,3}x[0-9A-Za-z]{8,40}\t\d{4}-\d\d-\d\d")
_FIELDS = tuple(
    re.compile(expression)
    for expression in (
        r"[0-9A-Za-z]{2}x[0-9A-Za-z]*",
        r"[0-9T:.\-]*",
        *(r"[0-9a-fA-F]*",) * 3,
        r"[0-9A-Za-z]*",
        r"[0-9A-Za-z\-]*",
        *(r"[\x20-\x7e]*",) * 3,
    )
)
_ADDRESS = re.compile(r"[0-9a-fA-F.:]*(?:[\t,][\x20-\x7e]*)?")


def read_tracking_log(lines: Sequence[Line], source: str, names: ProcessNames) -> Found:
    """Return ``tracking.malformed_lines``: how many lines of the file the documented filter would print.

    The instance is the one whose folder `source` lies in. Lines whose tabs were lost are not judged, and
    neither is a last line without a line break, which may be cut.
    """
    records = [line for line in lines if _RECORD.match(line.text)]
    if records and records[-1] is lines[-1] and _begins_well(records[-1].text):
        records.pop()
    if not records:
        return (), frozenset()
    broken = [line for line in records if not _well_formed(line.text)]
    where = records_place(source, broken or records)
    number = float(len(broken))
    reading = Reading("tracking.malformed_lines", number, path_instance(source), where)
    return (reading,), frozenset(line.number for line in records)


def _begins_well(text: str) -> bool:
    """Tell whether the fields are too few, and as they should be: a line that was cut."""
    fields = text.split("\t")
    return len(fields) <= len(_FIELDS) and all(
        wanted.fullmatch(field) for wanted, field in zip(_FIELDS, fields, strict=False)
    )


def _well_formed(text: str) -> bool:
    fields = text.split("\t", len(_FIELDS))
    return (
        len(fields) == len(_FIELDS) + 1
        and all(wanted.fullmatch(field) for wanted, field in zip(_FIELDS, fields, strict=False))
        and bool(_ADDRESS.fullmatch(fields[-1]))
    )
