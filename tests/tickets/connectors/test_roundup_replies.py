"""What the connector of Roundup makes of replies that a healthy Roundup does not give."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytest.importorskip("httpx")

from campaign_rules.errors import TrackerError
from campaign_rules.tickets.connectors.roundup import RoundupSettings, RoundupTracker

Reply = tuple[int, dict[str, str], bytes]
Ask = Callable[..., TrackerError]

_SERVER_LOG = b"<p>An error occurred. Please check\n the server log for more information.</p>"


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Return what `read` raises on a reply, and keep whoever asked."""
    servers = []

    def ask(status: int, headers: dict[str, str] | None = None, body: bytes = b"{}") -> TrackerError:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        servers.append((server, thread))
        return failure(f"http://127.0.0.1:{server.server_port}/demo/")

    yield ask
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def failure(url: str, **settings: object) -> TrackerError:
    given = {"url": url, "user": "bot", "password": "hidden-word", **settings}
    tracker = RoundupTracker(RoundupSettings(**given))  # type: ignore[arg-type]
    try:
        with pytest.raises(TrackerError) as caught:
            tracker.read("1")
    finally:
        tracker.close()
    assert "hidden-word" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
def test_what_may_pass_is_temporary(ask: Ask, status: int) -> None:
    error = ask(status, {"Retry-After": "150"})
    assert error.temporary
    assert error.retry_after == 150
    assert str(status) in str(error)
    assert "127.0.0.1" in str(error)


def test_an_error_that_roundup_hides_in_its_log_is_temporary(ask: Ask) -> None:
    assert ask(400, body=_SERVER_LOG).temporary


def test_a_time_to_ask_again_may_be_a_date_or_missing_or_past(ask: Ask) -> None:
    later = ask(503, {"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}).retry_after
    assert later is not None
    assert later > 1e6
    assert ask(503, {"Retry-After": "Fri, 01 Jan 1999 00:00:00 GMT"}).retry_after == 0
    assert ask(503).retry_after is None
    assert ask(503, {"Retry-After": "soon"}).retry_after is None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410])
def test_what_stays_is_lasting(ask: Ask, status: int) -> None:
    error = ask(status, body=b'{"error": {"status": 400, "msg": "for a reason"}}')
    assert not error.temporary
    assert "for a reason" in str(error)


def test_a_redirection_is_not_followed(ask: Ask) -> None:
    error = ask(302, {"Location": "https://elsewhere.example.com/"})
    assert not error.temporary
    assert "give the address that it redirects to" in str(error)


@pytest.mark.parametrize("body", [b"<html>hello</html>", b"[]", b'{"data": {}}', b'{"data": null}', b"null"])
def test_a_reply_that_is_none_of_roundup_is_lasting(ask: Ask, body: bytes) -> None:
    error = ask(200, body=body)
    assert not error.temporary
    assert "check the address" in str(error)


def test_a_server_that_does_not_answer_in_time_is_temporary() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        error = failure(f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout_seconds=0.2)
    assert error.temporary
