"""The service put together."""

from __future__ import annotations

from fastapi import FastAPI, Security
from fastapi.security import HTTPBearer

from campaign_rules.model import KnowledgeBase
from campaign_rules.rule_base import load_knowledge
from campaign_rules.service.catalogue import catalogue_routes
from campaign_rules.service.desk import Desk
from campaign_rules.service.diagnoses import WEBHOOK, diagnosis_routes, webhook_routes
from campaign_rules.service.errors import answer_problems
from campaign_rules.service.metrics import Metrics
from campaign_rules.service.operations import HEALTH, health_routes, metrics_routes
from campaign_rules.service.sessions import session_routes
from campaign_rules.service.settings import ServiceSettings
from campaign_rules.serving.body_limit import BodyLimit
from campaign_rules.serving.cases import Cases
from campaign_rules.serving.gate import Gate
from campaign_rules.serving.request_log import RequestLog
from campaign_rules.serving.signatures import Webhooks
from campaign_rules.serving.workers import Workers


def create_app(settings: ServiceSettings | None = None, knowledge: KnowledgeBase | None = None) -> FastAPI:
    """Return the service as an ASGI application, for the shipped rule base unless `knowledge` is given.

    ``GET /openapi.json`` describes it. It keeps its state to itself: two of them live in one process. Raises
    InputError for a webhook secret that is none.
    """
    settings = settings or ServiceSettings()
    knowledge = knowledge or load_knowledge()
    desk = Desk(knowledge, Cases(settings), Workers(settings))
    metrics = Metrics(knowledge, lambda: len(desk.cases))
    app = FastAPI(
        title="campaign-rules",
        summary="Root causes of incidents on Adobe Campaign Classic v7.",
        version=knowledge.version,
        docs_url=None,
        redoc_url=None,
    )
    bearer = [Security(HTTPBearer(auto_error=False))] if settings.tokens else []
    for routes in (
        diagnosis_routes(desk),
        session_routes(desk),
        catalogue_routes(desk),
        metrics_routes(metrics),
    ):
        app.include_router(routes, dependencies=bearer)
    app.include_router(health_routes())
    free = [HEALTH]
    if settings.webhook_secrets:
        app.include_router(webhook_routes(desk, Webhooks(settings.webhook_secrets, settings.webhook_seconds)))
        free.append(WEBHOOK)
    answer_problems(app)
    app.add_middleware(BodyLimit, settings=settings)
    app.add_middleware(Gate, settings=settings, free=free)
    app.add_middleware(RequestLog, told=metrics.count)
    return app
