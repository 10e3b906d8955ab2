"""What the checker says about a small rule base, for the tests of its parts."""

from __future__ import annotations

from pathlib import Path

from campaign_rules.knowledge.checks import check
from campaign_rules.knowledge.entries import read_entries
from campaign_rules.knowledge.findings import Severity
from tests.rule_bases import AREA, KNOWLEDGE, write_rule_base


def findings_of(
    folder: Path, *changes: tuple[str, str], severity: Severity = Severity.ERROR, knowledge: str = KNOWLEDGE
) -> list[str]:
    """Write the small rule base with `changes` (each old text once), and return its findings."""
    area = AREA
    for old, new in changes:
        assert area.count(old) >= 1, old
        area = area.replace(old, new, 1)
    found = check(read_entries(write_rule_base(folder / "rules", area, knowledge)))
    return [
        str(finding).removeprefix(f"{folder / 'rules'}/") for finding in found if finding.severity is severity
    ]
