"""The semi-naive engine: stratified bottom-up evaluation in plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from campaign_rules.inference.memory import WorkingMemory
from campaign_rules.inference.program import Clause, Program
from campaign_rules.model import Fact, Firing

Seen = dict[int, list[Fact]]
"""Condition number to the facts of one instance that meet it so far."""

Match = tuple[Clause, tuple[Fact, ...], Seen]
"""A clause, its supports, and what is seen of their instance."""


class SemiNaiveEngine:
    """Fires rules so that the work follows the matches, not the number of rules.

    Each new fact is joined, condition by condition, with the facts before it: no combination is
    looked at twice (semi-naive evaluation; Ullman 1988, chapter 3). A match that relies on
    absences waits until the strata below its clause are complete.

    It keeps no state between incidents, so threads may share it.
    """

    name = "semi-naive"

    def __init__(self, program: Program) -> None:
        self._program = program
        self._alone = tuple(
            tuple(clause for clause in clauses if len(clause.positives) == 1) for clauses in program.uses
        )
        self._joined = tuple(
            tuple(
                (clause, frozenset(clause.positives) - {number})
                for clause in clauses
                if len(clause.positives) > 1
            )
            for number, clauses in enumerate(program.uses)
        )

    def fire(self, facts: Iterable[Fact]) -> tuple[Firing, ...]:
        """Return every firing, sorted. Raises InputError when there would be too many."""
        memory = WorkingMemory(self._program, facts)
        seen: dict[str, Seen] = {}
        waiting: list[list[Match]] = [[] for _ in range(self._program.strata)]
        for stratum, complete in enumerate(waiting):
            for clause, supports, here in complete:
                if here.keys().isdisjoint(clause.unless):
                    memory.fire(clause, supports)
            while new := memory.take():
                for clause, supports, here in self._matches(new, seen):
                    if not clause.unless:
                        memory.fire(clause, supports)
                    elif clause.stratum > stratum:
                        waiting[clause.stratum].append((clause, supports, here))
                    elif here.keys().isdisjoint(clause.unless):
                        memory.fire(clause, supports)
        return memory.firings()

    def _matches(self, new: list[tuple[Fact, tuple[int, ...]]], seen: dict[str, Seen]) -> list[Match]:
        """Enter the facts of `new` into `seen`, one by one, and return what each of them completes."""
        matches: list[Match] = []
        alone, joined = self._alone, self._joined
        for fact, conditions in new:
            here = seen.setdefault(fact.instance, {})
            single = (fact,)
            for condition in conditions:
                for clause in alone[condition]:
                    matches.append((clause, single, here))
                for clause, others in joined[condition]:
                    if here.keys() >= others:
                        parts = [single if one == condition else here[one] for one in clause.positives]
                        matches += [(clause, supports, here) for supports in product(*parts)]
                if condition in here:
                    here[condition].append(fact)
                else:
                    here[condition] = [fact]
        return matches
