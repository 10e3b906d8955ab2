"""The server over HTTP, behind the same gate as the service."""

from __future__ import annotations

from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import ASGIApp

from campaign_rules.serving.body_limit import BodyLimit
from campaign_rules.serving.gate import Gate
from campaign_rules.serving.request_log import RequestLog
from campaign_rules.serving.settings import Settings

PATH = "/mcp"


def create_http_app(server: MCPServer, settings: Settings | None = None) -> ASGIApp:
    """Return `server` as an ASGI application: streamable HTTP at ``/mcp``, without state between requests.

    Cases live on in the server. The gate checks host, token and rate.
    """
    settings = settings or Settings()
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=settings.body_bytes,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return RequestLog(Gate(BodyLimit(app, settings), settings))
