"""``campaign-rules tickets`` on a real Roundup: a person writes, the worker answers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("the test server of Roundup is started as on Unix", allow_module_level=True)

pytest.importorskip("sqlalchemy")
pytest.importorskip("structlog")

from tests.cli.conftest import ROOT, Done, Run
from tests.tickets.connectors.roundup_server import Person, RoundupServer, roundup_server

INCIDENT = ROOT / "examples" / "incidents" / "stat-down"
CONFIG = """\
tracker:
  roundup:
    url: {url}
    user: campaign-bot
    password: {{env: ROUNDUP_PASSWORD}}
triage:
  labels: {{diagnosed: campaign-diagnosed, asked: campaign-question}}
state: sqlite:///tickets.db
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RoundupServer]:
    with roundup_server(tmp_path_factory.mktemp("roundup")) as running:
        yield running


@pytest.fixture
def anna(server: RoundupServer) -> Iterator[Person]:
    with server.person("anna") as person:
        yield person


@pytest.fixture
def config(server: RoundupServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("ROUNDUP_PASSWORD", "campaign-bot-secret")
    file = tmp_path / "tickets.yaml"
    file.write_text(CONFIG.format(url=server.url))
    file.chmod(0o600)
    return str(file)


@pytest.fixture
def watch(run: Run, config: str) -> Run:
    def watch(*options: str) -> Done:
        return run("tickets", "watch", "--config", config, "--once", "--log", "json", *options)

    return watch


def events(done: Done, key: str) -> list[dict[str, object]]:
    """What the log tells of a ticket."""
    told = [json.loads(line) for line in done.stderr.splitlines()]
    return [one for one in told if one.get("key") == key]


def notes(anna: Person, key: str) -> list[str]:
    return [text for text in anna.texts(key) if "campaign-rules:" in text]


def labels(anna: Person, key: str) -> list[str]:
    linked = anna.get(f"issue/{key}")["attributes"]["keyword"]
    return sorted(anna.get(f"keyword/{one['id']}")["attributes"]["name"] for one in linked)


def test_a_ticket_is_answered_and_the_answer_follows_the_thread(
    watch: Run, run: Run, anna: Person, config: str
) -> None:
    files = {"pdump.txt": (INCIDENT / "pdump.txt").read_bytes()}
    key = anna.open_issue("Newsletter", (INCIDENT / "ticket.txt").read_text(), files)

    dry = watch("--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert notes(anna, key) == []

    assert watch().returncode == 0
    (note,) = notes(anna, key)
    assert "stat@prod" in note
    assert "nlserver start stat" in note
    assert labels(anna, key) == ["campaign-diagnosed"]
    shown = run("tickets", "show", key, "--config", config)
    assert shown.stdout.strip() == note.strip()

    again = watch()
    assert notes(anna, key) == [note]
    assert all(one.get("written") is not True for one in events(again, key))

    listing = (INCIDENT / "pdump.txt").read_text()
    anna.reply(key, f"I started it, and now it is there:\n\n{listing}stat@prod (9990) - 9.1 Mo\n")
    assert watch().returncode == 0
    (changed,) = notes(anna, key)
    assert changed != note
    assert "nlserver start stat" not in changed


def test_a_wrong_password_is_told_in_one_line_without_it(watch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUNDUP_PASSWORD", "wrong-and-never-shown")
    done = watch()
    *_, line = done.stderr.splitlines()
    assert done.returncode == 2
    assert line.startswith("campaign-rules: ")
    assert "401" in line
    assert "wrong-and-never-shown" not in done.stderr
