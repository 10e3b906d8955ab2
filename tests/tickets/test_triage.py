"""What is to be done about a ticket."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

import campaign_rules as cr
from campaign_rules.errors import InputError, UnknownNameError
from campaign_rules.tickets import (
    Attachment,
    Decision,
    Edits,
    Markup,
    Policy,
    Ticket,
    Verdict,
    check_policy,
    confirm,
    decide,
    read_known_issues,
    rendered,
)
from tests.tickets.threads import attachment, message, ticket

TODAY = date(2026, 11, 20)
LABELS = {"diagnosed": "campaign-diagnosed", "asked": "campaign-question", "known": "campaign-known"}
FIELDS = {
    "suspect": "cf_suspect",
    "suspected_cause": "cf_suspected",
    "probability": "cf_probability",
    "module": "cf_module",
    "cause": "cf_cause",
}
POLICY = Policy(labels=LABELS, queues={"stat": "Operations", "mta": "Delivery"}, fields=FIELDS)
NO_STAT = """10:12:31 >   Application server for Adobe Campaign Classic (7.3.1 build 9352@2a91f0c)
watchdog (2273) - 6.6 Mo
syslogd@default (7611) - 9.2 Mo
trackinglogd@default (9985) - 45.6 Mo
web@default (9984) - 50.1 Mo
mta@prod (9986) - 9.6 Mo
wfserver@prod (9340) - 11.3 Mo
inMail@prod (9341) - 8.1 Mo
"""
STAT_DOWN = ticket(message(0, "No e-mail leaves any more.", attachment("pdump.txt", NO_STAT)))


@pytest.fixture(scope="module")
def knowledge() -> cr.KnowledgeBase:
    return cr.load_knowledge()


def shown(decision: Decision) -> str:
    """The note as a reader of Markdown has it."""
    body = rendered(decision.note, Markup.MARKDOWN)
    assert isinstance(body, str)
    return body


def test_a_clear_ticket_gets_suspects_steps_label_queue_and_fields(knowledge: cr.KnowledgeBase) -> None:
    found = decide(STAT_DOWN, knowledge, POLICY, TODAY)
    assert (found.verdict, found.module, found.cause) == (Verdict.DIAGNOSED, "stat@prod", "stat-stopped")
    assert found.edits == Edits(
        labels_added=frozenset({"campaign-diagnosed"}),
        labels_removed=frozenset({"campaign-question", "campaign-known"}),
        queue="Operations",
        fields={
            "cf_suspect": "stat@prod",
            "cf_suspected": "stat-stopped",
            "cf_probability": f"{found.probability:.2f}",
        },
    )
    assert "nlserver" in shown(found)


def test_below_the_threshold_the_note_only_asks(knowledge: cr.KnowledgeBase) -> None:
    first = decide(STAT_DOWN, knowledge, evolve(POLICY, threshold=1.0), TODAY)
    plan = cr.diagnose(["process-missing-stat@prod"], knowledge=knowledge).plan
    assert first.verdict is Verdict.ASKED
    assert first.edits == Edits(
        labels_added=frozenset({"campaign-question"}),
        labels_removed=frozenset({"campaign-diagnosed", "campaign-known"}),
    )
    assert not any(step.action in shown(first) for step in plan)


def test_the_threshold_itself_is_enough(knowledge: cr.KnowledgeBase) -> None:
    probability = decide(STAT_DOWN, knowledge, POLICY, TODAY).probability
    assert decide(STAT_DOWN, knowledge, evolve(POLICY, threshold=probability), TODAY).verdict == "diagnosed"


def test_a_ticket_of_which_nothing_is_understood_is_asked_about(knowledge: cr.KnowledgeBase) -> None:
    found = decide(ticket("Bonjour!", title="?"), knowledge, POLICY, TODAY)
    assert (found.verdict, found.module, found.probability) == (Verdict.ASKED, "", 0.0)
    assert found.edits.queue == ""
    assert "nlserver pdump" in shown(found)


def test_a_known_issue_is_pointed_to_until_it_expires(knowledge: cr.KnowledgeBase) -> None:
    listed = "- {module: stat, reason: The host is being moved., until: 2026-11-20}\n"
    policy = evolve(POLICY, known_issues=read_known_issues(listed, "known.yaml", knowledge))
    found = decide(STAT_DOWN, knowledge, policy, TODAY)
    assert found.verdict is Verdict.KNOWN
    assert found.edits.labels_added == {"campaign-known"}
    assert "The host is being moved." in shown(found)
    assert decide(STAT_DOWN, knowledge, policy, date(2026, 11, 21)).verdict is Verdict.DIAGNOSED


def test_without_labels_queues_and_fields_nothing_but_the_note_changes(knowledge: cr.KnowledgeBase) -> None:
    assert decide(STAT_DOWN, knowledge, Policy(), TODAY).edits == Edits()


def test_the_same_evidence_gives_the_same_note(knowledge: cr.KnowledgeBase) -> None:
    first = decide(STAT_DOWN, knowledge, POLICY, TODAY)
    later = evolve(STAT_DOWN, revision="2", labels=frozenset({"campaign-diagnosed"}))
    assert decide(later, knowledge, POLICY, date(2026, 12, 24)).note == first.note


def test_programs_get_the_diagnosis_with_the_note(knowledge: cr.KnowledgeBase) -> None:
    note = decide(STAT_DOWN, knowledge, POLICY, TODAY).note
    assert note.diagnosis is not None
    assert note.diagnosis["suspects"][0]["module"] == "stat"
    assert note == evolve(note, diagnosis=None)


def test_more_facts_give_another_note(knowledge: cr.KnowledgeBase) -> None:
    back = message(
        1, "The list of processes now.", attachment("pdump.txt", f"{NO_STAT}stat@prod (99) - 9 Mo\n")
    )
    more = evolve(STAT_DOWN, messages=(*STAT_DOWN.messages, back))
    first, second = (decide(one, knowledge, POLICY, TODAY) for one in (STAT_DOWN, more))
    assert second.note.digest != first.note.digest
    assert second.module != "stat@prod"


def test_what_could_not_be_read_is_told_in_the_note(knowledge: cr.KnowledgeBase) -> None:
    picture = Attachment("screen.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    for said in ("No e-mail leaves any more.", "Hello."):
        assert "screen.png" in shown(decide(ticket(message(0, said, picture)), knowledge, POLICY, TODAY))


def test_the_note_speaks_the_language_of_the_policy(knowledge: cr.KnowledgeBase) -> None:
    assert "Causa principale" in shown(decide(STAT_DOWN, knowledge, Policy(language="it"), TODAY))


def test_secrets_of_a_ticket_do_not_reach_the_note(knowledge: cr.KnowledgeBase) -> None:
    told = ticket(
        "No e-mail leaves mail1.internal.example.com any more; "
        "write to jane.doe@example.com, password: Xy7!kQp2"
    )
    note = shown(decide(told, knowledge, POLICY, TODAY))
    assert not any(secret in note for secret in ("mail1.internal", "jane.doe", "Xy7!kQp2"))


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (Policy(language="xx"), "unknown language 'xx'"),
        (Policy(labels={"diagnosd": "x"}), "unknown verdict 'diagnosd' (did you mean 'diagnosed'?)"),
        (Policy(queues={"mtaa": "x"}), "unknown module 'mtaa' (did you mean 'mta'?)"),
        (Policy(fields={"modul": "x"}), "unknown field 'modul' (did you mean 'module'?)"),
    ],
)
def test_a_policy_that_names_what_does_not_exist_is_refused(
    knowledge: cr.KnowledgeBase, policy: Policy, message: str
) -> None:
    check_policy(POLICY, knowledge)
    with pytest.raises(UnknownNameError) as refused:
        check_policy(policy, knowledge)
    assert str(refused.value) == message


def test_a_confirmed_cause_goes_into_its_fields(knowledge: cr.KnowledgeBase) -> None:
    assert confirm("stat", "stat-stopped", knowledge, POLICY) == Edits(
        fields={"cf_module": "stat", "cf_cause": "stat-stopped"}
    )
    assert confirm("stat", "", knowledge, POLICY) == Edits(fields={"cf_module": "stat"})


@pytest.mark.parametrize(
    ("module", "cause", "policy", "error", "message"),
    [
        ("stats", "", POLICY, UnknownNameError, "unknown module 'stats' (did you mean 'stat'?)"),
        ("stat", "stat-stoped", POLICY, UnknownNameError, "unknown cause 'stat-stoped'"),
        ("mta", "stat-stopped", POLICY, InputError, "cause 'stat-stopped' is one of stat, not of mta"),
        ("mta", "", Policy(), InputError, "no field of the tracker is named for the confirmed module"),
    ],
)
def test_what_cannot_be_confirmed_is_refused(
    knowledge: cr.KnowledgeBase, module: str, cause: str, policy: Policy, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as refused:
        confirm(module, cause, knowledge, policy)
    assert str(refused.value).startswith(message)


def test_a_ticket_without_messages_is_asked_about(knowledge: cr.KnowledgeBase) -> None:
    empty = Ticket(key="1", revision="1", title="Help", messages=())
    assert decide(empty, knowledge, POLICY, TODAY).verdict is Verdict.ASKED
