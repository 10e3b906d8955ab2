"""An interview: one question after the other, the most informative first, until the plan is settled."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

from attrs import asdict, evolve, frozen

from campaign_rules.diagnosis import Diagnosis, diagnose
from campaign_rules.errors import InputError
from campaign_rules.model import KnowledgeBase, NextCheck, Observation, Provenance, State, StepKind

SCHEMA = "campaign-rules/interview"
VERSION = 1


class Answer(StrEnum):
    """What can be answered. "unknown" is an answer: the question is not asked again."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


_STATES = {Answer.YES: State.PRESENT, Answer.NO: State.ABSENT, Answer.UNKNOWN: State.UNKNOWN}


@frozen
class Answered:
    """An answer, and the observation that was asked for."""

    observation: str
    answer: Answer


@frozen(eq=False)
class Interview:
    """An interview as it stands: what was given beforehand, and the answers in their order.

    It does not change: answering gives the interview that comes after.
    """

    given: tuple[Observation, ...]
    knowledge: KnowledgeBase
    language: str = "en"
    engine: str = "auto"
    answers: tuple[Answered, ...] = ()

    @cached_property
    def diagnosis(self) -> Diagnosis:
        """The diagnosis of what is given and answered so far."""
        told = tuple(Observation(one.observation, _STATES[one.answer]) for one in self.answers)
        return diagnose(
            (*self.given, *told), knowledge=self.knowledge, language=self.language, engine=self.engine
        )

    @cached_property
    def question(self) -> NextCheck | None:
        """The most informative question of which an answer would change how the plan begins, if there is one.

        A plan begins with its checks and the first step that changes something.
        """
        checks = self.diagnosis.next_checks_besides(one.observation for one in self.answers)
        return next((check for check in checks if self._matters(check)), None)

    def answer(self, answer: Answer) -> Self:
        """Return the interview after `answer` to its question. Raises InputError if nothing is asked."""
        if self.question is None:
            raise InputError("nothing more is asked")
        return self._after(self.question, answer)

    def back(self) -> Self:
        """Return the interview before its last answer. Raises InputError if there was none."""
        if not self.answers:
            raise InputError("nothing was answered yet")
        return evolve(self, answers=self.answers[:-1])

    def _after(self, check: NextCheck, answer: Answer) -> Self:
        return evolve(self, answers=(*self.answers, Answered(check.observation, answer)))

    def _matters(self, check: NextCheck) -> bool:
        now = _beginning(self.diagnosis)
        return any(_beginning(self._after(check, one).diagnosis) != now for one in (Answer.YES, Answer.NO))


def write_interview(interview: Interview) -> str:
    """Return what is needed to go on with `interview` later, as JSON."""
    content = {
        "schema": SCHEMA,
        "version": VERSION,
        "knowledge_fingerprint": interview.knowledge.fingerprint,
        "given": [asdict(one) for one in interview.given],
        "answers": [asdict(one) for one in interview.answers],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def read_interview(
    text: str, knowledge: KnowledgeBase, language: str = "en", engine: str = "auto"
) -> Interview:
    """Return the interview that `text` holds.

    Raises InputError if `text` is none, or was written with another rule base, whose questions may differ.
    """
    try:
        content = json.loads(text)
        schema, version = content["schema"], content["version"]
        fingerprint = content["knowledge_fingerprint"]
        given = tuple(_observation(one) for one in content["given"])
        answers = tuple(
            Answered(str(one["observation"]), Answer(one["answer"])) for one in content["answers"]
        )
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputError(f"no interview that was saved: {error or type(error).__name__}") from None
    if (schema, version) != (SCHEMA, VERSION):
        raise InputError(f"no interview of version {VERSION}: {schema!r}, version {version!r}")
    if fingerprint != knowledge.fingerprint:
        raise InputError("the interview was saved with another rule base; begin a new one")
    return Interview(given, knowledge, language, engine, answers)


def _observation(content: dict[str, Any]) -> Observation:
    places = tuple(Provenance(**place) for place in content["provenance"])
    return Observation(**{**content, "state": State(content["state"]), "provenance": places})


def _beginning(diagnosis: Diagnosis) -> tuple[str, ...]:
    """Return the steps of the plan up to the first that changes something."""
    acts = [at for at, step in enumerate(diagnosis.plan, start=1) if step.kind is StepKind.ACT]
    return tuple(step.step for step in diagnosis.plan[: acts[0] if acts else None])
