"""The whole walk over the shipped rule base: order, engines, instances, proofs, endurance."""

from __future__ import annotations

import json
import random
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import campaign_rules as cr
from campaign_rules.inference.durable import can_import

KNOWLEDGE = cr.load_knowledge()
ENGINES = ["semi-naive", *(["durable"] if can_import() else [])]

RUNNING = ["watchdog", "syslogd@default", "trackinglogd@default", "web@default"]
PER_INSTANCE = ["mta", "stat", "wfserver", "inMail"]


def pdump(*missing: str, instance: str = "prod") -> str:
    """A process list of a healthy server, without the processes that are missing."""
    names = [*RUNNING, *(f"{module}@{instance}" for module in PER_INSTANCE)]
    banner = (
        "12:00:00 >   Application server for Adobe Campaign Classic (7.3.1 build 9352@abc) of 01/01/2023\n"
    )
    return banner + "".join(
        f"{name} (2{n}73) - 9.6 Mo\n" for n, name in enumerate(names) if name not in missing
    )


def as_json(diagnosis: cr.Diagnosis) -> str:
    return json.dumps(diagnosis.to_dict(), ensure_ascii=False)


@st.composite
def observation_sets(draw: st.DrawFn) -> list[cr.Observation]:
    ids = draw(st.lists(st.sampled_from(sorted(KNOWLEDGE.observations)), max_size=12))
    found = []
    for id_ in ids:
        kind = KNOWLEDGE.observations[id_]
        state = draw(st.sampled_from(list(cr.State)))
        instance = draw(st.sampled_from(["", "", "prod", "dev"]))
        value: str | float | None = None
        if kind.values:
            value = draw(st.sampled_from(kind.values))
        elif kind.value == "number":
            value = draw(st.sampled_from([0.0, 1.0, 50.0, 95.0, 1e6]))
        found.append(cr.Observation(id_, state, value, instance))
    return found


@settings(max_examples=60)
@given(observations=observation_sets(), seed=st.integers(0, 1000))
def test_neither_order_nor_engine_changes_a_byte(observations: list[cr.Observation], seed: int) -> None:
    shuffled = random.Random(seed).sample(observations, len(observations))
    results = {
        as_json(cr.diagnose(given, engine=engine)) for given in (observations, shuffled) for engine in ENGINES
    }
    assert len(results) == 1


@settings(max_examples=60)
@given(observations=observation_sets())
def test_the_terms_of_every_suspect_add_up_and_probabilities_sum_to_one(
    observations: list[cr.Observation],
) -> None:
    diagnosis = cr.diagnose(observations)
    total = diagnosis.none_probability + diagnosis.elsewhere_probability
    total += sum(suspect.probability for suspect in diagnosis.suspects)
    assert total <= 1 + 1e-9
    for suspect in diagnosis.suspects:
        odds = suspect.probability / diagnosis.none_probability
        terms = suspect.prior_decibans + sum(weight.decibans for weight in suspect.evidence)
        assert 10 ** (terms / 10) == pytest.approx(odds, rel=1e-6)


NO_MAIL = "No mail leaves the platform since this morning."


def test_stat_missing_is_the_cause_and_mta_is_explained() -> None:
    diagnosis = cr.diagnose(cr.read_ticket(NO_MAIL, [pdump("stat@prod")]))
    assert [suspect.module for suspect in diagnosis.suspects][:1] == ["stat"]
    assert diagnosis.suspects[0].instance == "prod"
    assert "mta@prod" in diagnosis.suspects[0].explains


def test_mta_missing_is_the_cause_when_stat_runs() -> None:
    diagnosis = cr.diagnose(cr.read_ticket(NO_MAIL, [pdump("mta@prod")]))
    ranked = [suspect.module for suspect in diagnosis.suspects]
    assert ranked[0] == "mta"
    assert "stat" not in ranked[1:2]


def test_with_nothing_running_the_watchdog_or_the_service_is_the_cause() -> None:
    diagnosis = cr.diagnose(
        cr.read_ticket(NO_MAIL, ["12:00:00 > Application server for Adobe Campaign\nNo tasks\n"])
    )
    ranked = [suspect.module for suspect in diagnosis.suspects]
    assert ranked[0] in ("watchdog", "nlserver-service")
    assert not {"mta", "stat"} & set(ranked[:1])


