"""The documented checks of a server from outside, in order, as one transcript.

Name, port and certificate come first; what they rule out is not tried. Then the pages that
production/using/monitoring-processes.md#information-published-by-the-server and
production/using/failure-to-connect.md#failure-to-connect name are asked for once each. Nothing is sent
but GET requests without credentials.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from campaign_rules.collection.connection import (
    Lookup,
    Step,
    certificate,
    connect,
    connect_aside,
    look_up,
    resolve,
)
from campaign_rules.collection.requests import ask, open_client
from campaign_rules.collection.target import Target, check_instance

REDIRECTION = "/r/test"
PAGES = (REDIRECTION, "/nl/jsp/ping.jsp", "/nl/jsp/logon.jsp")

TIMEOUT = 10.0
"""Seconds that one check may take, unless the caller says otherwise."""


def probe(
    target: Target,
    *,
    timeout: float = TIMEOUT,
    ports: Iterable[int] = (),
    trust: ssl.SSLContext | None = None,
    lookup: Lookup = look_up,
    clock: Callable[[], float] = time.monotonic,
    announce: Callable[[str], None] = lambda doing: None,
) -> str:
    """Check `target` and return the transcript: a line for each check, and the replies below theirs.

    `ports` are tried besides that of the address, each check ends after `timeout` seconds, `trust` says
    which certificates are accepted (those that the machine trusts), and `announce` hears what is being
    done. Raises :class:`InputError` as soon as an answer shows that this is not the server that was named.
    """
    trust = trust or ssl.create_default_context()
    way = []
    for doing, step in _way(target, timeout, ports, trust, lookup):
        announce(doing)
        way.append(step())
        if way[-1].obstacle:
            break
    head = "\n".join(step.line for step in way)
    if obstacle := way[-1].obstacle:
        untried = "\n".join(f"GET {target.origin}{path} -> not tried: {obstacle}" for path in PAGES)
        return f"{head}\n{untried}\n"
    parts = [head]
    with open_client(timeout, trust) as client:
        for path in PAGES:
            announce(f"asking for {path}")
            reply = ask(client, target, path, timeout, clock)
            if path == REDIRECTION:
                check_instance(target, reply.body)
            parts.append(reply.transcript)
    return "\n\n".join(parts) + "\n"


def _way(
    target: Target, timeout: float, ports: Iterable[int], trust: ssl.SSLContext, lookup: Lookup
) -> Iterator[tuple[str, Callable[[], Step]]]:
    """Yield what is to be done on the way to the pages, each with the function that does it."""
    yield f"looking up {target.host}", partial(resolve, target, timeout, lookup)
    for port in sorted(set(ports) - {target.port}):
        yield f"trying port {port}", partial(connect_aside, target.host, port, timeout)
    yield f"trying port {target.port}", partial(connect, target.host, target.port, timeout)
    if target.secure:
        yield "checking the certificate", partial(certificate, target, timeout, trust)
