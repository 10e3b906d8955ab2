"""A small web server that behaves as the front of a Campaign server does, well or ill."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from attrs import define, field, frozen

RTEST, PING, LOGON = "/r/test", "/nl/jsp/ping.jsp", "/nl/jsp/logon.jsp"


@frozen
class Page:
    """A reply: `before` runs before it is sent, so that a test decides when that is."""

    body: str = ""
    status: int = 200
    headers: Mapping[str, str] = {"Content-Type": "text/html; charset=utf-8"}
    before: Callable[[], object] = lambda: None


OK = Page("<redir status='OK' date='2026-11-23 09:30:00.112Z' sourceIP='192.0.2.7'/>")
FORM = Page("<html><form><input name='login'><input type='password' name='password'></form></html>")
HEALTHY: Mapping[str, Page] = {RTEST: OK, PING: Page("OK\n"), LOGON: FORM}
NOT_FOUND = Page("<html><h1>Not Found</h1></html>", 404)


@define
class Seen:
    """What the server was asked: method and path with the headers, in order."""

    requests: list[tuple[str, dict[str, str]]] = field(factory=list)

    @property
    def paths(self) -> list[str]:
        return [line for line, _ in self.requests]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent when a client has gone: that is what several tests are about."""


@contextmanager
def campaign_server(
    pages: Mapping[str, Page] = HEALTHY, *, tls: ssl.SSLContext | None = None
) -> Iterator[tuple[int, Seen]]:
    """Serve `pages` on a port of this machine; other paths are not found."""
    seen = Seen()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.requests.append((f"GET {self.path}", dict(self.headers)))
            page = pages.get(self.path, NOT_FOUND)
            page.before()
            body = page.body.encode()
            self.send_response(page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Print nothing."""

    server = _Server(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
