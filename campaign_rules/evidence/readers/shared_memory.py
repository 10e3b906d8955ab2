"""What ``ipcs -m`` prints: the shared memory segments of Campaign.

configuration/using/additional-parameters.md#redirection-server-configuration shows the listing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from campaign_rules.evidence.readers.listing import Shape, find_listings
from campaign_rules.evidence.readers.reader import Found, ProcessNames, place
from campaign_rules.evidence.text_lines import Line
from campaign_rules.model import Reading

_SEGMENT = re.compile(r"0x[0-9a-f]{8}\s+\d{1,12}\s+(?P<owner>[\w.+-]{1,40})\s+\d{3}\s+\d{1,15}\s+\d{1,6}\b")
_OWNERS = frozenset({"adobe", "campaign", "neolane"})


def read_shared_memory(lines: Sequence[Line], source: str, names: ProcessNames) -> Found:
    """Return ``shared_memory.segments``: how many segments the users adobe, campaign or neolane own."""
    readings: list[Reading] = []
    used: set[int] = set()
    for listing in find_listings(lines, _SHAPE):
        owners = [found["owner"] for row in listing.rows if (found := _SEGMENT.match(row.text))]
        used |= listing.numbers
        own = sum(owner in _OWNERS for owner in owners)
        if own and not listing.cut:
            readings.append(Reading("shared_memory.segments", float(own), "", place(source, listing.heading)))
    return tuple(readings), frozenset(used)


_SHAPE = Shape(
    "ipcs",
    lambda text: bool(re.match(r"-{3,} Shared Memory Segments -{3,}", text)),
    lambda text: bool(_SEGMENT.match(text)) or text.startswith("key "),
    lambda text: text.startswith("0x"),
)
