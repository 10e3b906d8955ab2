"""What counts of dated artefacts: the period that was asked for, and what was over before the incident."""

from __future__ import annotations

from pathlib import Path

import pytest

import campaign_rules as cr
from campaign_rules.evidence_file import Artefact, EvidenceFile, write_evidence
from campaign_rules.model import State
from tests.evidence.artefacts.samples import in_state, knowledge

JUNE, NOVEMBER = "2026-06-01", "2026-11-20"
START = (
    "{}T09:4{}:11.804Z 00002E7A 1 info log "
    "Running task 'mta@prod' ('nlserver mta -instance:prod ') in a new process\n"
)
TOKEN = f"{NOVEMBER}T09:40:11.804Z\t1\t2\t1\terror\tlog\tJWT Token is empty\n"


def read(folder: Path, text: str, name: str = "artefact.txt", **window: str) -> cr.Evidence:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return cr.read_files([folder], knowledge=knowledge(), **window)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            'x - - [20/Nov/2026:09:40:11 +0000] "GET /r/test HTTP/1.1" 503 299 "-" "c"\n',
            "rtest-wrong-content",
        ),
        ("dev\thost\t2\t2026-11-20 16:47:05\t312\tncs\n", "netreport-alert"),
        ("<redir status='Error' date='2026-11-20 09:40:00.112Z'/>\n", "rtest-wrong-content"),
        ("50x000000000FD7EC86\t2026-11-20T21:00:50.96\t1f5X\t1\n", "tracking-corrupted-line"),
        ("".join(START.format(NOVEMBER, minute) for minute in range(3)), "process-flapping"),
        (TOKEN, "log-pipelined-legacy-oauth"),
    ],
)
def test_records_count_within_the_period(tmp_path: Path, text: str, shown: str) -> None:
    def found(**window: str) -> set[str]:
        return {one.id for one in read(tmp_path, text, **window) if one.state is State.PRESENT}

    assert shown in found()
    assert shown in found(since=NOVEMBER, until=NOVEMBER)
    assert shown in found(at=f"{NOVEMBER}T12:00")
    assert shown not in found(since="2026-11-21")
    assert shown not in found(until="2026-11-19")
    assert shown not in found(at=JUNE)


def test_old_records_do_not_deny_either(tmp_path: Path) -> None:
    text = 'x - - [20/Nov/2026:09:40:11 +0000] "GET /r/test HTTP/1.1" 200 299 "-" "curl"\n'
    assert "rtest-wrong-content" in in_state(read(tmp_path, text), State.ABSENT)
    assert "rtest-wrong-content" not in in_state(read(tmp_path, text, since="2026-11-21"), State.ABSENT)


def test_the_last_reply_within_the_period_counts(tmp_path: Path) -> None:
    line = 'x - - [{:02}/Nov/2026:09:40:11 +0000] "GET /r/test HTTP/1.1" {} 299 "-" "curl"\n'
    text = line.format(18, 200) + line.format(19, 503) + line.format(20, 200)
    assert "rtest-wrong-content" in in_state(read(tmp_path, text), State.ABSENT)
    assert "rtest-wrong-content" in in_state(read(tmp_path, text, until="2026-11-19"), State.PRESENT)


def test_records_are_counted_with_the_first_and_the_last_time(tmp_path: Path) -> None:
    line = 'x - - [{:02}/Nov/2026:09:40:11 +0000] "GET /nl/jsp/a.jsp HTTP/1.1" 403 299 "-" "curl"\n'
    found = read(tmp_path, "".join(line.format(day) for day in (18, 19, 20)), since="2026-11-19")
    (place,) = next(one for one in found if one.id == "relay-403").provenance
    assert (place.line, place.count) == (2, 2)
    assert (place.first, place.last) == ("2026-11-19T09:40:11", "2026-11-20T09:40:11")


SYSTEMCTL = (
    "● nlserver.service - x\n   Active: failed (Result: exit-code) since Fri 2026-11-20 09:40:11 UTC\n"
)


def test_a_state_lasts_from_when_it_began(tmp_path: Path) -> None:
    shown = "nlserver-does-not-start"
    assert shown in in_state(read(tmp_path, SYSTEMCTL, since="2026-11-25"), State.PRESENT)
    assert shown not in in_state(read(tmp_path, SYSTEMCTL, until="2026-11-19"), State.PRESENT)


def test_what_tells_no_time_counts(tmp_path: Path) -> None:
    found = read(tmp_path, "$ nlserver monitor -missing\nmta@prod\n", at=JUNE)
    assert "process-missing-mta@prod" in in_state(found, State.PRESENT)


