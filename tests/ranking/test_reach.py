"""What the evidence says when the module at fault is known."""

from __future__ import annotations

from pathlib import Path

import pytest

import campaign_rules as cr
from campaign_rules.ranking import impaired_by, shares_among
from tests.rule_bases import write_rule_base


@pytest.fixture
def knowledge(tmp_path: Path) -> cr.KnowledgeBase:
    return cr.load_knowledge(write_rule_base(tmp_path / "rules"), cache=False)


def test_a_fault_reaches_what_depends_on_it(knowledge: cr.KnowledgeBase) -> None:
    ranking = cr.diagnose(knowledge=knowledge).ranking
    assert impaired_by(ranking, "stat") == {"stat": 1.0, "mta": pytest.approx(0.8)}
    assert impaired_by(ranking, "mta") == {"mta": 1.0}


def test_what_is_observed_tells_whether_it_did(knowledge: cr.KnowledgeBase) -> None:
    ranking = cr.diagnose(["mails-not-sent@one", "queue@two=1"], knowledge=knowledge).ranking
    assert impaired_by(ranking, "stat")["mta"] > 0.95


def test_modules_share_a_fault_by_what_is_observed(knowledge: cr.KnowledgeBase) -> None:
    nothing = cr.diagnose(knowledge=knowledge).ranking
    assert shares_among(nothing, ["mta", "stat"]) == pytest.approx({"mta": 0.5, "stat": 0.5})
    found = cr.diagnose(["stat-missing"], knowledge=knowledge)
    shares = shares_among(found.ranking, ["mta", "stat"])
    assert shares["stat"] > 0.95
    assert sum(shares.values()) == pytest.approx(1.0)
