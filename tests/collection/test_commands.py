from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import campaign_rules as cr
from campaign_rules.collection.commands import (
    COMMANDS,
    LONGEST_OUTPUT,
    Finished,
    finder,
    run,
    run_command,
)
from campaign_rules.evidence_file import Artefact

PDUMP = "watchdog (2273) - 6.6 Mo\nweb@default (9984) - 50.1 Mo\nmta@prod (9986) - 9.6 Mo\n"


def collected(
    done: Finished, *choices: str, having: Sequence[str] = ("nlserver", "ss", "netstat")
) -> Artefact:
    def find(program: str) -> str | None:
        return f"/bin/{program}" if program in having else None

    def run(arguments: Sequence[str], timeout: float) -> Finished:
        ran.append((list(arguments), timeout))
        return done

    ran: list[tuple[list[str], float]] = []
    artefact = run_command(choices, find=find, run=run, timeout=7.0, now=lambda: "now")
    assert [timeout for _, timeout in ran] == [7.0] * bool(ran)
    return artefact


def test_a_command_that_ended_well_begins_with_its_prompt() -> None:
    assert collected(Finished(0, PDUMP), "nlserver pdump") == Artefact(
        "nlserver pdump", "command", "now", f"$ nlserver pdump\n{PDUMP}", "nlserver pdump", 0
    )


@pytest.mark.parametrize(
    ("done", "absent"),
    [(Finished(0, PDUMP), True), (Finished(1, PDUMP, "lost"), False), (Finished(None, PDUMP), False)],
)
def test_only_a_listing_that_ended_well_says_what_is_missing(done: Finished, absent: bool) -> None:
    found = {one.id for one in cr.read_artifact(collected(done, "nlserver pdump").text, "nlserver pdump")}
    assert ("process-missing-stat" in found) == absent


def test_missing_nothing_is_only_said_by_a_command_that_ended_well() -> None:
    banner = (
        "09:30:00 >   Application server for Adobe Campaign Classic (7.X 23.1 build 9383@1f) of 01/02/2023\n"
    )
    well, ill = (collected(Finished(status, banner), "nlserver monitor -missing") for status in (0, 1))
    assert "monitor-missing-empty" in {one.id for one in cr.read_artifact(well.text, "missing")}
    assert "monitor-missing-empty" not in {one.id for one in cr.read_artifact(ill.text, "missing")}


def test_a_command_that_failed_keeps_its_status_and_its_words() -> None:
    artefact = collected(Finished(3, "inactive (dead)\n", "a warning\n"), "nlserver pdump")
    assert (artefact.exit_status, artefact.note) == (3, "ended with status 3")
    assert artefact.text == "inactive (dead)\n[cut short: ended with status 3]\na warning\n"


def test_a_command_that_does_not_end_keeps_what_it_printed() -> None:
    artefact = collected(Finished(None, "half\n"), "nlserver pdump")
    assert (artefact.exit_status, artefact.note) == (None, "did not end within 7 s")
    assert artefact.text == "half\n[cut short: did not end within 7 s]\n"


def test_an_output_that_is_too_long_is_cut_and_says_so() -> None:
    artefact = collected(Finished(0, "x" * (LONGEST_OUTPUT + 1)), "nlserver pdump")
    assert (artefact.exit_status, artefact.note) == (0, "output too long")
    assert len(artefact.text) < LONGEST_OUTPUT + 100


def test_the_first_program_that_exists_is_run() -> None:
    assert collected(Finished(0, "x"), "ss -ltnp", "netstat -ltnp").command == "ss -ltnp"
    only = collected(Finished(0, "x"), "ss -ltnp", "netstat -ltnp", having=["netstat"])
    assert only.text == "$ netstat -ltnp\nx\n"


def test_a_program_that_is_missing_is_listed() -> None:
    expected = Artefact("ss -ltnp", "command", "now", command="ss -ltnp", note="not available")
    assert collected(Finished(0), "ss -ltnp", "netstat -ltnp", having=[]) == expected


def test_a_program_that_cannot_be_started_is_listed() -> None:
    def refuse(arguments: Sequence[str], timeout: float) -> Finished:
        raise PermissionError(13, "Permission denied")

    artefact = run_command(
        ["df -P"], find=lambda program: program, run=refuse, timeout=1.0, now=lambda: "now"
    )
    assert (artefact.text, artefact.note) == ("", "cannot be run: Permission denied")


def test_the_commands_are_those_of_the_documentation() -> None:
    assert [choices[0] for choices in COMMANDS] == [
        "nlserver pdump",
        "nlserver pdump -who",
        "nlserver monitor -missing",
        "systemctl --no-pager status nlserver",
        "ss -ltnp",
        "df -P",
        "free -m",
        "top -b -n1",
        "uptime",
    ]


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_real_program() -> None:
    code = (
        "import os, sys; print(os.environ['LC_ALL'], sys.stdin.read()); sys.stderr.write('no'); sys.exit(4)"
    )
    assert run(python(code), 30.0) == Finished(4, "C \n", "no")


def test_a_real_program_with_strange_output() -> None:
    assert run(python("import sys; sys.stdout.buffer.write(b'a\\xff\\0b')"), 30.0) == Finished(0, "a\ufffdb")


def test_a_real_program_that_does_not_end() -> None:
    code = "import threading; print('begun', flush=True); threading.Event().wait()"
    done: Finished = run(python(code), 0.2)
    assert done.status is None
    assert done.output in ("", "begun\n")


def test_programs_are_looked_for_in_the_folder_of_campaign_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    program = tmp_path / "bin" / "nlserver"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert finder(tmp_path)("nlserver") == str(program)
    assert finder(None)("nlserver") is None
