from __future__ import annotations

import itertools

import pytest

from campaign_rules.model import Disruption, Performer, StepKind
from campaign_rules.remediation import Cost, Platform, plan
from tests.remediation.small_base import STEPS, act, cause, check, knowledge_base, suspect


def steps(result) -> list[str]:
    return [planned.step for planned in result[0]]


def test_checks_come_before_the_acts_of_their_cause_in_the_order_of_the_remedy():
    base = knowledge_base([cause("a", "mta", "restart", "logs", "clean", "disk")])
    result = plan(base, [suspect("mta")], {("mta", "", "a"): 0.9})
    assert steps(result) == ["logs", "disk", "restart", "clean"]


def test_likely_and_cheap_cures_come_first():
    base = knowledge_base([cause("a", "mta", "clean"), cause("b", "web", "restart")])
    causes = {("mta", "", "a"): 0.3, ("web", "", "b"): 0.6}
    assert steps(plan(base, [suspect("web", 0.6), suspect("mta", 0.3)], causes)) == ["restart", "clean"]


def test_disruption_costs():
    base = knowledge_base(
        [cause("a", "mta", "reboot"), cause("b", "web", "calm")],
        [act("reboot", 5.0, Disruption.HIGH), act("calm", 5.0)],
    )
    causes = {("mta", "", "a"): 0.6, ("web", "", "b"): 0.3}
    assert steps(plan(base, [suspect("mta", 0.6), suspect("web", 0.3)], causes)) == ["calm", "reboot"]


def test_at_equal_value_the_undisruptive_step_goes_first():
    base = knowledge_base(
        [cause("a", "mta", "a-reboot"), cause("b", "web", "b-calm")],
        [act("a-reboot", 5.0, Disruption.LOW), act("b-calm", 8.0)],
    )
    causes = {("mta", "", "a"): 0.3, ("web", "", "b"): 0.3}
    assert steps(plan(base, [suspect("mta", 0.6), suspect("web", 0.4)], causes)) == ["b-calm", "a-reboot"]


def test_a_shared_step_is_done_once_and_addresses_all_in_the_order_of_the_suspects():
    base = knowledge_base([cause("a", "mta", "clean"), cause("b", "web", "clean")])
    (planned,), _ = plan(
        base, [suspect("web", 0.5), suspect("mta", 0.4)], {("mta", "", "a"): 0.4, ("web", "", "b"): 0.5}
    )
    assert planned.addresses == ("web", "mta")


def test_expected_minutes_count_what_earlier_steps_leave_to_do():
    base = knowledge_base([cause("a", "mta", "clean", "restart")])
    _, cost = plan(base, [suspect("mta")], {("mta", "", "a"): 0.5})
    assert cost.planned == pytest.approx(10 + (2 + 3) * (1 - 0.5 * 0.8))


def test_the_plan_is_set_beside_the_naive_orders():
    base = knowledge_base(
        [cause("a", "mta", "clean"), cause("b", "mta", "console"), cause("c", "mta", "quick")],
        [act("clean", 20.0), act("console", 4.0), act("quick", 1.0)],
    )
    causes = {("mta", "", "a"): 0.5, ("mta", "", "b"): 0.4, ("mta", "", "c"): 0.02}
    result = plan(base, [suspect("mta")], causes)
    assert steps(result) == ["console", "clean", "quick"]
    cost = result[1]
    assert cost.planned == pytest.approx(4 + 20 * (1 - 0.32) + 1 * (1 - 0.32 - 0.4))
    assert cost.likeliest_first == pytest.approx(20 + 4 * (1 - 0.4) + 1 * (1 - 0.32 - 0.4))
    assert cost.cheapest_first == pytest.approx(1 + 4 * (1 - 0.016) + 20 * (1 - 0.016 - 0.32))


def test_unlikely_causes_and_other_modules_are_left_alone():
    base = knowledge_base(
        [cause("a", "mta", "clean"), cause("b", "mta", "restart"), cause("c", "db", "logs")]
    )
    causes = {("mta", "", "a"): 0.5, ("mta", "", "b"): 0.01, ("db", "", "c"): 0.5}
    assert steps(plan(base, [suspect("mta")], causes)) == ["clean"]


def test_common_causes_are_tried_where_no_cause_is_known():
    base = knowledge_base([cause("a", "mta", "clean", frequency="common"), cause("b", "mta", "restart")])
    causes = {("mta", "", "a"): 0.01, ("mta", "", "b"): 0.01}
    assert steps(plan(base, [suspect("mta", 0.9, known="")], causes)) == ["clean"]
    assert steps(plan(base, [suspect("mta", 0.9)], causes)) == []


def test_a_common_cause_that_was_refuted_is_not_tried():
    base = knowledge_base([cause("a", "mta", "clean", frequency="common"), cause("b", "mta", "restart")])
    causes = {("mta", "", "a"): 0.001, ("mta", "", "b"): 0.015}
    assert steps(plan(base, [suspect("mta", 0.9, known="")], causes)) == []


