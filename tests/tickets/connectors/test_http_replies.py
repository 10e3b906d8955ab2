"""When a failed request may be tried again, told by its reply."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from campaign_rules.tickets.connectors.http_replies import is_temporary, retry_after


@pytest.mark.parametrize(
    ("status", "temporary"), [(400, False), (401, False), (404, False), (408, True), (429, True), (503, True)]
)
def test_what_may_succeed_later_is_told_from_what_may_not(status: int, temporary: bool) -> None:
    assert is_temporary(status) is temporary


@pytest.mark.parametrize(
    ("told", "seconds"), [("7", 7.0), (" 0 ", 0.0), ("soon", None), ("٣", None), ("", None)]
)
def test_seconds_are_read_and_nothing_else(told: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": told}) == seconds


def test_a_date_is_so_many_seconds_away_and_one_that_is_over_none() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    over = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)
    assert 3500 < (retry_after({"Retry-After": later}) or 0.0) <= 3600
    assert retry_after({"Retry-After": over}) == 0.0


def test_without_the_header_nothing_is_known() -> None:
    assert retry_after({}) is None
