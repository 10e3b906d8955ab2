"""Experiments: observations added and taken away, differences, and what each rule's strength decides."""

from __future__ import annotations

import pytest

import campaign_rules as cr
from campaign_rules.errors import InputError, UnknownNameError
from campaign_rules.what_if import compare, sensitivity


@pytest.fixture(scope="module")
def diagnosis() -> cr.Diagnosis:
    return cr.diagnose(["mails-not-sent", "process-missing-stat@prod"])


def test_with_and_without_are_what_would_be_diagnosed_at_once(diagnosis: cr.Diagnosis) -> None:
    less = diagnosis.without("process-missing-stat@prod")
    assert less.to_dict() == cr.diagnose(["mails-not-sent"]).to_dict()
    assert less.with_("process-missing-stat@prod").to_dict() == diagnosis.to_dict()


def test_an_observation_takes_the_place_of_the_same_one(diagnosis: cr.Diagnosis) -> None:
    denied = cr.Observation("process-missing-stat", cr.State.ABSENT, instance="prod")
    changed = diagnosis.with_(denied)
    states = {(one.id, one.state) for one in changed.observations}
    assert states == {("mails-not-sent", "present"), ("process-missing-stat", "absent")}


def test_a_what_if_keeps_language_and_knowledge(diagnosis: cr.Diagnosis) -> None:
    italian = cr.diagnose(["mails-not-sent"], language="it")
    assert italian.with_("delivery-pending").language == "it"
    assert diagnosis.without("mails-not-sent").knowledge is diagnosis.knowledge


def test_what_was_not_observed_cannot_be_taken_away(diagnosis: cr.Diagnosis) -> None:
    with pytest.raises(InputError, match="'delivery-pending' was not observed"):
        diagnosis.without("delivery-pending")
    with pytest.raises(UnknownNameError, match="did you mean 'mails-not-sent'"):
        diagnosis.without("mails-not-sentt")


def test_a_comparison_tells_what_moved(diagnosis: cr.Diagnosis) -> None:
    before = diagnosis.without("process-missing-stat@prod")
    found = compare(before, diagnosis)
    assert [one.id for one in found.added] == ["process-missing-stat"]
    assert found.removed == ()
    (stat,) = [one for one in found.shifts if (one.module, one.instance) == ("stat", "prod")]
    assert stat.before == 0.0
    assert stat.after == diagnosis.suspects[0].probability
    sizes = [abs(one.after - one.before) for one in found.shifts]
    assert sizes == sorted(sizes, reverse=True)
    assert set(found.new_steps).isdisjoint(found.dropped_steps)


def test_the_same_diagnosis_does_not_differ(diagnosis: cr.Diagnosis) -> None:
    found = compare(diagnosis, diagnosis)
    assert (found.shifts, found.added, found.removed, found.new_steps, found.dropped_steps) == ((),) * 5


def test_a_supporting_rule_that_is_stronger_makes_the_first_suspect_likelier() -> None:
    diagnosis = cr.diagnose(["mails-not-sent", "delivery-pending"])
    found = sensitivity(diagnosis)
    assert {one.rule for one in found} == {
        weight.rule for suspect in diagnosis.suspects for weight in suspect.evidence
    }
    probability = diagnosis.suspects[0].probability
    assert any(one.weaker < probability < one.stronger for one in found)
    assert [one.span for one in found] == sorted((one.span for one in found), reverse=True)


def test_without_suspects_nothing_is_sensitive() -> None:
    assert sensitivity(cr.diagnose([])) == ()
