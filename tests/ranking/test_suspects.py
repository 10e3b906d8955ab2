from __future__ import annotations

import math

import pytest

from campaign_rules.model import Cause
from campaign_rules.ranking import rank
from tests.ranking.small_base import clears, impairs, knowledge_base, refutes, supports

BASE = knowledge_base()


def first(*evidence):
    return rank(BASE, evidence).suspects[0]


def test_the_term_of_a_caller_is_told_by_its_observations():
    suspect = next(
        s
        for s in rank(
            BASE, [impairs("stat", 10, "s"), impairs("mta", 6, "x"), impairs("mta", 3, "y", "z")]
        ).suspects
        if s.module == "stat"
    )
    terms = {(weight.observation, weight.through): weight.decibans for weight in suspect.evidence}
    through_mta = 10 * math.log10(0.5 * 10**0.9 + 0.5)
    assert terms == {
        ("s", ""): pytest.approx(10),
        ("x", "mta"): pytest.approx(through_mta * 6 / 9),
        ("y", "mta"): pytest.approx(through_mta * 1.5 / 9),
        ("z", "mta"): pytest.approx(through_mta * 1.5 / 9),
    }


def test_what_is_certain_of_a_module_is_clipped():
    suspect = first(impairs("mta", 20))
    own = sum(weight.decibans for weight in suspect.evidence if not weight.through)
    assert own == pytest.approx(10 * math.log10(14))


def test_through_names_the_instance():
    suspect = first(impairs("stat", 10, instance="prod"), impairs("mta", 10, instance="prod"))
    assert {weight.through for weight in suspect.evidence} == {"", "mta@prod"}


def test_evidence_about_a_cause_is_worth_what_it_adds_to_its_module():
    suspect = first(supports("port", 20, "x"))
    share = 1.0 / 1.4
    (weight,) = suspect.evidence
    assert weight.decibans == pytest.approx(10 * math.log10(share * 100 + 1 - share))
    assert suspect.cause == "port"
    assert suspect.cause_probability == pytest.approx(
        suspect.probability * share * 100 / (share * 100 + 1 - share)
    )


def test_a_measurement_counts_once_for_the_module_and_the_cause_inside_it():
    def decibans(*evidence):
        (suspect,) = [each for each in rank(BASE, evidence).suspects if each.module == "db"]
        return sum(weight.decibans for weight in suspect.evidence)

    share, rival = 0.4 / 0.9, 0.5  # tablespace is occasional, locks are rare
    apart = decibans(impairs("db", 6, "x"), supports("tablespace", 10, "y"))
    assert apart == pytest.approx(6 + 10 * math.log10(1 + rival * 9))
    once = decibans(impairs("db", 6, "x"), supports("tablespace", 10, "x"))
    assert once == pytest.approx(6 + 10 * math.log10(1 + share * 9 + (rival - share) * (10**0.4 - 1)))


def test_contradicting_evidence_that_cancels_out_says_nothing():
    suspects = rank(BASE, [impairs("web", 10, "w"), impairs("mta", 5, "x"), clears("mta", 5, "y")]).suspects
    assert suspects
    assert all(weight.through != "mta" for suspect in suspects for weight in suspect.evidence)
    assert "mta" not in {suspect.module for suspect in suspects}


def test_a_common_cause_is_named_without_evidence():
    suspect = first(impairs("stat", 20))
    assert (suspect.module, suspect.cause) == ("stat", "port")


def test_an_ordinary_cause_without_evidence_is_not_named():
    suspect = first(impairs("db", 20))
    assert (suspect.module, suspect.cause, suspect.cause_probability) == ("db", "", 0.0)


def test_only_a_common_cause_is_named_without_evidence():
    base = knowledge_base(causes=[Cause("loop", "mta", {}, "frequent")])
    suspect = rank(base, [impairs("mta", 20)]).suspects[0]
    assert (suspect.module, suspect.cause) == ("mta", "")


def test_a_refuted_cause_is_not_named():
    suspect = first(impairs("stat", 20), refutes("port", 10))
    assert (suspect.module, suspect.cause) == ("stat", "")


def test_a_cause_that_is_left_over_without_evidence_is_not_named():
    suspect = first(impairs("db", 20), refutes("tablespace", 20))
    assert (suspect.module, suspect.cause) == ("db", "")


def test_evidence_is_listed_strongest_first():
    sizes = [
        abs(weight.decibans)
        for weight in first(impairs("db", 5), impairs("web", 10), clears("mta", 3)).evidence
    ]
    assert sizes == sorted(sizes, reverse=True)


def test_observed_says_whether_anything_is_about_the_module_itself():
    suspects = {
        s.module: s.observed for s in rank(BASE, [impairs("mta"), supports("tablespace", 3)]).suspects
    }
    assert suspects["mta"]
    assert suspects["db"]
    assert not suspects["stat"]
