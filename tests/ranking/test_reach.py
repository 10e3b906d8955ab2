"""How far a fault reaches before anything is observed."""

from __future__ import annotations

from pathlib import Path

import pytest

import campaign_rules as cr
from campaign_rules.ranking import reach
from tests.rule_bases import write_rule_base


def test_a_fault_reaches_what_depends_on_it(tmp_path: Path) -> None:
    knowledge = cr.load_knowledge(write_rule_base(tmp_path / "rules"), cache=False)
    assert reach(knowledge) == {"stat": {"stat": 1.0, "mta": pytest.approx(0.8)}, "mta": {"mta": 1.0}}
