from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import trustme

Serve = Callable[..., ssl.SSLContext]


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trust(authority: trustme.CA) -> ssl.SSLContext:
    """What a client of the test servers trusts."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def served(authority: trustme.CA) -> Serve:
    """Make the context of a server for `name`, whose certificate ends in year `until`."""

    def make(name: str = "localhost", until: int = 2999) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ends = datetime(until, 1, 1, tzinfo=UTC)
        certificate = authority.issue_cert(name, not_before=datetime(1999, 1, 1, tzinfo=UTC), not_after=ends)
        certificate.configure_cert(context)
        return context

    return make