def test_another_instance_says_nothing_about_this_one() -> None:
    diagnosis = cr.diagnose(
        ["process-missing-mta@dev", cr.Observation("process-missing-mta", cr.State.ABSENT, None, "prod")]
    )
    suspects = {(suspect.module, suspect.instance): suspect for suspect in diagnosis.suspects}
    assert ("mta", "dev") in suspects
    assert ("mta", "prod") not in suspects


def test_the_step_names_the_instance() -> None:
    diagnosis = cr.diagnose(["mails-not-sent", "process-missing-stat@prod", "ctx-os=linux"])
    assert any("stat@prod" in step.command for step in diagnosis.plan)


def test_the_only_instance_stands_in_commands_for_the_whole_machine() -> None:
    one = cr.diagnose(["autostart-false", cr.Observation("mails-not-sent", instance="prod")])
    two = cr.diagnose(
        ["autostart-false", *(cr.Observation("mails-not-sent", instance=name) for name in ("dev", "prod"))]
    )
    checks = {diagnosis: _command(diagnosis, "check-autostart") for diagnosis in (one, two)}
    assert "config-prod.xml" in checks[one]
    assert "config-<instance>.xml" in checks[two]


def _command(diagnosis: cr.Diagnosis, step: str) -> str:
    return next(planned.command for planned in diagnosis.plan if planned.step == step)


def test_hosted_customers_are_sent_to_adobe() -> None:
    diagnosis = cr.diagnose(["process-missing-stat", "ctx-hosting=hosted"])
    assert diagnosis.plan
    assert not any("nlserver" in step.command for step in diagnosis.plan)
    assert any(step.performer == "adobe" for step in diagnosis.plan)


def test_nothing_observed_gives_no_suspect() -> None:
    diagnosis = cr.diagnose([])
    assert (diagnosis.suspects, diagnosis.plan, diagnosis.firings) == ((), (), ())


def test_unknown_changes_nothing_but_the_list_of_observations() -> None:
    plain = cr.diagnose(["mails-not-sent"])
    with_unknown = cr.diagnose(["mails-not-sent", cr.Observation("process-missing-stat", cr.State.UNKNOWN)])
    assert with_unknown.suspects == plain.suspects


def test_why_gives_rule_fact_place_and_source() -> None:
    diagnosis = cr.diagnose(cr.read_ticket(NO_MAIL, [pdump("stat@prod")]))
    why = diagnosis.why("stat")
    assert "stat-missing" in why
    assert "attachment 1" in why
    assert "modules-and-frequent-issues" in why
    assert "dB" in why


def test_why_not_names_the_missing_and_the_contradicted_condition() -> None:
    diagnosis = cr.diagnose(cr.read_ticket(NO_MAIL, [pdump("mta@prod")]))
    why_not = diagnosis.why_not("stat")
    assert "stat-running" in why_not
    assert "stat-missing" in why_not
    assert "contradicted" in why_not


def test_asking_about_an_unknown_module_names_the_nearest() -> None:
    diagnosis = cr.diagnose(["mails-not-sent"])
    for ask in (diagnosis.why, diagnosis.why_not):
        with pytest.raises(cr.UnknownNameError, match="did you mean 'wfserver'"):
            ask("wfservr")


def test_texts_come_in_the_language_asked_for() -> None:
    diagnosis = cr.diagnose(["process-missing-stat"], language="it")
    assert diagnosis.plan[0].action != cr.diagnose(["process-missing-stat"]).plan[0].action
    with pytest.raises(cr.UnknownNameError, match="unknown language 'itt'"):
        cr.diagnose([], language="itt")


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(cr.UnknownNameError, match="unknown engine 'durabel'"):
        cr.diagnose([], engine="durabel")


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_a_thousand_diagnoses_leave_no_thread_and_flat_memory(engine: str) -> None:
    resource = pytest.importorskip("resource")
    names = sorted(name for name, kind in KNOWLEDGE.observations.items() if kind.value == "none")
    incidents = [names[start : start + 5] for start in range(100)]

    def peak_after(runs: int) -> int:
        for run in range(runs):
            cr.diagnose(incidents[run % len(incidents)], engine=engine)
        return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

    warm = peak_after(300)
    threads = threading.active_count()
    assert peak_after(1000) - warm < 4096, "kilobytes"
    assert threading.active_count() == threads
