"""Rows of a ServiceNow table, as the Table API answers them.

Sources are ServiceNow's "Table API" and "Encoded query strings". Times in queries and values are UTC, those
that are displayed are in the time zone of the account ("Table API FAQs", KB0534905).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import requests
from pysnc import GlideRecord, ServiceNowClient

from campaign_rules.errors import TrackerError
from campaign_rules.tickets.connectors.transport import Transport

Row = Mapping[str, Mapping[str, str | None]]
"""A row by column: for each its `value`, and its `display_value`."""

TIME = "%Y-%m-%d %H:%M:%S"


class ServiceNowTransport(Transport):
    """Takes no reply without a result for one of the Table API."""

    def check(self, response: requests.Response) -> None:
        """Raise TrackerError for a reply without a result, which pysnc would print a traceback about."""
        super().check(response)
        if not response.content or not isinstance(response.json(), dict) or "result" not in response.json():
            raise TrackerError(
                f"{self.where} answered with something that is none of its tables; check the url"
            )


def rows(
    client: ServiceNowClient, table: str, query: str, columns: Sequence[str] = (), page: int = 1000
) -> Iterator[Row]:
    """Yield the rows of `table` that an encoded `query` selects, in its order, with `columns` (all, if none).

    Rows that the account may not see are counted but left out of a page, so pages are as many as the count
    says, even if one is empty.
    """
    begin = 0
    while True:
        records = _Page(client, table, page, begin)
        records.add_encoded_query(query)
        if columns:
            records.fields = list(columns)
        response = client.table_api.list(records)
        found: list[Row] = response.json()["result"]
        yield from found
        begin += page
        if begin >= int(response.headers.get("X-Total-Count", 0)):
            return


class _Page(GlideRecord):  # type: ignore[misc]
    """A query for rows from a number on."""

    def __init__(self, client: ServiceNowClient, table: str, page: int, begin: int) -> None:
        super().__init__(client, table, batch_size=page)
        self._begin = begin

    def _parameters(self) -> dict[str, Any]:
        return {**super()._parameters(), "sysparm_offset": self._begin}


def value(row: Row, column: str) -> str:
    """Return what is stored in a column, an empty text if nothing is."""
    return str((row.get(column) or {}).get("value") or "")


def shown(row: Row, column: str) -> str:
    """Return a column as people see it."""
    return str((row.get(column) or {}).get("display_value") or value(row, column))


def time(row: Row, column: str) -> datetime:
    """Return the instant in a column. Raises ValueError if there is none."""
    return datetime.strptime(value(row, column), TIME).replace(tzinfo=UTC)
