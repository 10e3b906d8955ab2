"""An incident that unfolds: observations come, are answered and are withdrawn."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from campaign_rules.diagnosis import Diagnosis, diagnose
from campaign_rules.model import KnowledgeBase, Observation, State
from campaign_rules.observations import Given, canonical
from campaign_rules.rule_base import load_knowledge


class Session:
    """A growing set of observations with its diagnosis.

    The diagnosis is always the one that the present set would give at once: what was retracted
    leaves no trace. Usable as a context manager; leaving it forgets the observations.
    """

    def __init__(
        self, *, knowledge: KnowledgeBase | None = None, language: str = "en", engine: str = "auto"
    ) -> None:
        self._knowledge = knowledge or load_knowledge()
        self._language = language
        self._engine = engine
        self._observations: tuple[Observation, ...] = ()
        self._diagnosis: Diagnosis | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._replace(())

    @property
    def observations(self) -> tuple[Observation, ...]:
        """What is observed at present, sorted."""
        return self._observations

    @property
    def diagnosis(self) -> Diagnosis:
        """The diagnosis of the present observations."""
        if self._diagnosis is None:
            self._diagnosis = diagnose(
                self._observations, knowledge=self._knowledge, language=self._language, engine=self._engine
            )
        return self._diagnosis

    def observe(self, *given: Given) -> None:
        """Add observations. Raises UnknownNameError or InputError as `diagnose` does, changing nothing."""
        self._replace((*self._observations, *self._canonical(given)))

    def answer(self, observation: Given, state: State | str) -> None:
        """Set `observation` to present, absent or unknown, in place of what was known of it."""
        (new,) = self._canonical([observation], State(state))
        self._replace((*self._others(new), new))

    def retract(self, *given: Given) -> None:
        """Withdraw observations, whatever their state and value, as if they had never come.

        What was never observed is ignored. Raises UnknownNameError for an id that does not exist.
        """
        for old in self._canonical(given):
            self._replace(self._others(old))

    def _canonical(
        self, given: tuple[Given, ...] | list[Given], state: State = State.PRESENT
    ) -> tuple[Observation, ...]:
        return canonical(given, self._knowledge.observations, state)

    def _others(self, than: Observation) -> tuple[Observation, ...]:
        return tuple(
            item for item in self._observations if (item.id, item.instance) != (than.id, than.instance)
        )

    def _replace(self, observations: tuple[Observation, ...]) -> None:
        self._observations = canonical(observations, self._knowledge.observations)
        self._diagnosis = None
