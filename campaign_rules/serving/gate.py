"""The gate before an application: host, token and rate are checked before anything of a request is read."""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from campaign_rules.serving.listening import LOOPBACK_NAMES
from campaign_rules.serving.problems import Problem
from campaign_rules.serving.rate_limit import RateLimit
from campaign_rules.serving.settings import Settings
from campaign_rules.serving.tokens import holder

CLIENT = "campaign_rules.client"
"""Key of the ASGI scope under which the name of the client is found."""


class Gate:
    """Lets through who shows a token, and who asks for one of the paths `free`, which show nothing by it.

    Without tokens only this machine reaches the port, and the ``Host`` header has to name it: a page in a
    browser cannot ask by way of a name of its own (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, settings: Settings, free: Collection[str] = ()) -> None:
        self._app = app
        self._tokens = settings.tokens
        self._free = frozenset(free)
        self._rate = RateLimit(settings.requests_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "http":
            try:
                scope[CLIENT] = self._client(scope)
            except Problem as problem:
                await problem.response()(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _client(self, scope: Scope) -> str:
        headers = Headers(scope=scope)
        peer = scope["client"][0] if scope.get("client") else ""
        name = holder(headers.get("authorization", ""), self._tokens)
        self._rate.count(name or f"address {peer}")
        if not self._tokens:
            if _without_port(headers.get("host", "")) not in LOOPBACK_NAMES:
                raise Problem(421, f"ask for {' or '.join(LOOPBACK_NAMES)}: there is no token")
        elif name is None and scope["path"] not in self._free:
            raise Problem(401, "show a token: Authorization: Bearer TOKEN", {"WWW-Authenticate": "Bearer"})
        return name or ""


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host
