"""``campaign-rules collect`` as a person meets it."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import frozen

from campaign_rules.cli import main
from campaign_rules.collection.commands import COMMANDS
from campaign_rules.evidence_file import artefacts_of
from tests.collection.campaign_server import HEALTHY, RTEST, Page, campaign_server


@frozen
class Done:
    """How a run ended, and what it printed."""

    status: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> Done:
        monkeypatch.setattr("sys.argv", ["campaign-rules", "collect", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Done(int(ended.value.code or 0), printed.out, printed.err)

    return run


def test_a_probe_is_written_to_standard_output(run: Run) -> None:
    with campaign_server() as (port, _):
        done = run("--url", f"http://localhost:{port}/nl/jsp/logon.jsp")
    assert (done.status, done.stderr) == (0, "")
    content = json.loads(done.stdout)
    assert content["target"] == f"http://localhost:{port}/nl/jsp/logon.jsp"
    (probe,) = artefacts_of(done.stdout) or ()
    assert probe.name == f"probe of http://localhost:{port}"
    assert probe.text.startswith("resolve localhost -> ")


def test_a_file_is_written_for_its_owner_only(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "evidence.json"
    with campaign_server() as (port, _):
        done = run("--url", f"http://localhost:{port}", "--output", str(file))
    assert (done.status, done.stdout) == (0, f"{file}: 1 artefact, 0 not available\n")
    assert len(artefacts_of(file.read_text(encoding="utf-8")) or ()) == 1
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_server_itself(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "var" / "prod" / "log" / "mta.log"
    log.parent.mkdir(parents=True)
    log.write_text("a line\n")
    monkeypatch.setenv("PATH", "")
    done = run("--local", "--home", str(tmp_path), "--instance", "prod")
    assert done.status == 0
    listed = json.loads(done.stdout)["artefacts"]
    assert [one["note"] for one in listed[:-1]] == ["not available"] * len(COMMANDS)
    assert [(one.name, one.text) for one in artefacts_of(done.stdout) or ()] == [(str(log), "a line\n")]


def test_both_at_once(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "var").mkdir()
    monkeypatch.setenv("PATH", "")
    with campaign_server() as (port, _):
        done = run("--local", "--home", str(tmp_path), "--url", f"http://localhost:{port}")
    kinds = [one["kind"] for one in json.loads(done.stdout)["artefacts"]]
    assert kinds == ["probe", *["command"] * len(COMMANDS), "log"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "nothing to collect: give --url or --local"),
        (["--url", "prod.example.com"], "must begin with https:// or http://"),
        (["--url", "https://prod.example.com:x"], "is no usable address"),
        (["--url", "https://prod.example.com", "--timeout", "0"], "--timeout must be a number of seconds"),
        (["--url", "https://prod.example.com", "--timeout", "nan"], "--timeout must be a number of seconds"),
        (["--url", "https://prod.example.com", "--timeout", "soon"], "'soon' is not a valid"),
        (["--url", "https://prod.example.com", "--port", "65536"], "--port must be from 1 to 65535"),
        (["--local", "--port", "80"], "--port needs --url"),
        (["--local", "--home", "no/such/folder"], "no folder of Campaign"),
        (["--local", "--output", "no/such/folder/evidence.json"], "cannot be written"),
        (["--local", "--output", "."], "cannot be written"),
    ],
)
def test_unusable_input_is_one_line(run: Run, arguments: list[str], message: str) -> None:
    done = run(*arguments)
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr.startswith("campaign-rules: ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_nothing_is_written_about_another_server(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "evidence.json"
    pages = {**HEALTHY, RTEST: Page("<redir status='OK' instance='dev'/>")}
    with campaign_server(pages) as (port, _):
        done = run("--url", f"http://localhost:{port}", "--instance", "prod", "--output", str(file))
    assert done.status == 2
    assert done.stderr.endswith("answers as instance 'dev', not 'prod'\n")
    assert not file.exists()


def test_the_missing_library_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("campaign_rules.collection.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "httpx", None)
    done = run("--url", "https://prod.example.com")
    assert done.status == 2
    assert "collect --url needs the package httpx: pip install 'campaign-rules[collect]'" in done.stderr


def test_progress_is_shown_on_a_terminal_only(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr("rich.status.Status.update", lambda self, doing: shown.append(doing))
    with campaign_server() as (port, _):
        run("--url", f"http://localhost:{port}")
        assert shown == []
        monkeypatch.setattr("sys.stderr.isatty", lambda: True)
        run("--url", f"http://localhost:{port}")
    assert shown[0] == "looking up localhost"
