"""Redaction on the command line: what is told, and the ledger."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from campaign_rules.cli import main

TICKET = "The mta is down, says anna.bella@acme.net.\nThe unicorn on front9.acme.net dances all night.\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run ``diagnose`` on the ticket in a folder of its own; return status, output and errors."""
    monkeypatch.chdir(tmp_path)
    Path("ticket.txt").write_text(TICKET, encoding="utf-8")

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["campaign-rules", "diagnose", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


def test_values_are_tokens_and_one_line_says_so(run: Run) -> None:
    status, out, err = run("--ticket", "ticket.txt", "--format", "json")
    assert (status, err) == (
        0,
        "campaign-rules: 2 values replaced by tokens; --ledger FILE keeps what they stand for\n",
    )
    result = json.loads(out)
    assert result["observations"][0]["provenance"][0]["text"] == "The mta is down, says <email-1>"
    assert result["not_understood"] == [
        {"source": "ticket.txt", "line": 2, "text": "The unicorn on <host-1> dances all night"}
    ]


def test_values_show_when_asked(run: Run) -> None:
    status, out, err = run("--ticket", "ticket.txt", "--no-redact", "--format", "json")
    assert (status, err) == (0, "")
    assert "anna.bella@acme.net" in out
    assert "front9.acme.net" in out


def test_nothing_is_told_where_nothing_is_replaced(run: Run) -> None:
    Path("plain.txt").write_text("The mta is down.", encoding="utf-8")
    assert run("plain.txt")[2] == ""


def test_the_ledger_keeps_the_values_for_the_owner_alone(run: Run) -> None:
    status, _, err = run("ticket.txt", "--ledger", "ledger.json")
    assert (status, err) == (0, "campaign-rules: 2 values replaced; ledger.json tells what they were\n")
    ledger = Path("ledger.json")
    assert json.loads(ledger.read_text("utf-8")) == [
        {"token": "<email-1>", "kind": "email", "count": 1, "value": "anna.bella@acme.net"},
        {"token": "<host-1>", "kind": "host", "count": 1, "value": "front9.acme.net"},
    ]
    if sys.platform != "win32":
        assert stat.S_IMODE(ledger.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--ledger", "new.json", "--no-redact"), "--no-redact replaces nothing"),
        (("--ledger", "ticket.txt"), "ticket.txt: is there already"),
        (("--ledger", "nowhere/new.json"), "nowhere/new.json: cannot be written"),
    ],
)
def test_a_ledger_that_cannot_be_kept_is_refused(run: Run, arguments: tuple[str, ...], message: str) -> None:
    status, out, err = run("ticket.txt", *arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert Path("ticket.txt").read_text("utf-8") == TICKET


def test_a_ticket_and_files_are_one_incident_with_the_same_tokens(run: Run) -> None:
    Path("a.log").write_text(
        "12:00:00 >>> Connection refused to front9.acme.net:5432, told anna.bella@acme.net\n",
        encoding="utf-8",
    )
    _, out, err = run("a.log", "--ticket", "ticket.txt", "--format", "json")
    texts = {
        (origin["source"], origin["text"])
        for one in json.loads(out)["observations"]
        for origin in one["provenance"]
    }
    assert texts >= {
        ("a.log", "Connection refused to <host-1>:5432, told <email-1>"),
        ("ticket.txt", "The mta is down, says <email-1>"),
    }
    assert err.startswith("campaign-rules: 2 values replaced")
