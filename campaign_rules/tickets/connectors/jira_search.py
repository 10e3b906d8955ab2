"""The tickets of a Jira in the order of their last change.

JQL compares times by the minute, in the time zone of the account (Atlassian, "Advanced search reference - JQL
fields", Updated). Cloud goes on from page to page by a token ("Search for issues using JQL enhanced search"),
Data Center by the number of the row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jira import JIRA

from campaign_rules.errors import TrackerError
from campaign_rules.tickets.connectors.cursor import Listing, Row

_LARGEST_PAGE = 1000


def listing(client: JIRA, query: str, zone: str) -> Listing:
    """Return the list of what the JQL `query` selects; `zone` is the time zone in the account's profile.

    Raises:
        TrackerError: `zone` is not known here; while listing also if rows moved meanwhile (temporary).
    """
    search = _search_cloud if client._is_cloud else _search_server

    def rows(begins: datetime | None, number: int) -> Iterator[Row]:
        bound = f' AND updated >= "{_local(begins, zone):%Y-%m-%d %H:%M}"' if begins else ""
        jql = f"({query}){bound} ORDER BY updated ASC, key ASC"
        for raw in search(client, jql, min(number, _LARGEST_PAGE)):
            updated = raw["fields"]["updated"]
            yield Row(str(raw["id"]), raw["key"], updated, datetime.fromisoformat(updated))

    return rows


def _local(instant: datetime, zone: str) -> datetime:
    """Return the wall time in `zone`, before `instant` where it is ambiguous."""
    try:
        local = instant.astimezone(ZoneInfo(zone))
    except (KeyError, OSError, ValueError):
        hint = "choose one such as Europe/Rome in its profile (on Windows: pip install tzdata)"
        raise TrackerError(f"the time zone of the account in Jira is not known here; {hint}") from None
    # An hour that comes twice in autumn may be taken for its second time.
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return local - timedelta(hours=1) if twice else local


def _search_cloud(client: JIRA, jql: str, page: int) -> Iterator[Mapping[str, Any]]:
    token = None
    while True:
        found: Any = client.enhanced_search_issues(
            jql, nextPageToken=token, maxResults=page, fields=["updated"], json_result=True
        )
        yield from found["issues"]
        token = found.get("nextPageToken")
        if not token:
            return


def _search_server(client: JIRA, jql: str, page: int) -> Iterator[Mapping[str, Any]]:
    """Yield what a search finds. The last row of a page is asked for again, as the first of the next.

    If it is another by then, rows have moved up, and one might be missed.
    """
    begin, last = 0, None
    while True:
        found: Any = client.search_issues(
            jql, startAt=begin, maxResults=page, fields=["updated"], json_result=True
        )
        issues = found["issues"]
        if last is not None and (not issues or issues[0]["id"] != last):
            raise TrackerError("tickets of Jira changed while they were listed", temporary=True)
        yield from issues if last is None else issues[1:]
        begin += len(issues) - 1
        if len(issues) < 2 or begin + 1 >= int(found["total"]):
            return
        last = issues[-1]["id"]
