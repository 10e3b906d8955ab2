"""Tokens read from files, where a server may listen, and bodies that never end."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

import campaign_rules as cr

pytest.importorskip("uvicorn")

from campaign_rules.serving.body_limit import BodyLimit
from campaign_rules.serving.listening import check_listening
from campaign_rules.serving.problems import Problem
from campaign_rules.serving.settings import Settings
from campaign_rules.serving.tokens import read_secrets
from campaign_rules.serving.workers import WAITING, Workers

TOKEN = "a-token-that-nobody-guesses"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_this_machine_may_be_served_without_a_token(host: str) -> None:
    check_listening(host, ())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "campaign.example.com", "", "127.1"])
def test_others_are_served_with_a_token_only(host: str) -> None:
    with pytest.raises(cr.InputError, match="give --tokens FILE"):
        check_listening(host, ())
    check_listening(host, (TOKEN,))


def test_tokens_are_lines_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text(f"# the ticketing system\n{TOKEN}\n\n  {TOKEN}-2  \n", encoding="utf-8")
    assert read_secrets(str(file)) == (TOKEN, f"{TOKEN}-2")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (f"{TOKEN}\nshort\n", ":2: needs at least 20 characters"),
        ("a token with spaces in it\n", ":1: needs at least 20"),
        ("# nothing yet\n", ": holds no line"),
    ],
)
def test_a_weak_token_is_refused_and_not_shown(tmp_path: Path, content: str, fault: str) -> None:
    file = tmp_path / "tokens"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(cr.InputError) as refused:
        read_secrets(str(file))
    assert f"{file}{fault}" in str(refused.value)
    assert "short" not in str(refused.value)


def test_a_body_that_does_not_arrive_is_given_up() -> None:
    sent: list[Any] = []

    async def never() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("the application was asked")

    scope = {"type": "http", "headers": [], "method": "POST", "path": "/"}
    limit = BodyLimit(application, Settings(body_seconds=0.01))
    asyncio.run(limit(scope, never, send))
    assert sent[0]["status"] == 408


def test_work_that_finds_no_place_is_refused() -> None:
    async def ask() -> list[Any]:
        workers = Workers(Settings(threads=1, diagnosis_seconds=60))
        hold = asyncio.Event()
        loop = asyncio.get_running_loop()
        waiting = [
            asyncio.create_task(
                workers.run(lambda: asyncio.run_coroutine_threadsafe(hold.wait(), loop).result(60))
            )
            for _ in range(2 + WAITING)
        ]
        (refused,), _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_EXCEPTION)
        hold.set()
        await asyncio.wait(waiting)
        assert isinstance(refused.exception(), Problem)
        return [task.exception() for task in waiting if task is not refused]

    assert asyncio.run(ask()) == [None] * (1 + WAITING)
