"""An agent's session: in this process, over standard input, and over HTTP behind the gate."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

import campaign_rules as cr
from tests.rule_bases import write_rule_base
from tests.service.running import running

pytest.importorskip("mcp")

import httpx2
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from campaign_rules.mcp import create_http_app, create_server
from campaign_rules.serving.settings import Settings

TOKEN = "a-token-that-nobody-guesses"

TOOLS = ["diagnose", "observe", "why", "why_not", "next_checks", "list_entries", "look_up"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rule_base(tmp_path_factory.mktemp("rules"))


@pytest.fixture(scope="module")
def base(folder: Path) -> cr.KnowledgeBase:
    return cr.load_knowledge(folder)


def session(target: Any, talk: Callable[[Client], Awaitable[None]]) -> None:
    async def run() -> None:
        async with Client(target) as client:
            await talk(client)

    asyncio.run(run())


async def data(client: Client, tool: str, **arguments: object) -> dict[str, Any]:
    """Call a tool, and return its data, which the text content has to repeat."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    found = result.structured_content
    assert isinstance(found, dict)
    (text,) = result.content
    assert json.loads(text.text) == found  # type: ignore[union-attr]
    return found


async def fault(client: Client, tool: str, **arguments: object) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    return result.content[0].text  # type: ignore[union-attr, no-any-return]


async def _interview(client: Client) -> None:
    """The session of an agent: list, diagnose, ask why and why not, check, observe."""
    assert [tool.name for tool in (await client.list_tools()).tools] == TOOLS
    opened = await data(client, "diagnose", observations=["mails-not-sent"])
    case = opened["case"]
    assert [one["module"] for one in opened["diagnosis"]["suspects"]] == ["mta", "stat"]

    checks = (await data(client, "next_checks", case=case))["next_checks"]
    assert checks[0]["observation"] == "stat-missing"
    found = await data(client, "observe", case=case, observations=["stat-missing"])
    assert found["diagnosis"]["suspects"][0]["cause"] == "stat-stopped"

    why = await data(client, "why", case=case, module="stat")
    proof = why["suspects"][0]["proof"]
    assert [one["rule"] for one in proof] == ["no-mail", "stat-gone"]
    assert proof[1]["because"][0]["fact"] == "stat-missing"

    why_not = await data(client, "why_not", case=case, module="mta")
    assert why_not["would_support"] == [
        {
            "rule": "mta-slow",
            "concludes": [{"verb": "supports", "target": "mta-overloaded", "strength": "possible"}],
            "unmet": [
                {
                    "fact": "queue-long",
                    "state": "present",
                    "value": None,
                    "comparison": None,
                    "known": "missing",
                }
            ],
            "blocked_by": [],
        }
    ]


def test_a_session_in_this_process(base: cr.KnowledgeBase) -> None:
    session(create_server(knowledge=base), _interview)


def test_what_is_told_may_be_denied_unknown_or_withdrawn(base: cr.KnowledgeBase) -> None:
    async def talk(client: Client) -> None:
        opened = await data(client, "diagnose", observations=["mails-not-sent"])
        case = opened["case"]
        denied = await data(client, "observe", case=case, absent=["stat-missing"])
        assert denied["diagnosis"]["observations"][1]["state"] == "absent"
        untold = await data(client, "observe", case=case, unknown=["stat-missing"])
        assert [one["observation"] for one in untold["diagnosis"]["next_checks"]] == ["queue"]
        again = await data(client, "observe", case=case, retract=["stat-missing"])
        assert again == opened

    session(create_server(knowledge=base), talk)


def test_faults_name_the_right_word(base: cr.KnowledgeBase) -> None:
    async def talk(client: Client) -> None:
        case = (await data(client, "diagnose"))["case"]
        unknown = await fault(client, "diagnose", observations=["stat-mising"])
        assert "unknown observation 'stat-mising' (did you mean 'stat-missing'?)" in unknown
        assert "(did you mean 'mta'?)" in await fault(client, "why", case=case, module="mtb")
        assert "no case with this id" in await fault(client, "why", case="nobody's", module="mta")
        assert "unknown kind 'module'" in await fault(client, "list_entries", kind="module")

    session(create_server(knowledge=base), talk)


def test_modules_and_rules_are_looked_up(base: cr.KnowledgeBase) -> None:
    async def talk(client: Client) -> None:
        entries = (await data(client, "list_entries", kind="modules", language="it"))["entries"]
        assert entries == {"mta": "Server di consegna", "stat": "Server statistiche"}
        assert (await data(client, "look_up", id="no-mail"))["rules"]["id"] == "no-mail"

    session(create_server(knowledge=base), talk)


def test_the_catalogue_is_a_resource(base: cr.KnowledgeBase) -> None:
    async def read(client: Client, uri: str) -> Any:
        (content,) = (await client.read_resource(uri)).contents
        return json.loads(content.text)  # type: ignore[union-attr]

    async def talk(client: Client) -> None:
        (resource,) = (await client.list_resources()).resources
        assert (await read(client, resource.uri))["kinds"]["modules"] == 2
        assert await read(client, f"{resource.uri}/modules") == {
            "mta": "Delivery server",
            "stat": "Statistics server",
        }
        assert (await read(client, f"{resource.uri}/causes/stat-stopped"))["module"] == "stat"
        with pytest.raises(MCPError, match="did you mean 'mta'"):
            await read(client, f"{resource.uri}/modules/mtb")

    session(create_server(knowledge=base), talk)


def test_logs_hold_nothing_of_what_was_asked(
    base: cr.KnowledgeBase, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def talk(client: Client) -> None:
        await data(client, "diagnose", ticket="kowalski-4711: mails not sent")

        def fail(*_: object) -> None:
            raise RuntimeError("kowalski-4711")

        monkeypatch.setattr("campaign_rules.serving.cases.canonical", fail)
        assert "its log names the place" in await fault(client, "diagnose", observations=["stat-missing"])

    caplog.set_level(logging.DEBUG, "campaign_rules")
    caplog.set_level(logging.WARNING)
    session(create_server(knowledge=base), talk)
    assert f"RuntimeError at {__file__}" in caplog.text
    assert "kowalski" not in caplog.text


@pytest.mark.slow
def test_a_session_over_standard_input(folder: Path) -> None:
    code = "from campaign_rules.cli import main; main()"
    arguments = ["-c", code, "mcp", "--rules", str(folder)]
    environment = {"CAMPAIGN_RULES_CACHE": "off"}
    server = StdioServerParameters(command=sys.executable, args=arguments, env=environment)
    session(server, _interview)


def test_a_session_over_http_shows_its_token(base: cr.KnowledgeBase) -> None:
    settings = Settings(tokens=(TOKEN,))
    app = create_http_app(create_server(settings, base), settings)

    async def talk(address: str) -> None:
        async with (
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}) as http,
            Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client,
        ):
            await _interview(client)

    with running(app) as address:
        asyncio.run(talk(address))
        for headers in ({}, {"Authorization": "Bearer guess"}):
            refused = httpx2.post(f"{address}/mcp", headers=headers, json={})
            assert refused.status_code == 401
            assert "show a token" in refused.json()["detail"]
