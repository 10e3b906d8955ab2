"""The server: its tools and its resources, for one knowledge base."""

from __future__ import annotations

from mcp.server import MCPServer

from campaign_rules.mcp.resources import add_resources
from campaign_rules.mcp.tools import add_case_tools, add_lookup_tools
from campaign_rules.model import KnowledgeBase
from campaign_rules.rule_base import load_knowledge
from campaign_rules.serving.cases import Cases
from campaign_rules.serving.settings import Settings
from campaign_rules.serving.workers import Workers

INSTRUCTIONS = """\
Diagnoses incidents on Adobe Campaign Classic v7 from facts. Call diagnose with the words of the ticket, log
lines and command output, or with observations of the catalogue. It returns a case, ranked suspects, ordered
steps, next checks and the proof. Find out what next_checks asks and tell it with observe: present, absent, or
unknown if nobody can tell. Cite rules and their sources from why and why_not; do not add causes of your own.
Nothing was looked at unless it was observed: unknown is not absent."""


def create_server(settings: Settings | None = None, knowledge: KnowledgeBase | None = None) -> MCPServer:
    """Return the server, for the shipped rule base unless `knowledge` is given.

    It logs neither arguments nor results.
    """
    settings = settings or Settings()
    knowledge = knowledge or load_knowledge()
    server: MCPServer = MCPServer(
        "campaign-rules",
        title="campaign-rules",
        instructions=INSTRUCTIONS,
        version=knowledge.version,
        log_level="WARNING",
    )
    workers = Workers(settings)
    add_case_tools(server, knowledge, Cases(settings), workers)
    add_lookup_tools(server, knowledge, workers)
    add_resources(server, knowledge)
    return server
