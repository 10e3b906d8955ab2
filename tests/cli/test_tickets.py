"""``campaign-rules tickets``: at a desk behind HTTP, as a person meets it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy")
pytest.importorskip("structlog")
pytest.importorskip("fastapi")

import hashlib
import hmac

import httpx

from campaign_rules.errors import TrackerError
from tests.cli.conftest import ROOT, Line, Run
from tests.rule_bases import write_rule_base
from tests.tickets.desk import Desk
from tests.tickets.installed_desk import environment, install
from tests.tickets.remote_desk import TOKEN, RemoteDesk, remote

SECRET = "mails not sent to Mrs Miller"
HOOK = "a-secret-that-nobody-guesses"

CONFIG = """\
tracker:
  desk: {{url: {url}, token: {token}}}
triage:
  threshold: 0.3
  labels: {{diagnosed: found, asked: asked}}
  fields: {{module: confirmed, cause: confirmed_cause}}
rules: {rules}
"""


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.open("T-1", SECRET)
    desk.open("T-2", "hello")
    return desk


@pytest.fixture
def url(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.syspath_prepend(install(tmp_path / "site"))
    with remote(desk) as (address, _):
        yield address


@pytest.fixture
def config(url: str, tmp_path: Path) -> Callable[..., str]:
    rules = write_rule_base(tmp_path / "rules")

    def config(more: str = "", token: str = TOKEN) -> str:
        file = tmp_path / "tickets.yaml"
        file.write_text(CONFIG.format(url=url, token=token, rules=rules) + more, encoding="utf-8")
        file.chmod(0o600)
        return str(file)

    return config


def events(stderr: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in stderr.splitlines()]


def test_once_diagnoses_all_that_waits_and_a_second_run_finds_nothing_to_write(
    run: Run, config: Callable[..., str], desk: Desk
) -> None:
    done = run("tickets", "watch", "--config", config(), "--once", "--log", "json")
    assert (done.returncode, done.stdout) == (0, "")
    assert [len(desk.notes(key)) for key in ("T-1", "T-2")] == [1, 1]
    assert desk.tickets["T-1"].labels == {"found"}
    told = {one["key"]: one["verdict"] for one in events(done.stderr) if one["event"] == "diagnosed"}
    assert told == {"T-1": "diagnosed", "T-2": "asked"}
    assert "Miller" not in done.stderr
    assert TOKEN not in done.stderr
    calls = len(desk.calls)
    again = run("tickets", "watch", "--config", config(), "--once")
    assert (again.returncode, len(desk.calls)) == (0, calls)
    assert "event=stopped reason=done" in again.stderr


def test_a_dry_run_writes_neither_to_the_tracker_nor_to_the_state(
    run: Run, config: Callable[..., str], desk: Desk, tmp_path: Path
) -> None:
    command = ("tickets", "watch", "--config", config(), "--once", "--log", "json", "--dry-run")
    done = run(*command)
    assert (done.returncode, desk.calls) == (0, [])
    assert not (tmp_path / "tickets.db").exists()
    told = [one for one in events(done.stderr) if one["event"] == "diagnosed"]
    assert [(one["key"], one["note"], one["edits"]) for one in told] == [
        ("T-1", "would write", "would write"),
        ("T-2", "would write", "would write"),
    ]
    run(*command[:-1])
    desk.reply("T-2", SECRET)
    calls, kept = len(desk.calls), (tmp_path / "tickets.db").read_bytes()
    changed = [one for one in events(run(*command).stderr) if one["event"] == "diagnosed"]
    assert ("T-2", "would write") in [(one["key"], one["note"]) for one in changed]
    assert ("T-1", "would write") not in [(one["key"], one["note"]) for one in changed]
    assert (len(desk.calls), (tmp_path / "tickets.db").read_bytes()) == (calls, kept)


def test_show_prints_the_note_and_writes_nothing(run: Run, config: Callable[..., str], desk: Desk) -> None:
    done = run("tickets", "show", "T-1", "--config", config())
    assert (done.returncode, desk.calls) == (0, [])
    assert "mta" in done.stdout
    assert "campaign-rules:" in done.stdout
    assert "verdict diagnosed, mta with probability" in done.stderr
    assert "adds labels: found" in done.stderr


def test_status_tells_counts_and_failures_and_retry_tries_again(
    run: Run, config: Callable[..., str], desk: Desk, one_line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no worker has used it yet" in one_line("tickets", "status", "--config", config())

    def refuse(self: RemoteDesk, *args: object) -> None:
        raise TrackerError("desk: status 403 for a note; let the account comment")

    with monkeypatch.context() as patched:
        patched.setattr(RemoteDesk, "write_note", refuse)
        run("tickets", "watch", "--config", config("attempts: 1\n"), "--once")
    shown = run("tickets", "status", "--config", config()).stdout
    assert shown.splitlines() == [
        "waiting      0",
        "failed       2",
        "done         0",
        "T-1: failed after 1 attempts: desk: status 403 for a note; let the account comment",
        "T-2: failed after 1 attempts: desk: status 403 for a note; let the account comment",
    ]
    assert "did you mean 'T-1'" in one_line("tickets", "retry", "T-11", "--config", config())
    assert run("tickets", "retry", "T-1", "--config", config()).returncode == 0
    run("tickets", "watch", "--config", config(), "--once")
    assert [len(desk.notes(key)) for key in ("T-1", "T-2")] == [1, 0]
    lines = run("tickets", "status", "--config", config()).stdout.splitlines()
    assert lines[1:4] == ["failed         1", "done           1", "diagnosed      1"]


def test_a_confirmed_cause_goes_into_the_fields_and_from_there_to_learning(
    run: Run, config: Callable[..., str], desk: Desk, tmp_path: Path
) -> None:
    confirm = ("tickets", "confirm", "T-1", "--module", "stat", "--cause", "stat-stopped")
    done = run(*confirm, "--config", config())
    assert done.stdout.splitlines() == [
        "T-1: sets confirmed: stat",
        "T-1: sets confirmed_cause: stat-stopped",
    ]
    assert desk.tickets["T-1"].fields == {"confirmed": "stat", "confirmed_cause": "stat-stopped"}
    desk.change("T-1", closed=True)
    desk.change("T-2", fields={"confirmed": "mta"})
    output = tmp_path / "closed.jsonl"
    told = run("tickets", "export", "--config", config(), "--output", str(output)).stdout
    assert told == f"1 closed tickets with a confirmed module: {output}\n"
    assert json.loads(output.read_text(encoding="utf-8")) == {
        "id": "T-1",
        "observations": ["mails-not-sent"],
        "absent": [],
        "module": "stat",
        "cause": "stat-stopped",
    }
    assert output.stat().st_mode & 0o077 == 0


def test_what_cannot_be_confirmed_is_told(one_line: Line, config: Callable[..., str], desk: Desk) -> None:
    confirm = ("tickets", "confirm", "T-1", "--config", config())
    assert one_line(*confirm, "--module", "mtaa").endswith("unknown module 'mtaa' (did you mean 'mta'?)")
    assert "cause" in one_line(*confirm, "--module", "stat", "--cause", "stat-stoped")
    assert desk.calls == []


@pytest.mark.parametrize("more", [(), ("--once",)])
def test_a_wrong_token_ends_the_worker_with_one_line(
    run: Run, config: Callable[..., str], more: tuple[str, ...]
) -> None:
    done = run("tickets", "watch", "--config", config(token="wrong"), *more)
    assert done.returncode == 2
    assert done.stderr.splitlines()[1:] == ["campaign-rules: desk: status 401"]


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("pol_seconds: 3\n", "unknown key 'pol_seconds' (did you mean 'poll_seconds'?)"),
        ("state: mysql://host/name\n", "state: unknown database 'mysql'"),
    ],
)
def test_a_fault_of_the_file_is_told_in_a_line(
    one_line: Line, config: Callable[..., str], more: str, fault: str
) -> None:
    assert fault in one_line("tickets", "status", "--config", config(more))


def test_a_module_that_does_not_exist_is_told(
    one_line: Line, config: Callable[..., str], tmp_path: Path
) -> None:
    file = Path(config())
    file.write_text(file.read_text().replace("  threshold", "  queues: {mtaa: x}\n  threshold"))
    line = one_line("tickets", "watch", "--config", str(file))
    assert line == f"campaign-rules: {file}:4: unknown module 'mtaa' (did you mean 'mta'?)"


@pytest.mark.parametrize(
    ("number", "status", "threads"), [(signal.SIGTERM, 0, 1), (signal.SIGINT, 130, 1), (signal.SIGTERM, 0, 3)]
)
def test_a_worker_receives_webhooks_until_it_is_told_to_end(
    number: int, status: int, threads: int, desk: Desk, config: Callable[..., str], tmp_path: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    hooks = f"webhooks: {{port: {port}, secrets: [{HOOK}], signature: sha256}}"
    file = config(f"threads: {threads}\npoll_seconds: 3600\n{hooks}\n")
    code = "from campaign_rules.cli import main; main()"
    command = [sys.executable, "-c", code, "tickets", "watch", "--config", file, "--log", "json"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=dict(environment(tmp_path / "other")),
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as worker:
        assert worker.stderr is not None
        watchdog = threading.Timer(60, worker.kill)
        watchdog.start()
        log = map(json.loads, worker.stderr)
        told = [next(one for one in log if one["event"] == "diagnosed")["key"] for _ in range(2)]
        assert sorted(map(str, told)) == ["T-1", "T-2"]
        desk.open("T-3", SECRET)
        body = b'{"key": "T-3"}'
        address = f"http://127.0.0.1:{port}/v1/webhooks"
        assert httpx.post(address, content=body).status_code == 401
        signature = f"sha256={hmac.new(HOOK.encode(), body, hashlib.sha256).hexdigest()}"
        assert httpx.post(address, content=body, headers={"X-Hub-Signature": signature}).status_code == 202
        _until(log, "diagnosed", key="T-3")
        worker.send_signal(number)
        _until(log, "stopped", reason=signal.Signals(number).name)
        watchdog.cancel()
    assert worker.returncode == status
    assert len(desk.notes("T-3")) == 1


def _until(log: Iterator[dict[str, object]], event: str, **values: object) -> None:
    """Read the log up to a line."""
    for line in log:
        if line["event"] == event and values.items() <= line.items():
            return
    raise AssertionError(f"the log ends before {event} {values}")
