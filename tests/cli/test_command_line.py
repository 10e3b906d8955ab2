"""The command line as a person meets it: output, exit codes, and one clear line for each fault."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Line, Lines, Run
from tests.rule_bases import AREA, write_rule_base


def test_as_a_process_of_its_own(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "campaign_rules", "diagnose"]
    good = subprocess.run(
        [*command, "--ticket", "-"],
        input=b"",
        capture_output=True,
        cwd=tmp_path,
        env=environment,
        check=False,
    )
    assert (good.returncode, good.stderr) == (0, b"")
    bad = subprocess.run(
        [*command, "missing.txt"], capture_output=True, cwd=tmp_path, env=environment, check=False
    )
    assert (bad.returncode, bad.stdout) == (2, b"")
    assert bad.stderr.decode().splitlines() == ["campaign-rules: missing.txt: no such file"]


def test_a_real_incident_from_files(run: Run) -> None:
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "examples/incidents/stat-down").iterdir())
    done = run("diagnose", *files)
    assert done.returncode == 0, done.stderr
    assert "stat@prod" in done.stdout.splitlines()[0]
    assert "nlserver start stat@prod" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "\x1b" not in done.stdout


def test_the_italian_ticket_as_json(run: Run) -> None:
    done = run(
        "diagnose",
        "--ticket",
        "-",
        "--language",
        "it",
        "--format",
        "json",
        stdin="Le e-mail non vengono più inviate\n",
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert {"mta", "stat"} <= {suspect["module"] for suspect in result["suspects"][:3]}
    assert (
        result["observations"][0]["label"].startswith("Le ") or "inviat" in result["observations"][0]["label"]
    )


@pytest.mark.parametrize("stdin", ["the printer is out of paper\n", "", "\n\n"])
@pytest.mark.parametrize("output", ["text", "markdown", "json"])
def test_text_about_something_else_is_answered_plainly(run: Run, stdin: str, output: str) -> None:
    done = run("diagnose", "--ticket", "-", "--format", output, stdin=stdin)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    if output == "json":
        assert json.loads(done.stdout)["suspects"] == []
    else:
        assert "Nothing known was recognised" in done.stdout


def test_markdown(run: Run) -> None:
    done = run("diagnose", "--observe", "process-missing-stat@prod", "--format", "markdown")
    assert done.stdout.startswith("## Root cause: stat@prod")


def test_why_and_why_not(run: Run) -> None:
    done = run(
        "diagnose",
        "--observe",
        "process-missing-stat",
        "--absent",
        "process-missing-mta",
        "--why",
        "stat",
        "--why-not",
        "mta",
    )
    assert done.returncode == 0, done.stderr
    assert "stat-missing" in done.stdout


def test_faults_of_the_command_line(one_line: Line) -> None:
    assert "did you mean 'mails-not-sent'" in one_line("diagnose", "--observe", "mails-not-snt")
    assert "unknown format 'jsn' (did you mean 'json'?)" in one_line(
        "diagnose", "--observe", "mails-not-sent", "--format", "jsn"
    )
    assert "unknown language 'itt'" in one_line(
        "diagnose", "--observe", "mails-not-sent", "--language", "itt"
    )
    assert "unknown engine 'durabel'" in one_line(
        "diagnose", "--observe", "mails-not-sent", "--engine", "durabel"
    )
    assert "--fromat" in one_line("diagnose", "--fromat", "json")
    assert "nothing to diagnose" in one_line("diagnose")
    assert "diagnos" in one_line("diagnos")
    assert "did you mean 'modules'" in one_line("rules", "list", "moduls")
    assert "did you mean 'mta'" in one_line("rules", "show", "mtaa")


def test_faults_of_files(one_line: Line, tmp_path: Path) -> None:
    (tmp_path / "mta.log").write_text("x")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(32)) * 40)
    (tmp_path / "folder").mkdir()
    assert "mta.lg: no such file (did you mean 'mta.log'?)" in one_line("diagnose", "mta.lg", cwd=tmp_path)
    assert "photo.png is a binary file" in one_line("diagnose", "photo.png", cwd=tmp_path)
    assert "photo.png is a binary file" in one_line("diagnose", "--ticket", "photo.png", cwd=tmp_path)
    assert "a folder without any file that can be read" in one_line("diagnose", "folder", cwd=tmp_path)
    assert "binary" in one_line("diagnose", "--ticket", "-", stdin=b"\0\1\2\3" * 50)


def test_faults_of_a_rule_base(fails: Lines, one_line: Line, tmp_path: Path) -> None:
    write_rule_base(
        tmp_path / "mine", AREA.replace("on: stat,", "on: stta,").replace("remedy: [wait]", "remedy: [wiat]")
    )
    lines = fails("diagnose", "--observe", "mails-not-sent", "--rules", "mine", cwd=tmp_path)
    assert "campaign-rules: mine/area.yaml:7: unknown module 'stta' (did you mean 'stat'?)" in lines
    assert any("unknown step 'wiat' (did you mean 'wait'?)" in line for line in lines)
    assert fails("rules", "check", "mine", cwd=tmp_path) == lines
    assert "not a folder of rules" in one_line("rules", "check", "nowhere", cwd=tmp_path)


def test_checking_listing_and_showing_rules(run: Run, tmp_path: Path) -> None:
    write_rule_base(tmp_path / "mine")
    assert "2 modules" in run("rules", "check", "mine", cwd=tmp_path).stdout
    assert (
        run("rules", "list", "--rules", "mine", cwd=tmp_path).stdout.splitlines()[0]
        == "mta   Delivery server"
    )
    assert "start-stat" in run("rules", "show", "stat-stopped", "--rules", "mine", cwd=tmp_path).stdout


def test_running_scenarios(run: Run, tmp_path: Path) -> None:
    folder = write_rule_base(tmp_path / "mine") / "scenarios"
    folder.mkdir()
    scenario = (
        "scenarios:\n"
        "  - id: one\n    observe: [stat-missing]\n    expect: {root: stat}\n"
        "  - id: two\n    observe: [mails-not-sent, queue=5000]\n    absent: [stat-missing]\n"
        "    expect: {root: mta, cause: mta-overloaded}\n"
        "  - id: three\n    observe: [queue=3]\n    absent: [mails-not-sent]\n    expect: {nothing: true}\n"
    )
    (folder / "area.yaml").write_text(scenario, encoding="utf-8")
    done = run("rules", "test", "mine", cwd=tmp_path)
    assert (done.returncode, done.stderr.replace("scenarios", "").strip()) == (0, "")
    assert done.stdout.splitlines() == [
        "3 scenarios, 0 failed",
        "rules fired                        5 of 5",
        "conditions seen true and false     5 of 5",
        "causes ranked first                2 of 2",
    ]
    (folder / "area.yaml").write_text(scenario.replace("root: stat", "root: mta"), encoding="utf-8")
    done = run("rules", "test", "mine", cwd=tmp_path)
    assert done.returncode == 2
    assert "mine/scenarios/area.yaml:4: scenario 'one': expected root mta, got stat" in done.stderr


def test_what_no_scenario_exercises_is_named(run: Run, tmp_path: Path) -> None:
    folder = write_rule_base(tmp_path / "mine") / "scenarios"
    folder.mkdir()
    (folder / "area.yaml").write_text(
        "scenarios:\n  - id: one\n    observe: [mails-not-sent, stat-missing]\n    expect: {root: stat}\n",
        encoding="utf-8",
    )
    done = run("rules", "test", "mine", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout.splitlines()[1:] == [
        "rules fired                        2 of 5",
        "conditions seen true and false     0 of 5",
        "causes ranked first                1 of 2",
    ]
    for line in (
        "mine/area.yaml:33: rule 'stat-runs': no scenario fires it",
        "mine/area.yaml:28: rule 'no-mail': no scenario shows 'mails-not-sent' present to be false",
        "mine/area.yaml:36: rule 'long-queue': no scenario fires it",
        "mine/area.yaml:47: cause 'mta-overloaded': no scenario ranks it first",
    ):
        assert line in done.stderr