def evidence(taken: str) -> str:
    probe = "GET http://prod.example.com/r/test -> timeout after 10 s\n"
    artefacts = (
        Artefact("probe", "probe", taken, probe),
        Artefact("nlserver monitor", "command", taken, "$ nlserver monitor -missing\nmta@prod\n"),
        Artefact("/var/prod/log/pipelined.log", "log", taken, TOKEN),
    )
    return write_evidence(EvidenceFile("t", taken, "x", artefacts))


def test_what_was_taken_at_a_known_time_counts_within_the_period(tmp_path: Path) -> None:
    text = evidence("2026-11-25T09:00:00Z")
    found = read(tmp_path, text, "evidence.json", since="2026-11-24")
    assert {"process-missing-mta@prod", "webserver-no-answer"} <= in_state(found, State.PRESENT)
    (place,) = next(one for one in found if one.id == "process-missing-mta").provenance
    assert (place.first, place.last) == ("2026-11-25T09:00:00", "2026-11-25T09:00:00")
    assert not found.notes


def test_what_was_taken_at_another_time_is_told_and_left_out(tmp_path: Path) -> None:
    found = read(tmp_path, evidence("2026-11-25T09:00:00Z"), "evidence.json", at=NOVEMBER)
    assert in_state(found, State.PRESENT) >= {"log-pipelined-legacy-oauth@prod"}
    assert not {"process-missing-mta@prod", "webserver-no-answer"} & in_state(found, State.PRESENT)
    told = [note.text for note in found.notes]
    assert told == ["was taken at 2026-11-25T09:00:00, outside of the period"] * 2


def test_a_console_line_of_a_command_has_the_day_it_was_taken(tmp_path: Path) -> None:
    line = "09:00:01 >>> ODB-240000 ODBC error: x (iRc=-2006)\n"
    artefact = Artefact("nlserver config", "command", "2026-11-25T09:00:00Z", line)
    text = write_evidence(EvidenceFile("t", "2026-11-25T09:00:00Z", "x", (artefact,)))
    found = read(tmp_path, text, "evidence.json", since="2026-11-24")
    assert next(one for one in found if one.id == "log-db-error").provenance[0].first == "2026-11-25T09:00:01"


DOWN = "2026-11-20T08:00:00Z\t1\t2\t1\terror\tlog\tPGS-220000 PostgreSQL error: could not connect to server\n"
READY = "2026-11-20 08:30:00.123 UTC [1] LOG:  database system is ready to accept connections\n"


@pytest.mark.parametrize(
    ("text", "window", "there"),
    [
        (DOWN + READY, {"at": "2026-11-20T09:00"}, False),
        (DOWN + READY, {"until": "2026-11-20T09:00"}, False),
        (DOWN + READY, {"at": "2026-11-20T08:15"}, True),
        (DOWN + READY, {"at": "2026-11-20T08:15", "until": "2026-11-20T08:20"}, True),
        (DOWN + READY, {}, True),
        (DOWN + READY, {"since": "2026-11-20T07:00"}, True),
        (READY + DOWN.replace("T08:00", "T08:40"), {"at": "2026-11-20T09:00"}, True),
        (DOWN, {"at": "2026-11-20T09:00"}, True),
        (DOWN.partition("\t")[2] + READY, {"at": "2026-11-20T09:00"}, True),
    ],
)
def test_what_was_over_before_the_incident_is_not_there(
    tmp_path: Path, text: str, window: dict[str, str], there: bool
) -> None:
    found = read(tmp_path, text, **window)
    assert ("db-unreachable" in in_state(found, State.PRESENT)) is there
    assert "db-unreachable" not in in_state(found, State.ABSENT)
    assert not [one for one in found if " " in one.id]


def test_another_file_tells_that_it_is_over(tmp_path: Path) -> None:
    (tmp_path / "postgresql.log").write_text(READY)
    found = read(tmp_path, DOWN, "var/prod/log/mta.log", at="2026-11-20T09:00")
    assert "db-unreachable@prod" not in in_state(found, State.PRESENT)


def test_another_instance_does_not(tmp_path: Path) -> None:
    (tmp_path / "var" / "dev" / "log").mkdir(parents=True)
    (tmp_path / "var" / "dev" / "log" / "x.log").write_text(READY)
    found = read(tmp_path, DOWN, "var/prod/log/mta.log", at="2026-11-20T09:00")
    assert "db-unreachable@prod" in in_state(found, State.PRESENT)


@pytest.mark.parametrize("until", [None, "2026-11-20T09:00"])
def test_a_ticket_says_what_it_says(tmp_path: Path, until: str | None) -> None:
    window = {"until": until} if until else {}
    found = read(tmp_path, "The database does not answer.\n", **window)
    assert "db-unreachable" in in_state(found, State.PRESENT)
