"""Servers in the tests that stand for a ticketing system: what they were asked, and failures in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from tests.service.running import running


class VendorApp:
    """An application that answers with `failures` first, one each, and records what it was asked.

    While `losing` is a method, requests of it are carried out, and their replies get lost on the way.
    """

    def __init__(self) -> None:
        self.failures: list[Response] = []
        self.losing = ""
        self.requests: list[tuple[str, str]] = []
        self._app = Starlette(routes=self.routes())

    def routes(self) -> list[Route]:
        """Return what the system answers to."""
        raise NotImplementedError

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests.append((scope["method"], scope["path"]))
        if self.failures:
            await Request(scope, receive).body()
            await self.failures.pop(0)(scope, receive, send)
        elif scope["method"] == self.losing:
            await self._app(scope, receive, _nobody)
            await Response(status_code=502)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


async def _nobody(_: Message) -> None:
    """Send a message to nobody."""


class Stage:
    """One address, where now this application answers and now that."""

    def __init__(self) -> None:
        self.app: Any = Starlette()
        self.url = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self.app if scope["type"] == "http" else Starlette())(scope, receive, send)


@contextmanager
def stage() -> Iterator[Stage]:
    """Yield a stage that listens on a free port of this machine."""
    made = Stage()
    with running(made) as made.url:
        yield made
