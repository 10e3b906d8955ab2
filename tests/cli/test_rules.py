"""``campaign-rules rules``: warnings of the check, schemas, and the comparison of two rule bases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from campaign_rules.cli.rules import rules
from campaign_rules.errors import UnknownNameError
from campaign_rules.knowledge import load, schema
from campaign_rules.knowledge.schemas import FILES
from tests.rule_bases import AREA, write_rule_base

SCENARIOS = """\
scenarios:
  - id: stat-down
    observe: [stat-missing]
    expect: {root: stat}
  - id: mails-stuck
    observe: [mails-not-sent]
    expect: {root: mta}
"""


def run(*words: object) -> Result:
    return CliRunner().invoke(rules, [str(word) for word in words])


def rule_base(folder: Path, area: str = AREA, scenarios: str = SCENARIOS) -> Path:
    write_rule_base(folder, area)
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "area.yaml").write_text(scenarios, encoding="utf-8")
    return folder


def test_a_warning_is_shown_and_does_not_fail(tmp_path: Path) -> None:
    twin = (
        "  - {id: twin, when: {all: [mails-not-sent]}, then: [{impairs: mta, strength: likely}]}\ncauses:\n"
    )
    done = run("check", rule_base(tmp_path / "mine", AREA.replace("causes:\n", twin)))
    assert done.exit_code == 0
    assert done.stdout.endswith("no fault found\n")
    place = f"{tmp_path}/mine/area.yaml"
    assert done.stderr == (
        f"warning: {place}:42: rule 'twin' is subsumed: rule 'no-mail' at {place}:27 "
        "concludes as much from the same conditions; it adds nothing\n"
    )


@pytest.mark.parametrize("kind", FILES)
def test_the_schema_of_each_kind_is_printed(kind: str) -> None:
    assert json.loads(run("schema", kind).stdout) == schema(kind)


def test_the_schema_of_an_area_is_what_one_gets_unasked() -> None:
    assert run("schema").stdout == run("schema", "area").stdout
    assert isinstance(run("schema", "aera").exception, UnknownNameError)


def test_a_rule_base_does_not_differ_from_itself(tmp_path: Path) -> None:
    base = rule_base(tmp_path / "mine")
    mark = f"1 ({load(base).fingerprint[:12]})"
    done = run("diff", base, base)
    assert done.exit_code == 0
    assert done.stdout == (
        f"old: {mark}\nnew: {mark}\n\nentries: 0 added, 0 removed, 0 changed\nverdicts: 0 of 2 changed\n"
    )


def test_differences_in_entries_and_verdicts(tmp_path: Path) -> None:
    old = rule_base(tmp_path / "old")
    more = (
        "  - id: slow-and-gone\n    when: {all: [stat-missing, queue-long]}\n"
        "    then: [{impairs: mta, strength: likely}]\n"
    )
    area = AREA.replace("causes:\n", more + "causes:\n").replace(
        "then: [{supports: stat-stopped, strength: certain}, {impairs: stat, strength: likely}]",
        "then: [{impairs: stat, strength: likely}]",
    )
    changed = SCENARIOS.replace("observe: [mails-not-sent]", "absent: [stat-missing]")
    new = rule_base(tmp_path / "new", area, changed)
    done = run("diff", old, new)
    assert done.exit_code == 0, done.exception
    lines = done.stdout.splitlines()
    assert lines[3:8] == [
        "rules",
        "  added    slow-and-gone",
        "  changed  stat-gone: then",
        "",
        "entries: 1 added, 0 removed, 1 changed",
    ]
    (start,) = [number for number, line in enumerate(lines) if line == "stat-down"]
    assert lines[start + 1].startswith("  old: stat 0.")
    assert ", cause stat-stopped 0." in lines[start + 1]
    assert lines[start + 2].startswith("  new: stat 0.")
    assert "cause" not in lines[start + 2]
    assert lines[-1] == "verdicts: 1 of 3 changed"
    assert done.stdout == run("diff", old, new).stdout


def test_an_incident_that_only_one_rule_base_can_read(tmp_path: Path) -> None:
    old = rule_base(tmp_path / "old")
    area = AREA.replace("stat-missing", "stat-gone-missing")
    new = rule_base(tmp_path / "new", area, SCENARIOS.replace("stat-missing", "stat-gone-missing"))
    output = run("diff", old, new).stdout
    assert "stat-down\n  old: stat 0." in output
    assert (
        "  new: not diagnosed: unknown observation 'stat-missing' (did you mean 'stat-gone-missing'?)"
        in output
    )
    assert "stat-down (new)\n  old: not diagnosed: unknown observation 'stat-gone-missing'" in output


def test_one_folder_is_compared_with_the_shipped_rule_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "overlay.yaml").write_text("placeholders: [feed]\n", encoding="utf-8")
    monkeypatch.setattr("campaign_rules.verdicts.corpus", lambda old, new: ())
    done = run("diff", folder)
    assert done.exit_code == 0, done.exception
    old, new, *rest = done.stdout.splitlines()
    assert new.split()[1] == f"{old.split()[1]}+ours"
    assert rest == ["", "entries: 0 added, 0 removed, 0 changed", "verdicts: 0 of 0 changed"]
