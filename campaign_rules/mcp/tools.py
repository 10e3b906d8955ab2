"""The tools. Each returns plain data: the result schema, proofs, and entries of the rule base."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from campaign_rules import lookup
from campaign_rules.errors import CampaignRulesError
from campaign_rules.model import KnowledgeBase, Observation, State
from campaign_rules.observations import parse
from campaign_rules.serving.cases import Case, Cases
from campaign_rules.serving.problems import Problem
from campaign_rules.serving.request_log import LOG, place
from campaign_rules.serving.workers import Workers

Data = dict[str, Any]

Ticket = Annotated[str, Field(description="Words of a ticket: English, French, German, Italian or Spanish")]
Attachments = Annotated[list[str], Field(description="Texts of log lines, command output or HTTP replies")]
Observations = Annotated[
    list[str], Field(description="Observed: id, id@instance, id=value or id@instance=value of the catalogue")
]
Absent = Annotated[list[str], Field(description="Looked for and not there, written likewise")]
Unknown = Annotated[list[str], Field(description="Asked, and nobody can tell: not asked again")]
Retract = Annotated[list[str], Field(description="Withdrawn, as if it had never been observed")]
CaseId = Annotated[str, Field(description="The case that diagnose returned")]
ModuleId = Annotated[str, Field(description="A module of the catalogue, such as mta")]
Kind = Annotated[str, Field(description="modules, observations, facts, rules, causes or steps")]
Language = Annotated[str, Field(description="Language of the texts: en or it")]

_LOOKS = ToolAnnotations(read_only_hint=True, open_world_hint=False)


def add_case_tools(server: MCPServer, knowledge: KnowledgeBase, cases: Cases, workers: Workers) -> None:
    """Add the tools about one incident: diagnose, observe, why, why_not and next_checks."""

    @server.tool(annotations=_LOOKS)
    async def diagnose(
        ticket: Ticket = "",
        attachments: Attachments = [],  # noqa: B006
        observations: Observations = [],  # noqa: B006
        absent: Absent = [],  # noqa: B006
        language: Language = "en",
    ) -> Data:
        """Diagnose an incident: suspects by probability, plan, next checks and proof, under a new case.

        Addresses, names of hosts and accounts, and secrets of the texts come back as tokens.
        """

        def work() -> Data:
            case = Case(knowledge, language)
            case.tell(_given(observations, absent), ticket, attachments)
            found = case.diagnosis.to_dict()
            return {"case": cases.open(case), "diagnosis": found}

        return await _answer(workers, work)

    @server.tool(annotations=_LOOKS)
    async def observe(
        case: CaseId,
        ticket: Ticket = "",
        attachments: Attachments = [],  # noqa: B006
        observations: Observations = [],  # noqa: B006
        absent: Absent = [],  # noqa: B006
        unknown: Unknown = [],  # noqa: B006
        retract: Retract = [],  # noqa: B006
    ) -> Data:
        """Tell a case more, or withdraw what it was told, and diagnose it again."""

        def work() -> Data:
            found = cases.find(case)
            given = _given(observations, absent, unknown)
            found.tell(given, ticket, attachments, retract=retract)
            return {"case": case, "diagnosis": found.diagnosis.to_dict()}

        return await _answer(workers, work)

    @server.tool(annotations=_LOOKS)
    async def why(case: CaseId, module: ModuleId) -> Data:
        """Prove why a module is suspected: weights of evidence, and the rules down to what was observed."""
        return await _answer(workers, lambda: cases.find(case).diagnosis.explanation(module)["why"])

    @server.tool(annotations=_LOOKS)
    async def why_not(case: CaseId, module: ModuleId) -> Data:
        """Tell what speaks against a module, and which conditions its rules miss or find contradicted."""
        return await _answer(workers, lambda: cases.find(case).diagnosis.explanation(module)["why_not"])

    @server.tool(annotations=_LOOKS)
    async def next_checks(case: CaseId) -> Data:
        """List what to find out next, most information about the root cause per minute first."""
        return await _answer(
            workers, lambda: {"next_checks": cases.find(case).diagnosis.to_dict()["next_checks"]}
        )


def add_lookup_tools(server: MCPServer, knowledge: KnowledgeBase, workers: Workers) -> None:
    """Add the tools about what is known: list_entries and look_up."""

    @server.tool(annotations=_LOOKS)
    async def list_entries(kind: Kind = "modules", language: Language = "en") -> Data:
        """List the entries of a kind: ids with their labels, rules with what they conclude."""
        return await _answer(workers, lambda: {"entries": lookup.labels(knowledge, kind, language)})

    @server.tool(annotations=_LOOKS)
    async def look_up(id: Annotated[str, Field(description="An id of the catalogue")]) -> Data:
        """Return everything known under an id, by kind: a module, a rule with its source, a step."""
        return await _answer(workers, lambda: lookup.entries_called(knowledge, id))


def _given(
    observations: Iterable[str], absent: Iterable[str], unknown: Iterable[str] = ()
) -> list[Observation]:
    states = ((observations, State.PRESENT), (absent, State.ABSENT), (unknown, State.UNKNOWN))
    return [parse(one, state) for texts, state in states for one in texts]


async def _answer(workers: Workers, work: Callable[[], Data]) -> Data:
    """Return what `work` finds. Of an unexpected failure, the log names the kind and the place alone."""
    try:
        return await workers.run(work)
    except (CampaignRulesError, Problem) as error:
        raise ToolError(str(error)) from None
    except Exception as error:
        logging.getLogger(LOG).error("failed: %s", place(error))
        raise ToolError("the server failed; its log names the place") from None
