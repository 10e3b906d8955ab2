"""HTTP below the clients that are built on requests: limits, and every failure as a TrackerError.

The clients retry, sleep and log in ways of their own, and quote whole replies in their errors. A `Transport`
stands below them: what fails here leaves the client at once, with a message that holds no text of a ticket
and no secret, and the caller decides when to ask again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from campaign_rules.errors import TrackerError
from campaign_rules.tickets.connectors.http_replies import is_temporary, retry_after

SECONDS = 30.0
"""How long a connection, and each wait for a part of a reply, may take."""

_CHUNK = 65_536
_ADVICE = {
    401: "check the user and the token (or password)",
    403: "the account lacks a permission for this",
    404: "there is no such thing, or the account may not see it",
    429: "too many requests",
}


class HttpError(TrackerError):
    """A request that was answered with an error; `status` is that of HTTP."""

    def __init__(self, message: str, status: int, retry_after: float | None) -> None:
        self.status = status
        temporary = is_temporary(status)
        super().__init__(message, temporary=temporary, retry_after=retry_after if temporary else None)


class Transport(HTTPAdapter):
    """Requests to one system at one address, and to no other, without redirects.

    `ca` is a file with certificates to trust instead of the usual ones, whatever the environment says.
    """

    def __init__(self, system: str, address: str, ca: str = "") -> None:
        super().__init__(max_retries=0)
        self._ca = ca
        self._place = urlsplit(address)[:2]
        self.where = f"{system} at {self._place[1]}"

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: dict[str, str] | None = None,
    ) -> requests.Response:
        """Return the reply; unless it is streamed, it is whole and JSON."""
        address = urlsplit(str(request.url))
        if address[:2] != self._place:
            raise TrackerError(
                f"{self.where} refers to another host, {address.netloc}: nothing is sent there"
            )
        asked = f"{self.where}: {request.method} {address.path}"
        with failing(asked):
            response = super().send(
                request,
                stream=True,
                timeout=timeout or SECONDS,
                verify=self._ca or verify,
                cert=cert,
                proxies=proxies,
            )
            status = self.status(response)
            if status >= 300:
                raise self._refusal(asked, status, response)
            if not stream:
                self.check(response)
        return response

    def status(self, response: requests.Response) -> int:
        """Return the status that a reply amounts to."""
        return response.status_code

    def check(self, response: requests.Response) -> None:
        """Raise ValueError for a reply that is none of the system."""
        if response.content:
            response.json()

    def remark(self, response: requests.Response) -> str:
        """Return what an error says that may be shown to anybody, else an empty text."""
        return ""

    def _refusal(self, asked: str, status: int, response: requests.Response) -> TrackerError:
        with response:
            if status < 400:
                target = urlsplit(response.headers.get("Location", "")).hostname or self._place[1]
                return TrackerError(
                    f"{asked} redirects to {target}; set url to the address of the system itself"
                )
            reasons = (_ADVICE.get(status, ""), self.remark(response))
            reason = "".join(f"; {text}" for text in reasons if text)
            return HttpError(
                f"{asked} was answered with {status}{reason}", status, retry_after(response.headers)
            )


def mount(session: requests.Session, transport: Transport) -> None:
    """Let every request of `session` go through `transport`."""
    for scheme in ("https://", "http://"):
        session.mount(scheme, transport)


@contextmanager
def failing(asked: str) -> Iterator[None]:
    """Raise TrackerError for what goes wrong below requests; `asked` names the request."""
    try:
        yield
    except requests.exceptions.JSONDecodeError:
        raise TrackerError(f"{asked} was not answered with JSON; check the url") from None
    except requests.exceptions.SSLError as error:
        if "CERTIFICATE_VERIFY_FAILED" not in str(error):
            raise TrackerError(f"{asked} failed: the encrypted connection broke", temporary=True) from None
        advice = "set ca to a file with the certificates of your own authority"
        raise TrackerError(f"{asked} failed: the certificate cannot be verified; {advice}") from None
    except requests.Timeout:
        raise TrackerError(f"{asked} took more than {SECONDS:g} s", temporary=True) from None
    except requests.RequestException:
        raise TrackerError(f"{asked} failed: no connection, or it broke", temporary=True) from None
    except ValueError:
        raise TrackerError(
            f"{asked} cannot be sent: a character in the user or the token is not allowed"
        ) from None


@contextmanager
def understanding(what: str) -> Iterator[None]:
    """Raise TrackerError if `what` was answered is not in the shape that is documented."""
    try:
        yield
    except (AttributeError, LookupError, NotImplementedError, TypeError, ValueError) as error:
        kind = type(error).__name__
        raise TrackerError(f"{what} is not in the shape that was expected ({kind})") from None


def bounded(response: requests.Response, limit: int) -> bytes | None:
    """Return the body of a streamed reply, or None once it turns out to be longer than `limit` bytes."""
    content = bytearray()
    with response, failing(f"the download from {urlsplit(response.url).netloc}"):
        for chunk in response.iter_content(_CHUNK):
            content += chunk
            if len(content) > limit:
                return None
    return bytes(content)
