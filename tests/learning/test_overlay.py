"""The overlay: it loads, and changes what was announced and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

import campaign_rules as cr
from campaign_rules.errors import InputError
from campaign_rules.knowledge import differences
from campaign_rules.learning import Estimate, write_overlay
from campaign_rules.learning.estimates import WHOLE

OTHER = {"common": "rare", "occasional": "common", "rare": "occasional"}


@pytest.fixture(scope="module")
def knowledge() -> cr.KnowledgeBase:
    return cr.load_knowledge()


def _change(section: str, name: str, shipped: str, word: str, conclusion: int = WHOLE) -> Estimate:
    return Estimate(section, name, conclusion, shipped, word, 0.4, 1.25, 0.8, 2.0, "9 of 30 tickets")


def test_every_entry_of_the_rule_base_can_be_written_and_read_back(
    knowledge: cr.KnowledgeBase, tmp_path: Path
) -> None:
    changes = [
        _change(section, name, entry.frequency, OTHER[entry.frequency])
        for section in ("modules", "causes")
        for name, entry in getattr(knowledge, section).items()
    ]
    changes += [
        _change("rules", name, one.strength, "hint" if one.strength != "hint" else "certain", position)
        for name, rule in knowledge.rules.items()
        for position, one in enumerate(rule.then)
        if one.strength
    ]
    write_overlay(tmp_path / "learnt", changes)
    found = cr.load_knowledge(tmp_path / "learnt", cache=False)
    assert found.version == f"{knowledge.version}+learnt"
    changed = differences(knowledge, found)
    assert {(one.kind, one.id) for one in changed} == {(one.section, one.id) for one in changes}
    assert {(one.change, one.keys) for one in changed} == {
        ("changed", ("frequency",)),
        ("changed", ("then",)),
    }
    for one in changes:
        entry = getattr(found, one.section)[one.id]
        word = entry.frequency if one.conclusion == WHOLE else entry.then[one.conclusion].strength
        assert word == one.word


def test_a_comment_above_each_entry_tells_why(knowledge: cr.KnowledgeBase, tmp_path: Path) -> None:
    shipped = knowledge.modules["stat"].frequency
    write_overlay(tmp_path / "learnt", [_change("modules", "stat", shipped, OTHER[shipped])])
    lines = (tmp_path / "learnt" / "learnt.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[:3] == [
        "modules:",
        f"# stat: {shipped} (0.4) to {OTHER[shipped]}; learnt 1.25 (0.8 to 2): 9 of 30 tickets",
        "- id: stat",
    ]
    head = (tmp_path / "learnt" / "overlay.yaml").read_text(encoding="utf-8")
    assert head == "name: learnt\nreplace:\n  modules:\n  - stat\n"


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is there already"):
        write_overlay(tmp_path, [_change("modules", "stat", "occasional", "common")])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no/learnt: cannot be written"):
        write_overlay(tmp_path / "no" / "learnt", [_change("modules", "stat", "occasional", "common")])
