"""Headers of an e-mail that a ticket quotes: did the receiver find a signature.

Why a signature may be missing: rn/using/gold-standard.md#gold-standard. The header is RFC 8601's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from campaign_rules.evidence.readers.reader import Found, ProcessNames, place
from campaign_rules.evidence.text_lines import Line
from campaign_rules.model import Reading

_RESULTS = re.compile(r"Authentication-Results:", re.IGNORECASE)
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,60}:(?:\s|$)")
_RESULT = re.compile(r"(?<![\w-])(?P<method>dkim|spf|dmarc)\s?=\s?(?P<result>[a-z]{1,12})", re.IGNORECASE)
_FOLDED = 12
"""Lines that one header may be folded into."""


def read_mail_headers(lines: Sequence[Line], source: str, names: ProcessNames) -> Found:
    """Return ``mail.dkim``, ``mail.spf`` and ``mail.dmarc``: "pass" or "none".

    One passed signature is enough. A failed check is neither: there is a signature, and it is wrong.
    """
    readings: list[Reading] = []
    used: set[int] = set()
    for at, line in enumerate(lines):
        if not _RESULTS.match(line.text):
            continue
        folded = [line]
        for more in lines[at + 1 : at + _FOLDED]:
            if not more.text or _HEADER.match(more.text):
                break
            folded.append(more)
        results: dict[str, set[str]] = {}
        for part in folded:
            for found in _RESULT.finditer(part.text):
                results.setdefault(found["method"].casefold(), set()).add(found["result"].casefold())
        if results:
            used |= {part.number for part in folded}
        for method, words in sorted(results.items()):
            if "pass" in words or words == {"none"}:
                word = "pass" if "pass" in words else "none"
                readings.append(Reading(f"mail.{method}", word, "", place(source, line)))
    return tuple(readings), frozenset(used)
