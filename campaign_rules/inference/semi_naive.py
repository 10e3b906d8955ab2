"""The semi-naive engine: stratified bottom-up evaluation in plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from campaign_rules.inference.memory import WorkingMemory
from campaign_rules.inference.program import Clause, Program
from campaign_rules.model import Fact, Firing

Seen = dict[int, list[Fact]]
"""Condition number to the facts of one instance that meet it so far."""

Match = tuple[Clause, tuple[Fact, ...]]


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
        waiting: list[list[tuple[Match, Seen]]] = [[] for _ in range(self._program.strata)]
        for stratum, complete in enumerate(waiting):
            for (clause, supports), here in complete:
                if here.keys().isdisjoint(clause.unless):
                    memory.fire(clause, supports)
            while new := memory.take():
                for fact, conditions in new:
                    here = seen.setdefault(fact.instance, {})
                    for clause, supports in self._matches(fact, conditions, here):
                        if not clause.unless:
                            memory.fire(clause, supports)
                        elif clause.stratum > stratum:
                            waiting[clause.stratum].append(((clause, supports), here))
                        elif here.keys().isdisjoint(clause.unless):
                            memory.fire(clause, supports)
        return memory.firings()

    def _matches(self, fact: Fact, conditions: tuple[int, ...], seen: Seen) -> list[Match]:
        """Return the clauses that `fact` completes, with their supports, and enter it into `seen`."""
        matches: list[Match] = []
        for condition in conditions:
            for clause in self._alone[condition]:
                matches.append((clause, (fact,)))
            for clause, others in self._joined[condition]:
                if seen.keys() >= others:
                    parts = [(fact,) if one == condition else seen[one] for one in clause.positives]
                    for supports in product(*parts):
                        matches.append((clause, supports))
            seen.setdefault(condition, []).append(fact)
        return matches
