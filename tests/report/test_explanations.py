"""Why and why not as data tell what the words tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import campaign_rules as cr
from tests.rule_bases import write_rule_base


@pytest.fixture
def base(tmp_path: Path) -> cr.KnowledgeBase:
    return cr.load_knowledge(write_rule_base(tmp_path / "rules"))


def _rules(trees: list[dict[str, Any]]) -> set[str]:
    """Return the rules of proofs, those of derived facts too."""
    below = [one["proof"] for tree in trees for one in tree["because"] if one["proof"]]
    return {tree["rule"] for tree in trees} | (_rules(below) if below else set())


def test_a_proof_goes_down_to_what_was_observed(base: cr.KnowledgeBase) -> None:
    (suspect,) = cr.diagnose(["queue=2000"], knowledge=base).explanation("mta")["why"]["suspects"]
    (tree,) = suspect["proof"]
    assert _rules([tree]) == {"mta-slow", "long-queue"}
    assert tree["because"][0]["fact"] == "queue-long"
    assert tree["because"][0]["proof"]["because"] == [
        {"fact": "queue", "state": "present", "value": 2000.0, "provenance": [], "proof": None}
    ]


def test_why_of_what_is_not_suspected_is_empty(base: cr.KnowledgeBase) -> None:
    found = cr.diagnose(knowledge=base).explanation("mta")
    assert found["why"] == {"module": "mta", "suspects": []}
    assert found["why_not"]["standing"] == []


def test_why_not_tells_missing_from_contradicted(base: cr.KnowledgeBase) -> None:
    for given, known in (("mails-not-sent", "missing"), ("stat-missing", "contradicted")):
        diagnosis = cr.diagnose([given], knowledge=base)
        if known == "contradicted":
            diagnosis = cr.diagnose([cr.Observation("stat-missing", cr.State.ABSENT)], knowledge=base)
        gaps = {one["rule"]: one for one in diagnosis.explanation("stat")["why_not"]["would_support"]}
        assert gaps["stat-gone"]["unmet"] == [
            {"fact": "stat-missing", "state": "present", "value": None, "comparison": None, "known": known}
        ]


def test_an_unknown_module_is_named_with_the_nearest(base: cr.KnowledgeBase) -> None:
    with pytest.raises(cr.UnknownNameError, match="did you mean 'mta'"):
        cr.diagnose(knowledge=base).explanation("mtb")


def test_data_and_words_name_the_same_rules() -> None:
    diagnosis = cr.diagnose(["mails-not-sent", "process-missing-stat@prod"])
    for module in ("stat", "mta", "web"):
        found = diagnosis.explanation(module)
        why, why_not = diagnosis.why(module), diagnosis.why_not(module)
        for suspect in found["why"]["suspects"]:
            assert all(f"{rule}: " in why for rule in _rules(suspect["proof"]))
        objections = [*found["why_not"]["against"], *found["why_not"]["would_support"]]
        assert [line.split(":")[0].strip() for line in why_not.splitlines() if _names_a_rule(line)] == [
            one["rule"] for one in objections
        ]


def _names_a_rule(line: str) -> bool:
    return line.startswith("  ") and not line.startswith("   ")
