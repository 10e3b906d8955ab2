"""Webhooks of the tracker: each makes the worker look at once, and tells nothing in return."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from campaign_rules.errors import InputError, TrackerError
from campaign_rules.serving.body_limit import BodyLimit
from campaign_rules.serving.gate import Gate
from campaign_rules.serving.problems import Problem
from campaign_rules.serving.request_log import Handled, RequestLog
from campaign_rules.serving.settings import Settings
from campaign_rules.tickets.configuration.settings import Signature, Webhooks
from campaign_rules.tickets.state.queue import Queue
from campaign_rules.tickets.tracker import Receiving, Tracker
from campaign_rules.tickets.worker.bell import Bell
from campaign_rules.tickets.worker.genuine import usual_signature, verifier

WEBHOOK, HEALTH = "/v1/webhooks", "/health"

KEY_PATHS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "jira": (("issue", "key"),),
    "redmine": (("data", "issue", "id"), ("payload", "issue", "id")),
    "zammad": (("ticket", "id"),),
}
"""Where the webhooks of a tracker name the ticket; others name it in ``key``."""


class Intake:
    """Takes in what webhooks say, with a tracker of its own."""

    def __init__(self, kind: str, tracker: Tracker, queue: Queue, bell: Bell) -> None:
        self._paths = KEY_PATHS.get(kind, (("key",),))
        self._tracker = tracker
        self._queue = queue
        self._bell = bell
        self._one_at_a_time = threading.Lock()

    def take(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Note what a genuine message says, and wake the worker.

        A tracker that is sent its tickets keeps this one. Of the others, a ticket that is known is looked at
        again; one that is not comes by asking, which tells whether it is among those that are wanted.

        Raises InputError and TrackerError as `Receiving.receive` does.
        """
        if isinstance(self._tracker, Receiving):
            with self._one_at_a_time:
                changed = self._tracker.receive(body, headers)
            self._queue.tell(changed)
        elif key := _key(body, self._paths):
            self._queue.mark(key)
        self._bell.ring()


def create_intake(
    hooks: Webhooks,
    kind: str,
    take: Callable[[bytes, Mapping[str, str]], None],
    told: Callable[[Handled], None] = lambda handled: None,
) -> Starlette:
    """Return the ASGI application that receives webhooks: ``POST /v1/webhooks``, answered with 202.

    Raises InputError for a secret that is none.
    """
    signature = Signature(hooks.signature) if hooks.signature else usual_signature(kind)
    verify = verifier(signature, hooks.secrets) if hooks.secrets else lambda headers, body: None

    async def receive(request: Request) -> Response:
        body = await request.body()
        verify(request.headers, body)
        try:
            await run_in_threadpool(take, body, dict(request.headers))
        except InputError as error:
            raise Problem(422, str(error)) from None
        except (TrackerError, SQLAlchemyError):
            raise Problem(503, "this cannot be kept now; send it again", {"Retry-After": "60"}) from None
        return Response(status_code=202)

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    settings = Settings(tokens=hooks.secrets)
    free = {HEALTH} if signature is Signature.TOKEN else {HEALTH, WEBHOOK}
    return Starlette(
        routes=[Route(WEBHOOK, receive, methods=["POST"]), Route(HEALTH, health, methods=["GET"])],
        exception_handlers={Problem: _problem, HTTPException: _problem},
        middleware=[
            Middleware(RequestLog, told=told),
            Middleware(Gate, settings=settings, free=free),
            Middleware(BodyLimit, settings=settings),
        ],
    )


async def _problem(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):
        error = Problem(error.status_code, "POST to /v1/webhooks", error.headers)
    assert isinstance(error, Problem)
    return error.response()


def _key(body: bytes, paths: tuple[tuple[str, ...], ...]) -> str:
    """Return the key of the ticket that a message is about, "" if it names none."""
    try:
        message = json.loads(body)
    except ValueError:
        return ""
    for path in paths:
        found: Any = message
        for part in path:
            found = found.get(part) if isinstance(found, dict) else None
        if isinstance(found, str | int) and not isinstance(found, bool):
            return str(found)
    return ""
