from __future__ import annotations

import itertools
import math

import pytest

from campaign_rules.model import Cause, Dependency, Module, Observation, Scope, State, Verb
from campaign_rules.ranking import next_checks, rank
from campaign_rules.ranking.observation_links import rates
from tests.ranking.small_base import (
    clears,
    impairs,
    knowledge_base,
    observation,
    rule,
    supports,
)

BASE = knowledge_base()


def entropy(ranking):
    probabilities = [h.probability for h in ranking.hypotheses]
    probabilities += [ranking.none_probability, ranking.elsewhere_probability]
    return -sum(p * math.log2(p) for p in probabilities if p > 0)


def ids(checks):
    return [check.observation for check in checks]


def expected_gain(base, evidence, if_present, if_absent, chance):
    """The expected drop of entropy, by making both answers and ranking again."""
    present, absent = rank(base, [*evidence, if_present]), rank(base, [*evidence, if_absent])
    return entropy(rank(base, evidence)) - chance * entropy(present) - (1 - chance) * entropy(absent)


def chance_of_presence(before, after, sensitivity, false_alarm):
    """P(present), from Bayes for the hypothesis that predicts nothing: P(none | present)."""
    return before.none_probability * false_alarm / after.none_probability


@pytest.mark.parametrize(
    "evidence",
    [
        [impairs("mta", 6, "x"), supports("late", 3, "z")],
        [impairs("mta", 6, "x"), impairs("wf", 1, "y"), supports("late", 3, "z")],
    ],
)
def test_the_gain_is_the_expected_drop_of_entropy_for_a_question_about_a_module(evidence):
    base = knowledge_base(
        modules=[Module("wf", {}), Module("mta", {}, frequency="common")],
        dependencies=[Dependency("wf", "mta", "medium")],
        causes=[Cause("late", "wf", {})],
        rules=[
            rule("p", "wf-late", Verb.IMPAIRS, "wf", "strong"),
            rule("a", "wf-late", Verb.CLEARS, "wf", "weak", State.ABSENT),
        ],
        observations=[observation("wf-late")],
    )
    if_present, if_absent = impairs("wf", 10, "wf-late"), clears("wf", 3, "wf-late")
    rate = rates(10.0, -3.0)
    chance = chance_of_presence(rank(base, evidence), rank(base, [*evidence, if_present]), *rate)
    (check,) = next_checks(base, rank(base, evidence), [])
    assert check.information_bits == pytest.approx(
        expected_gain(base, evidence, if_present, if_absent, chance), abs=1e-9
    )


def test_the_gain_is_the_expected_drop_of_entropy_for_a_question_about_a_cause():
    base = knowledge_base(rules=[r for r in BASE.rules.values() if r.id in ("disk", "disk-ok")])
    ranking = rank(base, [impairs("db", 10, "x")])
    sensitivity, false_alarm = rates(10.0, -10.0)
    parts = [(h.probability, h.cause == "tablespace") for h in ranking.hypotheses]
    parts += [(ranking.none_probability, False), (ranking.elsewhere_probability, False)]
    gain = -sum(p * math.log2(p) for p, _ in parts)
    for present in (True, False):
        joint = [p * abs((not present) - (sensitivity if at_work else false_alarm)) for p, at_work in parts]
        gain += sum(p * math.log2(p / sum(joint)) for p in joint)
    (check,) = next_checks(base, ranking, [])
    assert check.information_bits == pytest.approx(gain, abs=1e-6)


def test_a_link_that_says_nothing_changes_nothing():
    about_module = rule("m", "slow", Verb.IMPAIRS, "stat", "strong")
    faint = rule("c", "slow", Verb.SUPPORTS, "port", "faint")
    gains = []
    for rules in ([about_module], [about_module, faint]):
        base = knowledge_base(rules=rules)
        (check,) = next_checks(base, rank(base, [impairs("mta", 10, "x")]), [])
        gains.append(check.information_bits)
    assert gains[0] == pytest.approx(gains[1], abs=1e-6)


def test_what_is_known_is_not_asked_again_and_unknown_may_be():
    ranking = rank(BASE, [impairs("db", 10, "x")])
    asked = ids(next_checks(BASE, ranking, []))
    assert {"disk-full", "no-mail"} <= set(asked)
    known = [Observation("disk-full", State.ABSENT), Observation("no-mail", State.UNKNOWN)]
    again = ids(next_checks(BASE, ranking, known))
    assert "disk-full" not in again
    assert "no-mail" in again


def test_checks_are_ordered_by_bits_per_minute():
    checks = next_checks(BASE, rank(BASE, [impairs("db", 10, "x")]), [])
    rate = [check.information_bits / check.minutes for check in checks]
    assert rate == sorted(rate, reverse=True)
    assert all(check.information_bits > 0.001 for check in checks)
    assert len(next_checks(BASE, rank(BASE, [impairs("db", 10, "x")]), [], limit=1)) == 1


