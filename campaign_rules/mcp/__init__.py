"""Diagnosis for agents: a server of the Model Context Protocol, made by :func:`create_server`.

Needs the extra ``mcp``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign_rules.lazy import lazily

if TYPE_CHECKING:
    from campaign_rules.mcp.http import create_http_app as create_http_app
    from campaign_rules.mcp.server import create_server as create_server

__getattr__, __all__ = lazily(__name__, {"http": ("create_http_app",), "server": ("create_server",)})
