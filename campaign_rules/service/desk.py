"""What the routes of one application share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import frozen
from fastapi.responses import JSONResponse

from campaign_rules.errors import UnknownNameError
from campaign_rules.model import KnowledgeBase
from campaign_rules.service.requests import Evidence
from campaign_rules.serving.cases import Case, Cases
from campaign_rules.serving.problems import Problem
from campaign_rules.serving.workers import Workers


@frozen
class Desk:
    """The knowledge base, the open cases, and the threads that do the work."""

    knowledge: KnowledgeBase
    cases: Cases
    workers: Workers

    async def case(self, incident: Evidence, language: str) -> Case:
        """Return a new case with what is known of `incident`, once it could be diagnosed."""

        def work() -> Case:
            case = Case(self.knowledge, language)
            _tell(case, incident)
            _ = case.diagnosis
            return case

        return await self.workers.run(work)

    async def tell(self, case: Case, evidence: Evidence) -> None:
        """Add `evidence` to a case."""
        await self.workers.run(lambda: _tell(case, evidence))

    async def shown(self, document: Callable[[], Any], status: int = 200, **headers: str) -> JSONResponse:
        """Return the reply with a document that a thread makes."""
        return JSONResponse(await self.workers.run(document), status, headers)


def found_at_path(document: Callable[[], Any]) -> Callable[[], Any]:
    """Return `document` with an unknown name, which was part of the path, as Problem 404."""

    def find() -> Any:
        try:
            return document()
        except UnknownNameError as error:
            raise Problem(404, str(error)) from None

    return find


def _tell(case: Case, evidence: Evidence) -> None:
    case.tell(evidence.given(), evidence.ticket, evidence.attachments, evidence.redact)
