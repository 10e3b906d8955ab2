from __future__ import annotations

import pytest

from campaign_rules.model import Cause, Dependency, Module
from campaign_rules.ranking import rank
from tests.ranking.small_base import clears, impairs, knowledge_base, supports

BASE = knowledge_base(
    modules=[Module(id_, {}) for id_ in ("mail", "queue", "site", "store", "disk")],
    dependencies=[
        Dependency("mail", "queue", "strong"),
        Dependency("site", "store", "strong"),
        Dependency("store", "disk", "strong"),
    ],
    causes=[Cause("store-full", "store", {}), Cause("queue-full", "queue", {})],
)
TWO = [impairs("mail", 20), impairs("queue", 20), impairs("site", 10), impairs("store", 10)]


def test_what_explains_the_rest_is_suggested():
    ranking = rank(BASE, TWO)
    assert ranking.suspects[0].module == "queue"
    assert ranking.unexplained == ("site", "store")
    second = ranking.second_fault
    assert (second.module, second.instance, second.explains) == ("store", "", ("site", "store"))
    assert second.decibans > 0


def test_where_the_first_suspect_explains_all_there_is_no_second():
    assert rank(BASE, [impairs("mail", 20), impairs("queue", 20)]).second_fault is None
    assert rank(BASE, []).second_fault is None


def test_a_faint_sign_is_rather_a_false_alarm():
    ranking = rank(BASE, [impairs("mail", 20), impairs("queue", 20), impairs("site", 3)])
    assert ranking.unexplained == ("site",)
    assert ranking.second_fault is None


def test_evidence_within_a_module_counts_for_the_second_fault_as_well():
    first = [*TWO, supports("queue-full", 10)]
    with_cause = rank(BASE, [*first, supports("store-full", 3)]).second_fault
    assert with_cause.module == "store"
    assert with_cause.decibans > rank(BASE, first).second_fault.decibans
    cleared = rank(BASE, [*TWO[:3], clears("store", 10)]).second_fault
    assert cleared.module == "site"


def test_the_suggestion_weighs_both_faults_against_the_first_alone():
    ranking = rank(BASE, TWO)
    alone = rank(BASE, TWO[2:])
    (store,) = [suspect for suspect in alone.suspects if suspect.module == "store"]
    terms = store.prior_decibans + sum(weight.decibans for weight in store.evidence)
    assert ranking.second_fault.decibans == pytest.approx(terms)  # the two parts of the graph do not meet
