"""For whoever runs the service: does it answer, and how much does it do."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from campaign_rules.service.errors import documented
from campaign_rules.service.metrics import Metrics
from campaign_rules.service.replies import HealthReply

HEALTH = "/health"


def health_routes() -> APIRouter:
    """Return the route for load balancers, which needs no token and tells nothing but that it answers."""
    routes = APIRouter(tags=["operations"])

    @routes.get(HEALTH, responses=documented())
    async def health() -> HealthReply:
        """Tell that the service answers."""
        return HealthReply(status="ok")

    return routes


def metrics_routes(metrics: Metrics) -> APIRouter:
    """Return the route that Prometheus reads."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/metrics", response_class=PlainTextResponse, responses=documented())
    async def read_metrics() -> Response:
        """Return counts and times of requests, for Prometheus."""
        return Response(metrics.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return routes
