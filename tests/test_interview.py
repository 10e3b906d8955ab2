"""The interview: what it asks, what answers do, and when it ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

import pytest

import campaign_rules as cr
from campaign_rules.errors import InputError
from campaign_rules.interview import Answer, Interview, read_interview, write_interview
from campaign_rules.observations import canonical


@pytest.fixture(scope="module")
def knowledge() -> cr.KnowledgeBase:
    return cr.load_knowledge()


@pytest.fixture
def begin(knowledge: cr.KnowledgeBase) -> Callable[..., Interview]:
    def begin(*given: str) -> Interview:
        return Interview(canonical(given, knowledge.observations), knowledge)

    return begin


def after(interview: Interview, answers: Iterable[Answer]) -> Interview:
    for answer in answers:
        interview = interview.answer(answer)
    return interview


def test_the_first_question_is_the_most_informative_that_matters(begin: Callable[..., Interview]) -> None:
    interview = begin("mails-not-sent")
    checks = interview.diagnosis.next_checks
    assert interview.question in checks
    for earlier in checks[: checks.index(interview.question)]:
        for answer in (cr.State.PRESENT, cr.State.ABSENT):
            told = cr.Observation(earlier.observation, answer)
            other = cr.diagnose([*interview.given, told])
            assert first_act(other) == first_act(interview.diagnosis)


def first_act(diagnosis: cr.Diagnosis) -> str:
    return next((step.step for step in diagnosis.plan if step.kind == "act"), "")


@pytest.mark.parametrize("answer", list(Answer))
def test_an_answer_is_observed_and_not_asked_for_again(
    begin: Callable[..., Interview], answer: Answer
) -> None:
    interview = begin("mails-not-sent")
    asked = interview.question.observation
    answered = interview.answer(answer)
    states = {one.id: one.state for one in answered.diagnosis.observations}
    assert states[asked] == {"yes": "present", "no": "absent", "unknown": "unknown"}[answer]
    assert answered.question is None or answered.question.observation != asked
    assert interview.answers == ()


def test_not_knowing_leaves_the_ranking(begin: Callable[..., Interview]) -> None:
    interview = begin("mails-not-sent")
    assert interview.answer(Answer.UNKNOWN).diagnosis.suspects == interview.diagnosis.suspects


def test_going_back_takes_the_last_answer_away(begin: Callable[..., Interview]) -> None:
    interview = begin("mails-not-sent")
    again = after(interview, [Answer.NO, Answer.YES]).back().back()
    assert again.question == interview.question
    assert again.diagnosis.to_dict() == interview.diagnosis.to_dict()
    with pytest.raises(InputError, match="nothing was answered"):
        again.back()


@pytest.mark.parametrize("answer", list(Answer))
def test_an_interview_ends_and_then_nothing_would_change_the_first_step(
    begin: Callable[..., Interview], answer: Answer
) -> None:
    interview = begin("mails-not-sent")
    while interview.question is not None:
        assert len(interview.answers) < 60
        interview = interview.answer(answer)
    for check in interview.diagnosis.next_checks_besides(one.observation for one in interview.answers):
        for state in (cr.State.PRESENT, cr.State.ABSENT):
            told = cr.Observation(check.observation, state)
            other = cr.diagnose([*interview.diagnosis.observations, told])
            assert first_act(other) == first_act(interview.diagnosis)
    with pytest.raises(InputError, match="nothing more is asked"):
        interview.answer(Answer.YES)


def test_what_is_certain_needs_few_questions(begin: Callable[..., Interview]) -> None:
    def asked(interview: Interview) -> int:
        while interview.question is not None:
            interview = interview.answer(Answer.NO)
        return len(interview.answers)

    assert asked(begin("process-missing-stat@prod", "mails-not-sent")) < asked(begin("mails-not-sent"))


def test_an_interview_goes_on_where_it_was_saved(
    begin: Callable[..., Interview], knowledge: cr.KnowledgeBase
) -> None:
    interview = after(begin("mails-not-sent", "ctx-os=linux"), [Answer.NO, Answer.UNKNOWN])
    resumed = read_interview(write_interview(interview), knowledge)
    assert resumed.answers == interview.answers
    assert resumed.diagnosis.to_dict() == interview.diagnosis.to_dict()
    assert resumed.question == interview.question


def damaged(change: Callable[[dict[str, object]], object]) -> Callable[[str], str]:
    def damage(text: str) -> str:
        content = json.loads(text)
        change(content)
        return json.dumps(content)

    return damage


MAYBE = [{"observation": "x", "answer": "maybe"}]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        pytest.param(lambda text: text[:-20], "no interview that was saved", id="cut"),
        pytest.param(lambda text: "[]", "no interview that was saved", id="a list"),
        pytest.param(damaged(lambda one: one.update(version=9)), "version 9", id="later version"),
        pytest.param(damaged(lambda one: one.update(answers=MAYBE)), "maybe", id="answer"),
        pytest.param(damaged(lambda one: one.update(given=[{"id": "x"}])), "was saved", id="given"),
        pytest.param(damaged(lambda one: one.update(knowledge_fingerprint="0")), "another", id="rules"),
    ],
)
def test_what_is_no_saved_interview_is_refused(
    begin: Callable[..., Interview], knowledge: cr.KnowledgeBase, damage: Callable[[str], str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_interview(damage(write_interview(begin("mails-not-sent"))), knowledge)
