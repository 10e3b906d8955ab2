"""Where a server may listen, and what answers there."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

import uvicorn

from campaign_rules.errors import InputError

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


def check_listening(host: str, tokens: Sequence[str]) -> None:
    """Raise InputError for an address that others reach, if no token is asked for."""
    if not tokens and not is_loopback(host):
        raise InputError(f"{host}: others reach this address, so give --tokens FILE, or listen on 127.0.0.1")


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches `host`. A name other than localhost may be anything."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def bind(host: str, port: int, tokens: Sequence[str]) -> socket.socket:
    """Return a socket that listens. Raises InputError where that is not allowed or does not work."""
    check_listening(host, tokens)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise InputError(f"{host} port {port}: cannot listen there: {error.strerror}") from None


def answer(app: Any, listener: socket.socket) -> None:
    """Answer on a socket until the process is told to end; open requests are finished first."""
    with listener:
        _server(app).run([listener])


@contextmanager
def answering(app: Any, listener: socket.socket) -> Iterator[None]:
    """Answer on a socket in a thread, while the calling one does something else."""
    server = _server(app)
    thread = threading.Thread(target=server.run, args=([listener],), name="answering")
    with listener:
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join()


def _server(app: Any) -> uvicorn.Server:
    """Return a server that takes addresses from the connection alone: headers of a proxy are not believed.

    uvicorn logs no request, since a path may name what only its client should know.
    """
    return uvicorn.Server(
        uvicorn.Config(
            app,
            access_log=False,
            log_level="warning",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=10,
        )
    )
