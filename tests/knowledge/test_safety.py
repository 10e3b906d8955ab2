"""Commands fit every system; what is dangerous warns, and comes after a check."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.knowledge.findings_of import findings_of
from tests.rule_bases import KNOWLEDGE

COMMANDS = "commands: [nlserver start stat@<instance>]"
CHECKED = (
    ("remedy: [start-stat]", "remedy: [look, start-stat]"),
    (
        "steps:\n",
        "steps:\n  - {id: look, kind: check, place: anywhere, action: {en: Look, it: Guardare}}\n",
    ),
)
WARNING = "disruption: low\n    warning: {en: Beware, it: Attenzione}"


@pytest.mark.parametrize(
    "command",
    [
        "nlserver stop web -immediate",
        "ipcrm -m <shmid>",
        "psql -c 'vacuum full nmsrecipient'",
        "rm -rf var",
        "rm -f --recursive var",
        "kill -9 <pid>",
        "pkill -KILL nlserver",
        "taskkill /PID 1 /F",
        "DROP TABLE wkf1",
        "truncate nmsbroadlogmsg",
        "delete from xtkworkflow",
        "nlserver web -tracefilter:*",
        "nlserver javascript nms:freezeInstance.js",
        "nlserver config -internalpassword",
        "sed -i 's/internalPassword=\"\"/'",
        'set allowEmptyPassword="true"',
        "SELINUX=disabled",
        "setenforce 0",
    ],
)
def test_a_dangerous_command_needs_a_warning(tmp_path: Path, command: str) -> None:
    written = "'" + command.replace("'", "''") + "'"
    knowledge = KNOWLEDGE + "placeholders: [shmid, pid]\n"
    bare = (*CHECKED, (COMMANDS, f"commands: [{written}]"))
    (found,) = findings_of(tmp_path / "bare", *bare, knowledge=knowledge)
    assert found.startswith("area.yaml:55: step 'start-stat' has no warning, yet ")
    warned = (*bare, ("disruption: low", WARNING))
    assert findings_of(tmp_path / "warned", *warned, knowledge=knowledge) == []


@pytest.mark.parametrize(
    "command",
    ["rm core.1", "kill <instance>", "grep -i tracefilter x", 'set allowSQLInjection="false"', "truncated"],
)
def test_a_harmless_command_needs_none(tmp_path: Path, command: str) -> None:
    assert findings_of(tmp_path, *CHECKED, (COMMANDS, f"commands: ['{command}']")) == []


def test_a_check_may_read_what_an_act_must_not_set(tmp_path: Path) -> None:
    reading = ("place: anywhere, action", "place: anywhere, commands: [grep allowEmptyPassword x], action")
    assert findings_of(tmp_path, *CHECKED, reading) == []


def test_an_action_that_lowers_security_needs_a_warning(tmp_path: Path) -> None:
    (found,) = findings_of(tmp_path, ("action: {en: Wait,", "action: {en: Tick sessionTokenOnly,"))
    assert "step 'wait' has no warning, yet 'sessionTokenOnly' lowers security" in found


@pytest.mark.parametrize("risk", [WARNING, "disruption: high"])
def test_a_risky_step_comes_after_a_check(tmp_path: Path, risk: str) -> None:
    risky = ("disruption: low", risk)
    (found,) = findings_of(tmp_path / "bare", risky)
    assert found.startswith("area.yaml:46: remedy of 'stat-stopped': 'start-stat' ")
    assert found.endswith("put a check before it")
    assert findings_of(tmp_path / "checked", *CHECKED, risky) == []
    late = ("remedy: [look, start-stat]", "remedy: [start-stat, look]")
    assert len(findings_of(tmp_path / "late", *CHECKED, risky, late)) == 1


def test_a_command_for_one_system_only(tmp_path: Path) -> None:
    only = (COMMANDS, "commands: [{run: nlserver start, os: linux}]")
    assert findings_of(tmp_path / "open", only) == [
        "area.yaml:54: step 'start-stat' has no command for windows; "
        "add one, or set 'os' if the step makes no sense there"
    ]
    assert findings_of(tmp_path / "said", only, ("disruption: low", "os: linux")) == []
    assert findings_of(tmp_path / "other", only, ("disruption: low", "os: windows")) == [
        "area.yaml:54: step 'start-stat' has no command for windows"
    ]
    assert findings_of(tmp_path / "console", only, ("disruption: low", "place: console")) == []


def test_a_system_that_does_not_exist(tmp_path: Path) -> None:
    (found,) = findings_of(tmp_path, ("disruption: low", "os: linx"))
    assert found == "area.yaml:55: unknown operating system 'linx' (did you mean 'linux'?)"


def test_a_placeholder_that_nobody_fills_in(tmp_path: Path) -> None:
    wrong = (COMMANDS, "commands: [nlserver start <module>@<instnace>]")
    found = findings_of(tmp_path, wrong, knowledge=KNOWLEDGE + "placeholders: [module]\n")
    assert found == [
        "area.yaml:54: unknown placeholder '<instnace>' in a command of 'start-stat' "
        "(did you mean 'instance'?); known are <instance> and the 'placeholders' "
        "of knowledge.yaml and overlay.yaml"
    ]
