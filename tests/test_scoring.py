"""Scores of a rule base on incidents whose root cause is known."""

from __future__ import annotations

import pytest

import campaign_rules as cr
from campaign_rules.errors import UnknownNameError
from campaign_rules.scoring import Case, score


@pytest.fixture(scope="module")
def knowledge() -> cr.KnowledgeBase:
    return cr.load_knowledge()


def test_hits_answers_and_confusion_are_counted(knowledge: cr.KnowledgeBase) -> None:
    cases = [
        Case(["process-missing-stat@prod", "mails-not-sent"], {"stat"}),
        Case(["process-missing-stat@prod", "mails-not-sent"], {"mta"}),
        Case([], {"web"}),
    ]
    found = score(cases, knowledge=knowledge)
    assert found.cases == 3
    assert found.answered == pytest.approx(2 / 3)
    assert found.top[1] == pytest.approx(1 / 3)
    assert found.confusion == {("mta", "stat"): 1, ("stat", "stat"): 1, ("web", ""): 1}


def test_any_of_several_right_modules_is_a_hit(knowledge: cr.KnowledgeBase) -> None:
    found = score([Case(["process-missing-stat@prod"], {"mta", "stat"})], knowledge=knowledge)
    assert found.top == {1: 1.0, 3: 1.0}


def test_calibration_weighs_bins_by_their_cases(knowledge: cr.KnowledgeBase) -> None:
    given = ["process-missing-stat@prod", "mails-not-sent"]
    probability = cr.diagnose(given, knowledge=knowledge).suspects[0].probability
    found = score([Case(given, {"stat"})] * 3 + [Case(given, {"mta"})], knowledge=knowledge)
    (one,) = found.calibration
    assert (one.cases, one.share_right) == (4, 0.75)
    assert one.mean_probability == pytest.approx(probability)
    assert found.calibration_error == pytest.approx(abs(probability - 0.75))


def test_no_cases_score_nothing(knowledge: cr.KnowledgeBase) -> None:
    found = score([], knowledge=knowledge)
    assert (found.cases, found.answered, found.calibration_error) == (0, 0.0, 0)


def test_a_right_module_that_does_not_exist_is_named(knowledge: cr.KnowledgeBase) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'stat'"):
        score([Case([], {"statt"})], knowledge=knowledge)