def test_while_the_suspicion_is_thin_the_leading_suspects_checks_come_first():
    base = knowledge_base([cause("a", "mta", "clean"), cause("b", "web", "logs", "restart")])
    causes = {("mta", "", "a"): 0.45, ("web", "", "b"): 0.05}
    thin = [suspect("mta", 0.45), suspect("web", 0.05)]
    assert steps(plan(base, thin, causes)) == ["logs", "clean", "restart"]
    sure = [suspect("mta", 0.55), suspect("web", 0.05)]
    assert steps(plan(base, sure, causes))[0] == "clean"


def test_while_the_suspicion_is_thin_the_check_that_concerns_most_per_minute_comes_first():
    base = knowledge_base(
        [
            cause("a", "mta", "long-look", "logs", "clean"),
            cause("b", "web", "logs", "restart"),
            cause("c", "db", "disk", "console"),
        ],
        [*STEPS, check("long-look", 4.0)],
    )
    causes = {("mta", "", "a"): 0.2, ("web", "", "b"): 0.15, ("db", "", "c"): 0.1}
    thin = [suspect("mta", 0.2), suspect("web", 0.15), suspect("db", 0.1)]
    assert steps(plan(base, thin, causes))[:3] == ["disk", "long-look", "logs"]
    shared = {**causes, ("db", "", "c"): 0.03}
    assert steps(plan(base, thin, shared))[:3] == ["long-look", "logs", "disk"]


def test_there_are_at_most_twelve_acts_and_they_are_those_of_the_likeliest_causes():
    all_steps = [act(f"act-{number:02}") for number in range(20)] + [check("logs")]
    causes = [cause(f"c{number:02}", "mta", "logs", f"act-{number:02}") for number in range(20)]
    posterior = {("mta", "", each.id): 0.02 + 0.001 * number for number, each in enumerate(causes)}
    planned, _ = plan(knowledge_base(causes, all_steps), [suspect("mta")], posterior)
    acts = {each.step for each in planned if each.kind is StepKind.ACT}
    assert acts == {f"act-{number:02}" for number in range(8, 20)}


def test_remedies_that_contradict_each_other_do_not_hang():
    base = knowledge_base([cause("a", "mta", "clean", "restart"), cause("b", "web", "restart", "clean")])
    causes = {("mta", "", "a"): 0.5, ("web", "", "b"): 0.4}
    assert steps(plan(base, [suspect("mta", 0.5), suspect("web", 0.4)], causes)) == ["clean", "restart"]


def test_a_command_that_names_the_instance_is_one_step_per_instance():
    base = knowledge_base([cause("a", "mta", "logs", "restart")])
    suspects = [suspect("mta", 0.6, instance="prod"), suspect("mta", 0.3, instance="dev")]
    planned, _ = plan(base, suspects, {("mta", "prod", "a"): 0.6, ("mta", "dev", "a"): 0.3})
    assert [each.step for each in planned] == ["logs", "restart", "restart"]
    assert [each.command for each in planned[1:]] == ["nlserver restart mta@prod", "nlserver restart mta@dev"]


def test_the_instance_of_the_platform_stands_in():
    base = knowledge_base([cause("a", "mta", "restart")])
    (planned,), _ = plan(base, [suspect("mta")], {("mta", "", "a"): 0.9}, Platform(instance="prod"))
    assert planned.command == "nlserver restart mta@prod"


def test_hosted_customers_ask_adobe():
    base = knowledge_base([cause("a", "mta", "restart", "console")])
    planned, _ = plan(base, [suspect("mta")], {("mta", "", "a"): 0.9}, Platform(hosting="hosted"))
    assert [(each.step, each.performer is Performer.ADOBE) for each in planned] == [
        ("restart", True),
        ("console", False),
    ]


def test_steps_for_another_system_are_dropped():
    base = knowledge_base(
        [cause("a", "mta", "win", "lin")], [act("win", os="windows"), act("lin", os="linux")]
    )
    assert steps(plan(base, [suspect("mta")], {("mta", "", "a"): 0.9}, Platform(os="linux"))) == ["lin"]


def test_texts_follow_the_language_with_english_behind_it():
    base = knowledge_base([cause("a", "mta", "restart")])
    (planned,), _ = plan(base, [suspect("mta")], {("mta", "", "a"): 0.9}, language="it")
    assert planned.action == "Riavvia il modulo."
    assert planned.warning == "Work in progress waits."
    assert planned.verify == "Il modulo è di nuovo in elenco."
    assert planned.source == ("production/using/usual-commands.md#module-launch-commands",)


def test_no_suspects_no_plan():
    base = knowledge_base([cause("a", "mta", "restart")])
    assert plan(base, [], {("mta", "", "a"): 0.9}) == ((), Cost())


def test_the_order_of_causes_does_not_matter():
    base = knowledge_base(
        [
            cause("a", "mta", "logs", "clean"),
            cause("b", "web", "restart"),
            cause("c", "db", "disk", "console"),
        ]
    )
    causes = {("mta", "", "a"): 0.2, ("web", "", "b"): 0.2, ("db", "", "c"): 0.2}
    suspects = [suspect(module, 0.2) for module in ("mta", "web", "db")]
    plans = {plan(base, suspects, dict(order)) for order in itertools.permutations(causes.items())}
    assert len(plans) == 1
