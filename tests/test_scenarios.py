"""Every scenario of the shipped rule base."""

from __future__ import annotations

from functools import cache

import pytest

import campaign_rules as cr
from campaign_rules.knowledge import Entry, Scenario, read_rules, read_scenarios, shipped_rules
from campaign_rules.scenario_coverage import coverage
from campaign_rules.scenario_runs import ScenarioRun, run_scenario

SCENARIOS = {entry.value.id: entry for entry in read_scenarios(shipped_rules())}
PAGE_ROWS = (
    "export",
    "import",
    "inMail",
    "mta",
    "stat",
    "syslogd",
    "tracking",
    "trackinglogd",
    "watchdog",
    "web",
    "wfserver",
)


@cache
def outcome(name: str) -> ScenarioRun:
    return run_scenario(SCENARIOS[name], cr.load_knowledge())


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_scenario(name: str) -> None:
    assert outcome(name).failures == ()


@cache
def gaps() -> dict[str, tuple[str, ...]]:
    runs = [outcome(name) for name in sorted(SCENARIOS)]
    return {row.kind: row.gaps for row in coverage(read_rules(shipped_rules()), runs)}


@pytest.mark.parametrize("kind", ["rules fired", "conditions seen true and false", "causes ranked first"])
def test_everything_is_exercised(kind: str) -> None:
    assert gaps()[kind] == ()


def test_scenario_ids_are_unique() -> None:
    assert len(SCENARIOS) == len(read_scenarios(shipped_rules()))


@pytest.mark.parametrize("module", PAGE_ROWS)
def test_every_module_of_the_page_has_three_scenarios(module: str) -> None:
    assert sum(entry.value.expect.root == module for entry in SCENARIOS.values()) >= 3


def test_a_scenario_that_fails_says_where_and_what(tmp_path) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "wrong.yaml").write_text(
        "scenarios:\n"
        "  - id: wrong\n"
        "    observe: [process-missing-stat]\n"
        "    expect:\n"
        "      root: web\n"
        "      not_suspects: [stat]\n",
        encoding="utf-8",
    )
    (entry,) = read_scenarios(tmp_path)
    failures = run_scenario(entry, cr.load_knowledge()).failures
    assert len(failures) == 2
    assert f"{folder / 'wrong.yaml'}:5: scenario 'wrong': expected root web, got stat" in failures[0]
    assert "wrong.yaml:6: scenario 'wrong': stat must not be suspected" in failures[1]


def test_a_scenario_with_an_unknown_observation_fails_with_the_nearest_word(tmp_path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "typo.yaml").write_text(
        "scenarios:\n  - id: typo\n    observe: [process-mising-stat]\n    expect: {root: stat}\n",
        encoding="utf-8",
    )
    entry: Entry[Scenario]
    (entry,) = read_scenarios(tmp_path)
    (failure,) = run_scenario(entry, cr.load_knowledge()).failures
    assert "did you mean 'process-missing-stat'" in failure
