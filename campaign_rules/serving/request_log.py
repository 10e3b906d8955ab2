"""One line of the log for each request, without anything of what it carries."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable

from attrs import frozen
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from campaign_rules.serving.problems import Problem

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

LOG = "campaign_rules.serving"


@frozen
class Handled:
    """A request that was answered: `route` is the pattern of its path, never the path itself."""

    method: str
    route: str
    status: int
    seconds: float


class RequestLog:
    """Logs each request, tells `told` of it, and answers what failed unexpectedly with a bare 500.

    Of such a failure the log names the kind and the place, not the message: that may hold a client's text.
    """

    def __init__(self, app: ASGIApp, told: Callable[[Handled], None] = lambda handled: None) -> None:
        self._app = app
        self._told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have a request answered, and log it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, started = 0, time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:
            logging.getLogger(LOG).error("failed: %s", place(error))
            if not status:
                await Problem(500, "the service failed; its log names the place").response()(
                    scope, receive, noting
                )
        method = scope["method"] if scope["method"] in METHODS else "other"
        route = getattr(scope.get("route"), "path", "unknown")
        self._log(Handled(method, route, status, time.perf_counter() - started))

    def _log(self, handled: Handled) -> None:
        logging.getLogger(LOG).info(
            "method=%s route=%s status=%d ms=%.1f",
            handled.method,
            handled.route,
            handled.status,
            1000 * handled.seconds,
        )
        self._told(handled)


def place(error: Exception) -> str:
    """Return the kind of an error and the line that raised it, without its message."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {frame.filename}:{frame.lineno}"
