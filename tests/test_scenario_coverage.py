"""What counts as exercised by scenarios."""

from __future__ import annotations

from pathlib import Path

import pytest

import campaign_rules as cr
from campaign_rules.knowledge import read_rules, read_scenarios
from campaign_rules.scenario_coverage import Coverage, coverage
from campaign_rules.scenario_runs import run_scenario
from tests.rule_bases import write_rule_base

ALL = """\
  - {id: a, observe: [stat-missing], expect: {root: stat}}
  - {id: b, observe: [mails-not-sent, queue=5000], absent: [stat-missing], expect: {root: mta}}
  - {id: c, observe: [queue=3], absent: [mails-not-sent], expect: {nothing: true}}
"""


def measure(folder: Path, scenarios: str) -> dict[str, Coverage]:
    (folder / "scenarios").mkdir(exist_ok=True)
    (folder / "scenarios" / "all.yaml").write_text(f"scenarios:\n{scenarios}", encoding="utf-8")
    knowledge = cr.load_knowledge(folder)
    runs = [run_scenario(entry, knowledge) for entry in read_scenarios(folder)]
    assert [failure for run in runs for failure in run.failures] == []
    return {row.kind: row for row in coverage(read_rules(folder), runs)}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write_rule_base(tmp_path / "base")


def test_all_is_exercised(base: Path) -> None:
    found = measure(base, ALL)
    assert [(row.covered, row.total, row.gaps) for row in found.values()] == [
        (5, 5, ()),
        (5, 5, ()),
        (2, 2, ()),
    ]


@pytest.mark.parametrize(
    ("scenario", "replacement", "kind", "gap"),
    [
        (
            "stat-missing], expect: {root: stat",
            "mails-not-sent], expect: {root: mta",
            "rules fired",
            "'stat-gone'",
        ),
        (
            "[queue=3], absent: [mails-not-sent]",
            "[queue=3]",
            "conditions",
            "'mails-not-sent' present to be false",
        ),
        ("[queue=3]", "[]", "conditions", "'queue' present at_least 1000.0 to be false"),
        ("queue=5000", "queue=500", "conditions", "'queue-long' present to be true"),
        ("queue=5000", "queue=500", "causes ranked first", "cause 'mta-overloaded'"),
    ],
)
def test_what_is_missing_is_named(base: Path, scenario: str, replacement: str, kind: str, gap: str) -> None:
    assert scenario in ALL
    found = measure(base, ALL.replace(scenario, replacement))
    (row,) = (row for name, row in found.items() if name.startswith(kind))
    assert any(gap in line for line in row.gaps)
    assert all(line.startswith(f"{base / 'area.yaml'}:") for line in row.gaps)


def test_not_mentioned_is_not_false(base: Path) -> None:
    found = measure(base, "  - {id: a, observe: [stat-missing], expect: {root: stat}}\n")
    gaps = found["conditions seen true and false"].gaps
    assert any("'mails-not-sent' present to be true or false" in line for line in gaps)
    assert any("'stat-missing' absent to be true" in line for line in gaps)
    assert not any("'queue-long' present to be true or false" in line for line in gaps)


def test_what_an_overlay_inherits_does_not_count(tmp_path: Path) -> None:
    overlay = tmp_path / "mine"
    overlay.mkdir()
    (overlay / "overlay.yaml").write_text("name: mine\n", encoding="utf-8")
    assert [row.total for row in coverage(read_rules(overlay), [])] == [0, 0, 0]
