"""What the rule base knows: modules, observations, derived facts, rules, causes and steps."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse

from campaign_rules import lookup
from campaign_rules.report import languages
from campaign_rules.service.desk import Desk, found_at_path
from campaign_rules.service.errors import documented
from campaign_rules.service.replies import CatalogueReply, Entry, EntryReply
from campaign_rules.service.requests import Language

Kind = StrEnum("Kind", {kind: kind for kind in lookup.KINDS})  # type: ignore[misc]
Name = Annotated[str, Path(alias="id", pattern=r"^[A-Za-z0-9_-]+$", max_length=100, examples=["stat"])]


def catalogue_routes(desk: Desk) -> APIRouter:
    """Return the routes of the catalogue."""
    routes = APIRouter(prefix="/v1/catalogue", tags=["catalogue"])
    knowledge = desk.knowledge

    @routes.get("", response_model=CatalogueReply, responses=documented())
    async def overview() -> JSONResponse:
        """Return the version of the rule base and how much of each kind it holds."""
        return JSONResponse(
            {
                "knowledge_version": knowledge.version,
                "knowledge_fingerprint": knowledge.fingerprint,
                "languages": sorted(languages()),
                "kinds": {kind: len(getattr(knowledge, kind)) for kind in lookup.KINDS},
            }
        )

    @routes.get("/{kind}", response_model=list[EntryReply], responses=documented(422))
    async def entries(kind: Kind, language: Annotated[Language, Query()] = "en") -> JSONResponse:
        """Return the entries of a kind with their labels; another language falls back to English."""
        found = lookup.labels(knowledge, kind, language)
        return JSONResponse([{"id": name, "label": label} for name, label in found.items()])

    @routes.get("/{kind}/{id}", response_model=Entry, responses=documented(404, 422, 503))
    async def entry(kind: Kind, name: Name) -> JSONResponse:
        """Return everything known under an id."""
        return await desk.shown(found_at_path(lambda: lookup.entry(knowledge, kind, name)))

    return routes
