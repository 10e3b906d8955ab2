"""The commands that listen: where they refuse to, and that they answer."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Line
from tests.rule_bases import write_rule_base

pytest.importorskip("fastapi")
pytest.importorskip("mcp")

import httpx

TOKEN = "a-token-that-nobody-guesses"


@pytest.mark.parametrize("command", [("serve",), ("mcp", "--http")])
def test_others_are_not_served_without_a_token(one_line: Line, command: tuple[str, ...]) -> None:
    assert one_line(*command, "--host", "0.0.0.0") == (
        "campaign-rules: 0.0.0.0: others reach this address, so give --tokens FILE, or listen on 127.0.0.1"
    )


@pytest.mark.parametrize("command", ["serve", "mcp"])
def test_tokens_have_to_be_there(one_line: Line, tmp_path: Path, command: str) -> None:
    file = tmp_path / "tokens"
    http = ("--http",) if command == "mcp" else ()
    assert one_line(command, *http, "--tokens", str(file)).startswith(f"campaign-rules: {file}: ")
    file.write_text("secret\n", encoding="utf-8")
    line = one_line(command, *http, "--tokens", str(file))
    assert f"{file}:1: needs at least 20 characters" in line
    assert "secret" not in line


def test_a_port_that_is_taken_is_named(one_line: Line) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = one_line("serve", "--port", str(port))
    assert line.startswith(f"campaign-rules: 127.0.0.1 port {port}: cannot listen there: ")


def test_tokens_of_agents_need_a_port(one_line: Line) -> None:
    assert one_line("mcp", "--tokens", "file") == "campaign-rules: --tokens needs --http"


@pytest.mark.parametrize(
    ("command", "package", "modules"),
    [("serve", "fastapi", "service.app"), ("mcp", "mcp.server", "mcp.server")],
)
def test_a_missing_extra_is_named(
    one_line: Line, monkeypatch: pytest.MonkeyPatch, command: str, package: str, modules: str
) -> None:
    extra = "service" if command == "serve" else "mcp"
    monkeypatch.delitem(sys.modules, f"campaign_rules.{modules}", raising=False)
    monkeypatch.setitem(sys.modules, package, None)
    if command == "mcp":
        monkeypatch.delitem(sys.modules, "campaign_rules.mcp.http", raising=False)
    hint = f"pip install 'campaign-rules[{extra}]'"
    assert one_line(command) == f"campaign-rules: this needs the package {package}: {hint}"


@pytest.mark.slow
def test_the_service_answers_until_it_is_told_to_end(tmp_path: Path) -> None:
    rules, tokens = write_rule_base(tmp_path / "rules"), tmp_path / "tokens"
    tokens.write_text(f"{TOKEN}\n", encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = "from campaign_rules.cli import main; main()"
    command = [sys.executable, "-c", code, "serve", "--port", str(port)]
    command += ["--tokens", str(tokens), "--rules", str(rules)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, encoding="utf-8") as server:
        assert server.stderr is not None
        assert server.stderr.readline() == f"campaign-rules: http://127.0.0.1:{port}\n"
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, server)
            body = {"observations": ["stat-missing"]}
            assert httpx.post(f"{address}/v1/diagnoses", json=body).status_code == 401
            headers = {"Authorization": f"Bearer {TOKEN}"}
            reply = httpx.post(f"{address}/v1/diagnoses", json=body, headers=headers)
            assert reply.json()["suspects"][0]["module"] == "stat"
        finally:
            server.send_signal(signal.SIGTERM)
        logged = server.stderr.read()
    assert "method=POST route=/v1/diagnoses status=200" in logged
    assert "Traceback" not in logged


def _wait_for(address: str, server: subprocess.Popen[str]) -> None:
    """Ask until somebody answers; the server ends when it cannot listen."""
    while server.poll() is None:
        try:
            httpx.get(f"{address}/health")
            return
        except httpx.ConnectError:
            time.sleep(0.05)
