"""``campaign-rules collect`` as a person meets it."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest

import campaign_rules as cr
from campaign_rules.collection.commands import COMMANDS
from campaign_rules.evidence_file import artefacts_of
from tests.cli.conftest import Done, Run
from tests.collection.campaign_server import HEALTHY, RTEST, Page, campaign_server


@pytest.fixture
def collect(run: Run) -> Run:
    def collect(*arguments: str) -> Done:
        return run("collect", *arguments)

    return collect


def test_a_probe_is_written_to_standard_output(collect: Run) -> None:
    with campaign_server() as (port, _):
        done = collect("--url", f"http://localhost:{port}/nl/jsp/logon.jsp")
    assert done.returncode == 0
    assert done.stderr == (
        "campaign-rules: 1 value replaced by tokens; --ledger FILE keeps what they stand for\n"
    )
    content = json.loads(done.stdout)
    assert content["target"] == f"http://localhost:{port}/nl/jsp/logon.jsp"
    (probe,) = artefacts_of(done.stdout) or ()
    assert probe.name == f"probe of http://localhost:{port}"
    assert probe.text.startswith("resolve localhost -> ")


def test_a_file_is_written_for_its_owner_only(collect: Run, tmp_path: Path) -> None:
    file = tmp_path / "evidence.json"
    with campaign_server() as (port, _):
        done = collect("--url", f"http://localhost:{port}", "--output", str(file))
    assert (done.returncode, done.stdout) == (0, f"{file}: 1 artefact, 0 not available\n")
    assert len(artefacts_of(file.read_text(encoding="utf-8")) or ()) == 1
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_server_itself(collect: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "var" / "prod" / "log" / "mta.log"
    log.parent.mkdir(parents=True)
    log.write_text("a line\n")
    monkeypatch.setenv("PATH", "")
    done = collect("--local", "--home", str(tmp_path), "--instance", "prod")
    assert done.returncode == 0
    listed = json.loads(done.stdout)["artefacts"]
    assert [one["note"] for one in listed[:-1]] == ["not available"] * len(COMMANDS)
    assert [(one.name, one.text) for one in artefacts_of(done.stdout) or ()] == [(str(log), "a line\n")]


def test_both_at_once(collect: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "var").mkdir()
    monkeypatch.setenv("PATH", "")
    with campaign_server() as (port, _):
        done = collect("--local", "--home", str(tmp_path), "--url", f"http://localhost:{port}")
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
def test_unusable_input_is_one_line(collect: Run, arguments: list[str], message: str) -> None:
    done = collect(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("campaign-rules: ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_nothing_is_written_about_another_server(collect: Run, tmp_path: Path) -> None:
    file = tmp_path / "evidence.json"
    pages = {**HEALTHY, RTEST: Page("<redir status='OK' instance='dev'/>")}
    with campaign_server(pages) as (port, _):
        done = collect("--url", f"http://localhost:{port}", "--instance", "prod", "--output", str(file))
    assert done.returncode == 2
    assert done.stderr.endswith("answers as instance 'dev', not 'prod'\n")
    assert not file.exists()


def test_the_missing_library_is_named(collect: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("campaign_rules.collection.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "httpx", None)
    done = collect("--url", "https://prod.example.com")
    assert done.returncode == 2
    assert "collect --url needs the package httpx: pip install 'campaign-rules[collect]'" in done.stderr


def test_progress_is_shown_on_a_terminal_only(collect: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr("rich.status.Status.update", lambda self, doing: shown.append(doing))
    with campaign_server() as (port, _):
        collect("--url", f"http://localhost:{port}")
        assert shown == []
        monkeypatch.setattr("sys.stderr.isatty", lambda: True)
        collect("--url", f"http://localhost:{port}")
    assert shown[0] == "looking up localhost"


def test_what_is_collected_is_redacted_with_one_ledger(
    collect: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = tmp_path / "var" / "prod" / "log"
    logs.mkdir(parents=True)
    (logs / "mta.log").write_text(
        "12:00:00 >>> Connection refused to db9.acme.net:5432 from node-7x\nmta@db9x (1) - 9.6 Mo\n"
    )
    (logs / "web.log").write_text("12:00:00 >>> password=hunter2x db9.acme.net\nthen hunter2x once more\n")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("platform.node", lambda: "node-7x")
    ledger = tmp_path / "ledger.json"
    done = collect("--local", "--home", str(tmp_path), "--instance", "prod", "--ledger", str(ledger))
    assert done.returncode == 0
    assert done.stderr == f"campaign-rules: 3 values replaced; {ledger} tells what they were\n"
    content = json.loads(done.stdout)
    assert content["target"] == "<host-1>"
    assert [one["text"] for one in content["artefacts"] if one["kind"] == "log"] == [
        "12:00:00 >>> Connection refused to <host-2>:5432 from <host-1>\nmta@db9x (1) - 9.6 Mo\n",
        "12:00:00 >>> password=<password-1> <host-2>\nthen <password-1> once more\n",
    ]
    assert {one["token"]: one["value"] for one in json.loads(ledger.read_text("utf-8"))} == {
        "<host-1>": "node-7x",
        "<host-2>": "db9.acme.net",
        "<password-1>": "hunter2x",
    }


def test_a_redacted_evidence_file_is_diagnosed_like_the_other(
    collect: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = tmp_path / "var" / "prod" / "log"
    logs.mkdir(parents=True)
    (logs / "mta.log").write_text(
        "2023-05-12T09:40:01.123Z 1 00002E7A 1 error log Connection refused to db9.acme.net:5432\n"
    )
    monkeypatch.setenv("PATH", "")
    reply = "<redir status='KO' instance='prod' host='prod9.acme.net' localHost='front9' build='9032'/>"
    found = []
    for option in ((), ("--no-redact",)):
        file = tmp_path / f"evidence{len(found)}.json"
        with campaign_server({**HEALTHY, RTEST: Page(reply)}) as (port, _):
            done = collect(
                *("--url", f"http://localhost:{port}", "--instance", "prod", "--local", *option),
                *("--home", str(tmp_path), "--output", str(file)),
            )
        assert done.returncode == 0, done.stderr
        assert ("front9" in file.read_text("utf-8")) == bool(option)
        read = cr.read_files([file])
        assert "front9" not in repr(read)
        found.append(([(one.id, one.state, one.value, one.instance) for one in read], cr.diagnose(read).plan))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--ledger", "new.json", "--no-redact"), "--no-redact replaces nothing"),
        (("--ledger", "new.json", "--output", "new.json"), "--ledger and --output must be two files"),
    ],
)
def test_a_ledger_that_makes_no_sense_is_refused(
    collect: Run, arguments: tuple[str, ...], message: str
) -> None:
    done = collect("--local", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
