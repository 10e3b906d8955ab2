"""What differs between the entries of two rule bases."""

from __future__ import annotations

from pathlib import Path

from campaign_rules.knowledge import Difference, differences, load
from tests.rule_bases import AREA, KNOWLEDGE, write_rule_base


def test_equal_rule_bases_do_not_differ(tmp_path: Path) -> None:
    one, two = (load(write_rule_base(tmp_path / name)) for name in ("one", "two"))
    assert differences(one, two) == ()


def test_added_removed_and_changed_entries(tmp_path: Path) -> None:
    old = load(write_rule_base(tmp_path / "old"))
    area = (
        AREA.replace("  - id: no-mail\n", "  - id: mail-stuck\n")
        .replace("{en: Wait, it: Attendere}", "{en: Wait, it: Aspettare}")
        .replace("strength: possible", "strength: likely")
        .replace("{on: stat, strength: strong}", "{on: stat, strength: weak}")
    )
    new = load(write_rule_base(tmp_path / "new", area, KNOWLEDGE.replace("possible: 7", "possible: 6")))
    assert differences(old, new) == (
        Difference("dependencies", "mta -> stat", "changed", ("strength",)),
        Difference("rules", "mail-stuck", "added"),
        Difference("rules", "mta-slow", "changed", ("then",)),
        Difference("rules", "no-mail", "removed"),
        Difference("scale", "strengths", "changed", ("words",)),
        Difference("steps", "wait", "changed", ("action",)),
    )
    assert [one.change for one in differences(new, old) if one.kind == "rules"] == [
        "removed",
        "changed",
        "added",
    ]
