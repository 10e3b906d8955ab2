"""One incident in, its diagnosis out: for clients with a token, and for signed webhooks."""

from __future__ import annotations

from fastapi import APIRouter, Request, Security
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyHeader
from pydantic import ValidationError

from campaign_rules.service.desk import Desk
from campaign_rules.service.errors import documented, invalid
from campaign_rules.service.replies import DiagnosisReply
from campaign_rules.service.requests import Incident
from campaign_rules.serving.signatures import SIGNATURE, Webhooks

WEBHOOK = "/v1/webhooks/tickets"


def diagnosis_routes(desk: Desk) -> APIRouter:
    """Return the route of diagnoses."""
    routes = APIRouter(tags=["diagnoses"])

    @routes.post(
        "/v1/diagnoses", response_model=DiagnosisReply, responses=documented(400, 408, 413, 422, 503)
    )
    async def diagnose(incident: Incident) -> JSONResponse:
        """Diagnose an incident. Nothing of it is kept."""
        case = await desk.case(incident, incident.language)
        return await desk.shown(lambda: case.diagnosis.to_dict())

    return routes


def webhook_routes(desk: Desk, webhooks: Webhooks) -> APIRouter:
    """Return the route of signed messages. The signature is checked before the message is looked at."""
    routes = APIRouter(tags=["webhooks"])
    signed = Security(APIKeyHeader(name=SIGNATURE, scheme_name="Standard Webhooks", auto_error=False))
    body = {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Incident"}}},
    }

    @routes.post(
        WEBHOOK,
        response_model=DiagnosisReply,
        responses=documented(408, 413, 422, 503),
        dependencies=[signed],
        openapi_extra={"requestBody": body},
    )
    async def receive(request: Request) -> JSONResponse:
        """Diagnose an incident that a message tells, signed as Standard Webhooks say, each message once."""
        content = await request.body()
        webhooks.verify(request.headers, content)
        try:
            incident = Incident.model_validate_json(content)
        except ValidationError as error:
            raise invalid(error) from None
        case = await desk.case(incident, incident.language)
        return await desk.shown(lambda: case.diagnosis.to_dict())

    return routes
