"""One read-only request, and its reply as part of the transcript."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
from attrs import frozen

from campaign_rules.collection.connection import check_names
from campaign_rules.collection.target import Target

LONGEST_BODY = 65_536
"""Bytes of a body that are read; what follows is not asked for."""

MOST_REDIRECTS = 3

_HEADERS = ("content-type", "server", "location", "retry-after", "via")
"""The headers kept. None of them holds a session."""

_AGENT = "campaign-rules (read-only check)"


@frozen
class Reply:
    """The transcript of a request, and the body of its reply."""

    transcript: str
    body: str = ""


def open_client(timeout: float, trust: ssl.SSLContext) -> httpx.Client:
    """Return a client that goes straight to the server: no proxy, no cookies kept, certificates checked."""
    return httpx.Client(
        verify=trust,
        timeout=timeout,
        trust_env=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        headers={"User-Agent": _AGENT, "Accept": "*/*", "Accept-Encoding": "identity"},
    )


def ask(client: httpx.Client, target: Target, path: str, timeout: float, clock: Callable[[], float]) -> Reply:
    """Send GET for `path`, follow redirects on the same host only, and return what came within `timeout`.

    Raises :class:`InputError` when a certificate on the way is that of another server.
    """
    request = client.build_request("GET", target.origin + path)
    line = f"GET {request.url} ->"
    begun = clock()
    try:
        response, body = _final(client, request, target, begun + timeout, clock)
    except httpx.TimeoutException:
        return Reply(f"{line} timeout after {timeout:g} s")
    except httpx.HTTPError as error:
        return Reply(f"{line} {_failure(error, target)}")
    head = [f"{line} {response.status_code} in {clock() - begun:.2f} s"]
    if response.url != request.url:
        head.append(f"Redirected to: {response.url}")
    head += [f"{name.title()}: {response.headers[name]}" for name in _HEADERS if name in response.headers]
    return Reply("\n".join((*head, "", body.strip())).rstrip(), body)


def _final(
    client: httpx.Client,
    request: httpx.Request,
    target: Target,
    deadline: float,
    clock: Callable[[], float],
) -> tuple[httpx.Response, str]:
    for _ in range(MOST_REDIRECTS + 1):
        response = client.send(request, stream=True)
        try:
            body = b"".join(_chunks(response, deadline, clock))
        finally:
            response.close()
        onward = response.next_request
        if onward is None or onward.url.host.casefold() != target.host.casefold():
            break
        request = onward
    text = body[:LONGEST_BODY].decode(response.encoding or "utf-8", errors="replace")
    return response, text.replace("\0", "")


def _chunks(response: httpx.Response, deadline: float, clock: Callable[[], float]) -> Iterator[bytes]:
    """Yield the body until it is long enough. Raises httpx.ReadTimeout when the deadline has passed."""
    read = 0
    for chunk in response.iter_bytes():
        if clock() > deadline:
            raise httpx.ReadTimeout("the body came too slowly")
        yield chunk
        read += len(chunk)
        if read >= LONGEST_BODY:
            return


def _failure(error: httpx.HTTPError, target: Target) -> str:
    causes: list[BaseException] = [error]
    while under := causes[-1].__cause__ or causes[-1].__context__:
        causes.append(under)
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            check_names(target, cause)
            return f"certificate not accepted: {cause.verify_message}"
        if isinstance(cause, ConnectionRefusedError):
            return "refused"
    return f"connection broken: {' '.join(str(error).split()) or type(error).__name__}"