def test_once_the_first_suspect_is_settled_only_what_may_overturn_it_is_asked():
    rules = [
        rule("more", "more-seen", Verb.IMPAIRS, "mta", "weak"),
        rule("less", "less-seen", Verb.CLEARS, "mta", "strong"),
        rule("other", "other-seen", Verb.SUPPORTS, "tablespace", "certain"),
    ]
    base = knowledge_base(
        modules=[Module("mta", {}, frequency="common"), Module("db", {}, frequency="common")],
        dependencies=[Dependency("mta", "db", "weak")],
        causes=[Cause("tablespace", "db", {}), Cause("queue", "mta", {})],
        rules=rules,
        observations=[observation(f"{id_}-seen") for id_ in ("more", "less", "other")],
    )
    open_ = rank(base, [impairs("mta", 10, "x")])
    assert open_.suspects[0].probability < 0.95
    assert "other-seen" in ids(next_checks(base, open_, []))
    settled = rank(base, [impairs("mta", 20, "x"), supports("queue", 20, "y")])
    assert settled.suspects[0].probability > 0.95
    asked = next_checks(base, settled, [])
    assert all("db" in (check.if_yes.module, check.if_no.module) for check in asked)


def test_context_is_never_asked():
    assert "ctx-os" not in ids(next_checks(BASE, rank(BASE, [impairs("web", 10, "x")]), [], limit=99))


def test_one_check_per_source_group():
    observations = [observation("quick", minutes=1.0, group="log"), observation("slow", group="log")]
    rules = [rule(each.id, each.id, Verb.IMPAIRS, "mta", "strong") for each in observations]
    base = knowledge_base(observations=observations, rules=rules)
    assert ids(next_checks(base, rank(base, [impairs("stat", 10, "x")]), [])) == ["quick"]


def test_a_measurement_that_was_used_for_the_same_target_gains_nothing():
    base = knowledge_base(
        observations=[observation("late", group="log"), observation("slow", group="log")],
        rules=[rule(each, each, Verb.IMPAIRS, "mta", "strong") for each in ("late", "slow")],
    )
    used = rank(base, [impairs("mta", 10, "log")])
    assert next_checks(base, used, [Observation("late")]) == ()
    fresh = rank(base, [impairs("mta", 3, "elsewhere")])
    assert ids(next_checks(base, fresh, [Observation("late")])) == ["slow"]


def test_a_question_about_a_dependency_of_what_is_impaired_beats_one_about_a_stranger():
    rules = [
        rule("stat", "stat-seen", Verb.IMPAIRS, "stat", "strong"),
        rule("lone", "lone-seen", Verb.IMPAIRS, "lone", "strong"),
    ]
    modules = [*BASE.modules.values(), Module("lone", {}, Scope.MACHINE, frequency="rare")]
    base = knowledge_base(
        modules=modules, rules=rules, observations=[observation("stat-seen"), observation("lone-seen")]
    )
    asked = ids(next_checks(base, rank(base, [impairs("mta", 10), impairs("wf", 10)]), []))
    assert asked[0] == "stat-seen"


def test_wording_follows_the_language_with_english_behind_it():
    ranking = rank(BASE, [impairs("db", 10, "x")])
    check = next(c for c in next_checks(BASE, ranking, [], "it") if c.observation == "disk-full")
    assert (check.question, check.how) == ("C'è disk-full?", "Look for disk-full.")
    assert check.minutes == 1.0


def test_several_instances_ask_about_the_best_one():
    evidence = [impairs("mta", 10, "x", instance="prod"), clears("mta", 10, "y", instance="dev")]
    assert "port-taken" in ids(next_checks(BASE, rank(BASE, evidence), []))


def test_the_order_of_evidence_does_not_matter():
    evidence = [impairs("mta", 10), impairs("web", 10), clears("stat", 3)]
    answers = {next_checks(BASE, rank(BASE, order), []) for order in itertools.permutations(evidence)}
    assert len(answers) == 1


def test_the_second_question_is_chosen_given_the_first():
    rules = [
        rule("one", "sign-a", Verb.SUPPORTS, "port", "certain"),
        rule("two", "sign-b", Verb.SUPPORTS, "port", "certain"),
        rule("three", "db-error", Verb.IMPAIRS, "db", "strong"),
    ]
    observations = [observation(id_) for id_ in ("sign-a", "sign-b", "db-error")]
    base = knowledge_base(rules=rules, observations=observations)
    ranking = rank(base, [impairs("mta", 10, "x")])
    alone = {
        id_: next_checks(
            base, ranking, [Observation(other) for other in ("sign-a", "sign-b", "db-error") if other != id_]
        )
        for id_ in ("sign-a", "sign-b", "db-error")
    }
    marginal = {id_: check.information_bits for id_, (check,) in alone.items()}
    assert marginal["sign-a"] == marginal["sign-b"] > marginal["db-error"]
    checks = next_checks(base, ranking, [])
    assert ids(checks)[:2] == ["sign-a", "db-error"]
    assert checks[0].information_bits == pytest.approx(marginal["sign-a"])
    assert checks[1].information_bits <= marginal["db-error"] + 1e-9
    assert all(
        check.information_bits < marginal["sign-b"] for check in checks if check.observation == "sign-b"
    )


def test_each_check_tells_what_either_answer_would_make_of_the_ranking():
    (check,) = next_checks(BASE, rank(BASE, [impairs("db", 10, "x"), impairs("mta", 5, "y")]), [], limit=1)
    assert check.if_yes.probability != check.if_no.probability
    assert check.if_yes.module in BASE.modules
