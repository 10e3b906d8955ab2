"""The way to the server: its name, its port and its certificate, one line of the transcript each."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
from collections.abc import Callable

from attrs import frozen

from campaign_rules.collection.target import Target
from campaign_rules.errors import InputError

Lookup = Callable[[str], tuple[str, ...]]
"""A host name to its addresses. Raises OSError when it has none."""

_NAME_MISMATCH = frozenset({62, 64})
"""OpenSSL's verification results for a certificate of another host name or address."""


@frozen
class Step:
    """A line of the transcript, and why nothing further can be tried ("" when it can)."""

    line: str
    obstacle: str = ""


def look_up(host: str) -> tuple[str, ...]:
    """Return the addresses of `host`, sorted. Raises OSError when the name does not resolve."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(sorted({str(entry[4][0]) for entry in found}))


def resolve(target: Target, timeout: float, lookup: Lookup = look_up) -> Step:
    """Resolve the name of `target` within `timeout` seconds."""
    answers: queue.Queue[tuple[str, ...]] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(lookup(target.host))
        except OSError:
            answers.put(())

    threading.Thread(target=ask, daemon=True).start()
    try:
        addresses = answers.get(timeout=timeout)
    except queue.Empty:
        return Step(f"resolve {target.host} -> timeout after {timeout:g} s", "name not resolved")
    if not addresses:
        return Step(f"resolve {target.host} -> name not resolved", "name not resolved")
    return Step(f"resolve {target.host} -> {', '.join(addresses)}")


def connect(host: str, port: int, timeout: float) -> Step:
    """Open a TCP connection and close it again."""
    outcome = ""
    try:
        socket.create_connection((host, port), timeout).close()
    except TimeoutError:
        outcome = f"timeout after {timeout:g} s"
    except ConnectionRefusedError:
        outcome = "refused"
    except OSError as error:
        outcome = f"unreachable: {error.strerror or error}"
    return Step(f"connect {host}:{port} -> {outcome or 'open'}", outcome)


def connect_aside(host: str, port: int, timeout: float) -> Step:
    """Open a TCP connection to a port that the pages do not need."""
    return Step(connect(host, port, timeout).line)


def certificate(target: Target, timeout: float, trust: ssl.SSLContext) -> Step:
    """Check the certificate of `target` with a TLS handshake; nothing is asked.

    Raises :class:`InputError` when it is the certificate of another server.
    """
    place = f"handshake {target.host}:{target.port}"
    try:
        with (
            socket.create_connection((target.host, target.port), timeout) as plain,
            trust.wrap_socket(plain, server_hostname=target.host) as secure,
        ):
            described = secure.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        check_names(target, error)
        return Step(f"{place} -> not accepted: {error.verify_message}", "certificate not accepted")
    except TimeoutError:
        return Step(f"{place} -> timeout after {timeout:g} s", f"timeout after {timeout:g} s")
    except OSError as error:
        return Step(f"{place} -> failed: {error.strerror or error}", "handshake failed")
    return Step(f"{place} -> accepted until {described.get('notAfter', 'an unknown date')}")


def check_names(target: Target, error: ssl.SSLCertVerificationError) -> None:
    """Raise :class:`InputError` if `error` means that the certificate is that of another server."""
    if error.verify_code in _NAME_MISMATCH:
        raise InputError(f"{target.origin}: the certificate is that of another server") from None
