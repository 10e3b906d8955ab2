"""The catalogue as resources: ``campaign-rules://catalogue``, one list of each kind, and every entry."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError

from campaign_rules import lookup
from campaign_rules.errors import UnknownNameError
from campaign_rules.model import KnowledgeBase

CATALOGUE = "campaign-rules://catalogue"

_JSON = "application/json"


def add_resources(server: MCPServer, knowledge: KnowledgeBase) -> None:
    """Add the catalogue."""

    @server.resource(CATALOGUE, mime_type=_JSON)
    def catalogue() -> str:
        """The version of the rule base, and how much of each kind it holds."""
        return _json(
            lambda: {
                "knowledge_version": knowledge.version,
                "knowledge_fingerprint": knowledge.fingerprint,
                "kinds": {kind: len(getattr(knowledge, kind)) for kind in lookup.KINDS},
            }
        )

    @server.resource(f"{CATALOGUE}/{{kind}}", mime_type=_JSON)
    def entries(kind: str) -> str:
        """The entries of a kind: modules, observations, facts, rules, causes or steps."""
        return _json(lambda: lookup.labels(knowledge, kind))

    @server.resource(f"{CATALOGUE}/{{kind}}/{{id}}", mime_type=_JSON)
    def entry(kind: str, id: str) -> str:
        """Everything known under an id."""
        return _json(lambda: lookup.entry(knowledge, kind, id))


def _json(document: Callable[[], Any]) -> str:
    try:
        return json.dumps(document(), ensure_ascii=False)
    except UnknownNameError as error:
        raise ResourceNotFoundError(str(error)) from None
