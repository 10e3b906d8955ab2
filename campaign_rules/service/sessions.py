"""Incidents that unfold: observe, retract, ask what to check next, and why."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response

from campaign_rules.service.desk import Desk, found_at_path
from campaign_rules.service.errors import documented
from campaign_rules.service.replies import ExplanationReply, NextCheckOfSession, SessionReply
from campaign_rules.service.requests import Evidence, Incident, Retraction
from campaign_rules.serving.cases import Case
from campaign_rules.serving.gate import CLIENT

Module = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]+$", max_length=100, examples=["stat"])]
Id = Annotated[str, Path(alias="id", pattern=r"^[A-Za-z0-9_-]+$", max_length=100)]

_OPENING = documented(400, 408, 413, 422, 503)
_WRITING = documented(400, 404, 408, 413, 422, 503)
_READING = documented(404, 422, 503)


def session_routes(desk: Desk) -> APIRouter:
    """Return the routes of sessions. A session is its opener's alone and ends a while after its last use."""
    routes = APIRouter(prefix="/v1/sessions", tags=["sessions"])

    @routes.post("", status_code=201, response_model=SessionReply, responses=_OPENING)
    async def open_session(incident: Incident, request: Request) -> JSONResponse:
        """Open a session with what is known, which may be nothing yet."""
        case = await desk.case(incident, incident.language)
        name = desk.cases.open(case, request.scope[CLIENT])
        return await desk.shown(lambda: _session(name, case), 201, Location=f"/v1/sessions/{name}")

    @routes.get("/{id}", response_model=SessionReply, responses=_READING)
    async def read_session(name: Id, request: Request) -> JSONResponse:
        """Return the present diagnosis."""
        case = desk.cases.find(name, request.scope[CLIENT])
        return await desk.shown(lambda: _session(name, case))

    @routes.delete("/{id}", status_code=204, responses=_READING)
    async def close_session(name: Id, request: Request) -> Response:
        """End a session, and forget what it held."""
        desk.cases.close(name, request.scope[CLIENT])
        return Response(status_code=204)

    @routes.post("/{id}/observations", response_model=SessionReply, responses=_WRITING)
    async def observe(name: Id, evidence: Evidence, request: Request) -> JSONResponse:
        """Add what texts say, and observations, which replace what was known of the same thing.

        To answer a check with "I don't know", give its observation with the state unknown.
        """
        case = desk.cases.find(name, request.scope[CLIENT])
        await desk.tell(case, evidence)
        return await desk.shown(lambda: _session(name, case))

    @routes.post("/{id}/retractions", response_model=SessionReply, responses=_WRITING)
    async def retract(name: Id, retraction: Retraction, request: Request) -> JSONResponse:
        """Withdraw observations, as if they had never come. What was never observed is ignored."""
        case = desk.cases.find(name, request.scope[CLIENT])
        await desk.workers.run(lambda: case.tell(retract=retraction.observations))
        return await desk.shown(lambda: _session(name, case))

    @routes.get("/{id}/next-check", response_model=NextCheckOfSession, responses=_READING)
    async def next_check(name: Id, request: Request) -> JSONResponse:
        """Return the check that tells most for its time."""
        case = desk.cases.find(name, request.scope[CLIENT])
        return await desk.shown(lambda: {"next_check": next(iter(_diagnosis(case)["next_checks"]), None)})

    @routes.get("/{id}/explanations/{module}", response_model=ExplanationReply, responses=_READING)
    async def explain(name: Id, module: Module, request: Request) -> JSONResponse:
        """Return why a module is suspected, and why not: the rules, down to what was observed."""
        case = desk.cases.find(name, request.scope[CLIENT])
        return await desk.shown(found_at_path(lambda: case.diagnosis.explanation(module)))

    return routes


def _session(name: str, case: Case) -> dict[str, Any]:
    return {"id": name, "diagnosis": _diagnosis(case)}


def _diagnosis(case: Case) -> dict[str, Any]:
    return case.diagnosis.to_dict()
