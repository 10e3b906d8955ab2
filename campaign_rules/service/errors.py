"""What goes wrong, as problem documents with the library's own message."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from campaign_rules.errors import CampaignRulesError
from campaign_rules.service.replies import ProblemReply
from campaign_rules.serving.problems import MEDIA_TYPE, Problem

MEANINGS = {
    400: "The request cannot be read",
    401: "No token, or none that is known",
    404: "There is nothing of this name",
    408: "The body did not arrive in time",
    413: "The body is too large",
    421: "The Host header names another machine",
    422: "The content cannot be used; `detail` names the place and the nearest right word",
    429: "Too many requests from this client",
    500: "The service failed",
    503: "Too much work, or it took too long",
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of problems with `statuses`, besides those that any request may meet."""
    schema = ProblemReply.model_json_schema()
    return {
        status: {"description": MEANINGS[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in sorted({*statuses, 401, 421, 429, 500})
    }


def answer_problems(app: FastAPI) -> None:
    """Make `app` answer every error as a problem document."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(CampaignRulesError, _unusable)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _plain)


def invalid(error: RequestValidationError | ValidationError) -> Problem:
    """Return what is wrong with content, place by place, without repeating the content."""
    faults = [
        f"{'.'.join(str(part) for part in one['loc'] if part != 'body') or 'body'}: {one['msg']}"
        for one in error.errors()
    ]
    return Problem(422, "; ".join(dict.fromkeys(faults)))


def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response()


def _unusable(request: Request, error: Exception) -> Response:
    return Problem(422, str(error)).response()


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return invalid(error).response()


def _plain(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = {"Allow": _allowed(request)} if error.status_code == 405 else error.headers
    return Problem(error.status_code, str(error.detail), headers).response()


def _allowed(request: Request) -> str:
    """Return the methods of all routes with the path of a request; the framework names those of the first."""
    path = getattr(request.scope.get("route"), "path", "")
    routes = request.app.openapi()["paths"].get(path, {})
    return ", ".join(sorted(method.upper() for method in routes))
