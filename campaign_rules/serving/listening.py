"""Where a server may listen, and what answers there."""

from __future__ import annotations

from collections.abc import Sequence
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


def listen(app: Any, host: str, port: int) -> None:
    """Answer on a port until the process is told to end; open requests are finished first.

    Addresses come from the connection alone: headers of a proxy are not believed. uvicorn logs no request,
    since a path may name what only its client should know.
    """
    uvicorn.run(
        app,
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
