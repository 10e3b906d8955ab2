from __future__ import annotations

import math

import pytest
from hypothesis import given

from campaign_rules.model import Cause, Dependency, Module, State, Verb
from campaign_rules.ranking import rank
from campaign_rules.ranking.information_bounds import at_most, masses, surprises
from campaign_rules.ranking.observation_links import observation_links
from campaign_rules.ranking.outlook import (
    answered,
    answers_to,
    chance_of_presence,
    effects_of,
    information,
    outlook_of,
    prospect,
)
from tests.ranking.small_base import clears, impairs, knowledge_base, observation, refutes, rule, supports
from tests.ranking.test_posterior import items

BASE = knowledge_base()
CHAIN = knowledge_base(
    modules=[Module("wf", {}), Module("mta", {}, frequency="common")],
    dependencies=[Dependency("wf", "mta", "medium")],
    causes=[Cause("late", "wf", {})],
    rules=[
        rule("p", "wf-late", Verb.IMPAIRS, "wf", "strong"),
        rule("a", "wf-late", Verb.CLEARS, "wf", "weak", State.ABSENT),
        rule("c", "late-seen", Verb.SUPPORTS, "late", "strong"),
        rule("n", "late-seen", Verb.REFUTES, "late", "weak", State.ABSENT),
        rule("o", "one-sided", Verb.IMPAIRS, "wf", "strong"),
        rule("b", "both-seen", Verb.IMPAIRS, "wf", "weak"),
        rule("b2", "both-seen", Verb.SUPPORTS, "late", "strong"),
    ],
    observations=[observation(id_) for id_ in ("wf-late", "late-seen", "one-sided", "both-seen")],
)
EVIDENCE = [impairs("mta", 6, "x"), supports("late", 6, "z")]
ANSWERS = {
    ("wf-late", True): [impairs("wf", 10, "wf-late")],
    ("wf-late", False): [clears("wf", 3, "wf-late")],
    ("late-seen", True): [supports("late", 10, "late-seen")],
    ("late-seen", False): [refutes("late", 3, "late-seen")],
    ("one-sided", True): [impairs("wf", 10, "one-sided")],
    ("one-sided", False): [],
    ("both-seen", True): [impairs("wf", 3, "both-seen"), supports("late", 10, "both-seen")],
    ("both-seen", False): [],
}


def asked(base, evidence, id_, instance=""):
    ranking = rank(base, evidence)
    effects = effects_of(ranking.case, observation_links(base)[id_], id_, instance)
    return ranking, outlook_of(ranking), effects


@pytest.mark.parametrize(("id_", "present"), ANSWERS)
def test_a_prospect_is_the_first_suspect_of_the_ranking_with_the_answer(id_, present):
    ranking, outlook, effects = asked(CHAIN, EVIDENCE, id_)
    first = rank(CHAIN, [*EVIDENCE, *ANSWERS[id_, present]]).suspects[0]
    after = prospect(ranking, outlook, effects, id_, present)
    assert (after.module, after.instance) == (first.module, first.instance)
    assert after.probability == pytest.approx(first.probability, abs=1e-9)


def test_a_further_fact_says_only_what_one_observer_may_say_in_all():
    evidence = [impairs("wf", 9, "x"), impairs("mta", 6, "y")]
    ranking, outlook, effects = asked(CHAIN, evidence, "wf-late")
    after = prospect(ranking, outlook, effects, "wf-late", present=True)
    (first, *_) = rank(CHAIN, [*evidence, impairs("wf", 10, "wf-late")]).suspects
    assert (after.module, after.probability) == (first.module, pytest.approx(first.probability, abs=1e-9))


def test_without_a_suspect_there_is_no_prospect():
    ranking, outlook, effects = asked(CHAIN, [], "wf-late")
    assert prospect(ranking, outlook, effects, "wf-late", present=True) is None


def questions(ranking):
    """Every question that nothing is known about yet, for an instance that there is."""
    (instance, *_) = sorted({instance for _, instance in ranking.case.network.callees if instance}) or [""]
    for id_, links in observation_links(BASE).items():
        effects = effects_of(ranking.case, links, id_, instance)
        if effects:
            yield id_, links, effects, instance


@given(items)
def test_no_question_gains_more_than_its_bound_and_no_gain_is_negative(evidence):
    ranking = rank(BASE, evidence)
    outlook = outlook_of(ranking)
    for id_, links, effects, instance in questions(ranking):
        gain = information(outlook, answers_to(outlook, effects))
        assert gain >= -1e-12
        if not any(effect.node in ranking.case.states for effect in effects):
            bound = at_most(outlook, masses(outlook), links, surprises(BASE)[id_], instance)
            assert gain <= bound + 1e-12


@given(items)
def test_on_average_over_the_answers_nothing_changes(evidence):
    ranking = rank(BASE, evidence)
    outlook = outlook_of(ranking)
    for _, _, effects, _ in questions(ranking):
        answers = answers_to(outlook, effects)
        yes = chance_of_presence(outlook, answers)
        after = {present: answered(outlook, effects, answers, present) for present in (True, False)}
        for root, probability in outlook.roots.items():
            average = yes * after[True].roots[root] + (1 - yes) * after[False].roots[root]
            assert average == pytest.approx(probability, abs=1e-9)
        for key, probability in outlook.causes.items():
            average = yes * after[True].causes[key] + (1 - yes) * after[False].causes[key]
            assert average == pytest.approx(probability, abs=1e-9)


def test_an_answer_moves_the_belief_in_its_module():
    _, outlook, effects = asked(CHAIN, EVIDENCE, "wf-late")
    answers = answers_to(outlook, effects)
    node = ("wf", "")
    root = ("mta", "")
    before = outlook.beliefs[node][root]
    (effect,) = effects
    after = answered(outlook, effects, answers, present=True).beliefs[node][root]
    odds = before / (1 - before) * effect.sensitivity / effect.false_alarm
    assert after == pytest.approx(odds / (1 + odds))
    assert math.isclose(effect.sensitivity / effect.false_alarm, 10.0)
