"""Requests to the REST API of Roundup, and what their failures mean.

Source: Roundup's documentation, *REST API for Roundup* (doc/rest.txt), version 2.6.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import httpx
from attrs import field, frozen

from campaign_rules.errors import TrackerError
from campaign_rules.tickets.connectors.http_replies import is_temporary, retry_after

_ADVICE = {
    400: "check the names in the settings",
    401: "check user and password, or the token, and that the account has the permission 'Rest Access'",
    403: "give the account this permission in schema.py of the tracker",
    404: "check the address and the number",
}
_FOREIGN = "not allowed to use Rest Interface"
_ELSEWHERE = "the address has to be what `web` in the [tracker] section of the tracker's config.ini says"
_HIDDEN = re.compile(r"check\s+the\s+server\s+log")
_CHUNK = 50  # ids in one address, which servers take up to some 8,000 characters long


@frozen
class Item:
    """One item of a class: its properties by name, links with their labels, and the tag of this state."""

    id: str
    attributes: Mapping[str, Any] = field(repr=False)
    etag: str


class RoundupRest:
    """The items of one tracker, by way of one account."""

    def __init__(self, url: str, user: str, password: str, token: str, timeout: float) -> None:
        base = url.rstrip("/") + "/"
        try:
            address = httpx.URL(base)
        except httpx.InvalidURL as error:
            raise TrackerError(f"the address of the tracker is not one: {error}") from None
        if address.scheme not in ("http", "https") or not address.host:
            raise TrackerError(
                f"the address of the tracker has to begin with https://, not {address.scheme!r}"
            )
        self.host = address.host
        origin = f"{address.scheme}://{address.netloc.decode()}"
        headers = {"Origin": origin, "Referer": base, "X-Requested-With": "campaign-rules"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._client = httpx.Client(
            base_url=f"{base}rest/data/",
            auth=None if token else (user, password),
            headers={**headers, "Accept": "application/json"},
            timeout=timeout,
            follow_redirects=False,
        )

    def find(self, kind: str, params: Mapping[str, object]) -> tuple[str, ...]:
        """Return the ids of the items of class `kind` that `params` select, in their order."""
        return tuple(entry["id"] for entry in self._collection(kind, params))

    def items(
        self, kind: str, ids: Sequence[str], fields: Iterable[str], verbose: int = 2
    ) -> Iterator[Mapping[str, Any]]:
        """Yield `fields` of the items `ids` that there are and that the account may see, with their `id`."""
        names = ",".join(sorted(fields))
        for start in range(0, len(ids), _CHUNK):
            chunk = list(ids[start : start + _CHUNK])
            yield from self._collection(kind, {"id": chunk, "@fields": names, "@verbose": verbose})

    def item(self, kind: str, number: str) -> Item:
        """Return one item as it is now."""
        data = self._data("GET", f"{kind}/{number}", params={"@protected": "true", "@verbose": 2})
        try:
            return Item(number, data["attributes"], data["@etag"])
        except (KeyError, TypeError):
            raise self._unusable() from None

    def create(self, kind: str, values: Mapping[str, object]) -> str:
        """Make an item and return its id."""
        try:
            return str(self._data("POST", kind, json=values)["id"])
        except (KeyError, TypeError):
            raise self._unusable() from None

    def patch(self, kind: str, item: Item, operation: str, values: Mapping[str, object]) -> bool:
        """Change `item`, unless somebody else did meanwhile: False then, and nothing is changed."""
        response = self._send(
            "PATCH",
            f"{kind}/{item.id}",
            json={"@op": operation, **values},
            headers={"If-Match": item.etag},
        )
        if response.status_code == httpx.codes.PRECONDITION_FAILED:
            return False
        self._checked(response, kind)
        return True

    def content(self, number: str, limit: int) -> bytes | None:
        """Return the bytes of a file; None if they are more than `limit`, or if Roundup cannot read it."""
        address = f"file/{number}/binary_content"
        try:
            with self._client.stream(
                "GET", address, headers={"Accept": "application/octet-stream"}
            ) as response:
                if response.status_code in (400, 403, 404):
                    return None
                if response.status_code != httpx.codes.OK:
                    response.read()
                self._checked(response, "file")
                content = bytearray()
                for chunk in response.iter_bytes():
                    content += chunk
                    if len(content) > limit:
                        return None
                return bytes(content)
        except httpx.RequestError as error:
            raise self._unreached(error) from None

    def close(self) -> None:
        """Give back the connections."""
        self._client.close()

    def _collection(self, kind: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        try:
            found: list[dict[str, Any]] = self._data("GET", kind, params=params)["collection"]
        except (KeyError, TypeError):
            raise self._unusable() from None
        return found

    def _data(self, method: str, path: str, **request: Any) -> Any:
        response = self._send(method, path, **request)
        self._checked(response, path.partition("/")[0])
        try:
            return response.json()["data"]
        except (ValueError, KeyError, TypeError):
            raise self._unusable() from None

    def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        try:
            return self._client.request(method, path, **request)
        except httpx.RequestError as error:
            raise self._unreached(error) from None

    def _checked(self, response: httpx.Response, kind: str) -> None:
        """Raise what a status means. What Roundup says is told, except about messages: it may quote them."""
        status = response.status_code
        if response.is_success:
            return
        said = _said(response) if kind != "msg" or response.request.method == "GET" else ""
        message = f"{self.host} answered {status} to {response.request.method} of {kind}"
        # Roundup answers 400 to what it fails at itself, and hides the reason in its log.
        if is_temporary(status) or (status == 400 and _HIDDEN.search(response.text)):
            raise TrackerError(
                f"{message}: it is busy or out of order",
                temporary=True,
                retry_after=retry_after(response.headers),
            )
        if said:
            message += f" ({said})"
        if response.is_redirect:
            raise TrackerError(f"{message}: give the address that it redirects to")
        advice = (
            _ELSEWHERE if _FOREIGN in said else _ADVICE.get(status, "see the documentation of its REST API")
        )
        raise TrackerError(f"{message}; {advice}")

    def _unreached(self, error: httpx.RequestError) -> TrackerError:
        refused = "CERTIFICATE_VERIFY_FAILED" in str(error)
        reason = str(error) or type(error).__name__
        return TrackerError(f"{self.host} cannot be reached: {reason}", temporary=not refused)

    def _unusable(self) -> TrackerError:
        return TrackerError(f"{self.host} does not answer as the REST API of Roundup: check the address")


def _said(response: httpx.Response) -> str:
    if response.headers.get("Content-Type", "").startswith("text/plain"):  # what it says of a login
        return response.text[:200]
    try:
        return str(response.json()["error"]["msg"])[:200]
    except (ValueError, KeyError, TypeError):
        return ""
