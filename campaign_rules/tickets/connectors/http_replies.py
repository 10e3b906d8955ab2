"""What the status and the headers of a failed reply say about asking again, whichever client asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_TEMPORARY = frozenset((408, 425, 429))


def is_temporary(status: int) -> bool:
    """Return whether the same request may succeed later."""
    return status in _TEMPORARY or status >= 500


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of the header Retry-After, which holds them or a date (RFC 9110, section 10.2.3).

    `headers` find a name however it is written, as those of requests and httpx do. None if it tells neither.
    """
    told = headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdecimal():
        return float(told)
    try:
        return max(0.0, (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
