from __future__ import annotations

import pytest

from campaign_rules.model import Conclusion, Condition, Rule, State, Verb
from campaign_rules.ranking.observation_links import link, observation_links, rates
from tests.ranking.small_base import RULES, knowledge_base, rule


def test_both_answers_give_both_rates():
    sensitivity, false_alarm = rates(10.0, -3.0)
    assert sensitivity / false_alarm == pytest.approx(10)
    assert (1 - sensitivity) / (1 - false_alarm) == pytest.approx(10**-0.3)


def test_presence_that_clears_and_absence_that_impairs():
    sensitivity, false_alarm = rates(-5.0, 10.0)
    assert sensitivity / false_alarm == pytest.approx(10**-0.5)
    assert (1 - sensitivity) / (1 - false_alarm) == pytest.approx(10)


@pytest.mark.parametrize(
    ("present", "absent", "expected"),
    [
        (10.0, 0.0, (0.7, 0.07)),
        (-10.0, 0.0, (0.07, 0.7)),
        (0.0, 10.0, (0.3, 0.93)),
        (0.0, -10.0, (0.93, 0.3)),
        (10.0, 3.0, (0.7, 0.07)),
    ],
)
def test_one_telling_answer_is_given_usually(present, absent, expected):
    assert rates(present, absent) == pytest.approx(expected)


def test_links_go_through_derived_facts():
    links = observation_links(knowledge_base())
    assert links["db-error"] == (link(knowledge_base(), (False, "db"), 20.0, 0.0),)


def test_rules_about_presence_and_absence_make_one_link():
    links = observation_links(knowledge_base())
    assert links["no-mail"] == (link(knowledge_base(), (False, "mta"), 10.0, -3.0),)
    assert links["disk-full"] == (link(knowledge_base(), (True, "tablespace"), 10.0, -10.0),)


def test_context_and_rules_that_need_more_make_no_link():
    links = observation_links(knowledge_base())
    assert "ctx-os" not in links
    assert "slow" not in links


def test_each_alternative_suffices_alone_and_the_strongest_rule_counts():
    rules = (
        Rule(
            "either",
            (Conclusion(Verb.IMPAIRS, "web", "weak"),),
            any=(Condition("slow"), Condition("no-mail", State.ABSENT)),
        ),
        rule("stronger", "slow", Verb.IMPAIRS, "web", "strong"),
    )
    links = observation_links(knowledge_base(rules=rules))
    assert links["slow"] == (link(knowledge_base(), (False, "web"), 10.0, 0.0),)
    assert links["no-mail"] == (link(knowledge_base(), (False, "web"), 0.0, 3.0),)


def test_a_rule_that_an_exception_can_block_makes_no_link():
    blocked = Rule(
        "blocked",
        (Conclusion(Verb.IMPAIRS, "web", "weak"),),
        all=(Condition("slow"),),
        unless=("db-trouble",),
    )
    assert "slow" not in observation_links(knowledge_base(rules=(blocked,)))


def test_facts_that_derive_each_other_do_not_hang():
    rules = (
        *RULES,
        rule("there", "db-trouble", Verb.DERIVES, "again"),
        rule("back", "again", Verb.DERIVES, "db-trouble"),
    )
    assert "db-error" in observation_links(knowledge_base(rules=rules))
