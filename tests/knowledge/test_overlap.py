"""Contradictory and subsumed rules are warnings: the rule base loads all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign_rules.knowledge import load_with_warnings
from campaign_rules.knowledge.findings import Severity
from tests.knowledge.findings_of import findings_of
from tests.rule_bases import AREA, write_rule_base

RULE = "  - {{id: more, when: {when}, then: [{{{conclusion}}}]}}\ncauses:\n"


def warnings(folder: Path, when: str, conclusion: str, *changes: tuple[str, str]) -> list[str]:
    added = ("causes:\n", RULE.format(when=when, conclusion=conclusion))
    return findings_of(folder, *changes, added, severity=Severity.WARNING)


def test_opposite_conclusions_from_the_same_conditions(tmp_path: Path) -> None:
    (found,) = warnings(tmp_path, "{any: [mails-not-sent]}", "clears: mta, strength: possible")
    assert found.startswith("area.yaml:42: rule 'more' clears 'mta', which rule 'no-mail' at ")
    assert found.endswith("area.yaml:27 impairs on the same conditions")


def test_opposite_conclusions_within_a_rule(tmp_path: Path) -> None:
    both = (
        "[{impairs: mta, strength: likely}]",
        "[{impairs: mta, strength: likely}, {clears: mta, strength: likely}]",
    )
    (found,) = findings_of(tmp_path, both, severity=Severity.WARNING)
    assert "rule 'no-mail' clears 'mta'" in found


def test_opposite_conclusions_from_different_conditions_are_sound(tmp_path: Path) -> None:
    assert warnings(tmp_path, "{all: [queue]}", "clears: mta, strength: possible") == []


@pytest.mark.parametrize(
    "when",
    [
        "{all: [mails-not-sent]}",
        "{all: [mails-not-sent, queue]}",
        "{all: [mails-not-sent], any: [queue, stat-missing]}",
        "{all: [mails-not-sent], unless: [queue-long]}",
    ],
)
def test_a_rule_that_concludes_no_more_from_more(tmp_path: Path, when: str) -> None:
    (found,) = warnings(tmp_path, when, "impairs: mta, strength: likely")
    assert found.startswith("area.yaml:42: rule 'more' is subsumed: rule 'no-mail' at ")


@pytest.mark.parametrize(
    ("when", "conclusion"),
    [
        ("{all: [mails-not-sent, queue]}", "impairs: mta, strength: certain"),
        ("{all: [mails-not-sent, queue]}", "impairs: stat, strength: likely"),
        ("{all: [queue]}", "impairs: mta, strength: likely"),
    ],
)
def test_a_rule_that_says_something_of_its_own(tmp_path: Path, when: str, conclusion: str) -> None:
    assert warnings(tmp_path, when, conclusion) == []


def test_the_wider_rule_is_not_the_subsumed_one(tmp_path: Path) -> None:
    (found,) = warnings(tmp_path, "{any: [mails-not-sent, queue]}", "impairs: mta, strength: likely")
    assert "rule 'no-mail' is subsumed: rule 'more'" in found


@pytest.mark.parametrize(
    ("wide", "narrow", "subsumed"),
    [
        ("at_least: 5", "at_least: 9", True),
        ("at_least: 9", "at_least: 5", False),
        ("at_most: 5", "at_most: 3", True),
        ("at_least: 5", "is: 5", True),
        ("at_least: 5", "at_most: 9", False),
    ],
)
def test_a_stricter_test_of_a_value(tmp_path: Path, wide: str, narrow: str, subsumed: bool) -> None:
    found = warnings(
        tmp_path,
        f"{{all: [{{fact: queue, {narrow}}}]}}",
        "impairs: mta, strength: likely",
        ("all: [mails-not-sent]", f"all: [{{fact: queue, {wide}}}]"),
    )
    assert bool([line for line in found if "'more' is subsumed" in line]) is subsumed


def test_what_a_subsumed_rule_is_good_for(tmp_path: Path) -> None:
    (measured,) = warnings(
        tmp_path / "one", "{all: [mails-not-sent, queue]}", "impairs: mta, strength: likely"
    )
    assert measured.endswith("it only corroborates, through queue")
    context = ("value: number\n", "value: number\n    context: true\n")
    (idle,) = warnings(
        tmp_path / "two", "{all: [mails-not-sent, queue]}", "impairs: mta, strength: likely", context
    )
    assert idle.endswith("it adds nothing")


def test_warnings_do_not_refuse_a_rule_base(tmp_path: Path) -> None:
    rule = RULE.format(when="{all: [mails-not-sent]}", conclusion="impairs: mta, strength: likely")
    base, found = load_with_warnings(write_rule_base(tmp_path / "rules", AREA.replace("causes:\n", rule)))
    assert "more" in base.rules
    assert [finding.line for finding in found] == [42]
