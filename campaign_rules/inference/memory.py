"""Working memory: the facts of one incident and the firings found so far."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from operator import attrgetter

from campaign_rules.errors import InputError
from campaign_rules.inference.program import Clause, Program
from campaign_rules.model import Fact, Firing, State

FIRINGS_PER_INCIDENT = 50_000
"""The most combinations of facts that may match, and the most firings, before an incident is refused."""

_name_and_instance = attrgetter("name", "instance")
_rule_and_instance = attrgetter("rule", "instance")
_sort_key = attrgetter("sort_key")


class WorkingMemory:
    """The distinct facts of one incident that an engine has not taken yet, and the firings so far.

    Facts are the same when their sort keys are, so that 1 and True differ.
    """

    __slots__ = ("_fired", "_firings", "_known", "_new", "_program")

    def __init__(self, program: Program, observed: Iterable[Fact]) -> None:
        """Raise InputError when so many values of the same facts match that firings would explode."""
        facts = list(observed)
        several = len(set(map(_name_and_instance, facts))) < len(facts)
        if several:
            facts = list({fact.sort_key: fact for fact in facts}.values())
        self._program = program
        plain = [fact for fact in facts if fact.value is None and fact.state is State.PRESENT]
        self._known = set(map(_name_and_instance, plain))
        self._firings: list[Firing] = []
        self._fired: set[tuple[object, ...]] = set()
        self._new = [(fact, program.alpha(fact)) for fact in facts]
        if several:
            self._refuse_explosion()

    def take(self) -> list[tuple[Fact, tuple[int, ...]]]:
        """Return the facts that are new since the last call, with the numbers of the conditions they meet."""
        new, self._new = self._new, []
        return new

    def fire(self, clause: Clause, supports: tuple[Fact, ...]) -> None:
        """Record a firing, unless it is known, and add the facts that it derives.

        `supports` are in the order of the clause's positives.
        """
        if not clause.distinct:
            by_key = {fact.sort_key: fact for fact in supports}
            keys = tuple(sorted(by_key))
            if (clause.rule, keys) in self._fired:
                return
            self._fired.add((clause.rule, keys))
            supports = tuple(map(by_key.__getitem__, keys))
        if len(self._firings) == FIRINGS_PER_INCIDENT:
            raise InputError(
                f"rule {clause.rule!r}: more than {FIRINGS_PER_INCIDENT} firings in one incident"
            )
        instance = supports[0].instance
        self._firings.append(Firing(clause.rule, instance, supports, clause.absences))
        for head, conditions in clause.heads:
            key = (head, instance)
            if key not in self._known:
                self._known.add(key)
                self._new.append((Fact(head, State.PRESENT, instance, None), conditions))

    def firings(self) -> tuple[Firing, ...]:
        """Return all firings in the order of their sort keys."""
        several = len(set(map(_rule_and_instance, self._firings))) < len(self._firings)
        return tuple(sorted(self._firings, key=_sort_key if several else _rule_and_instance))

    def _refuse_explosion(self) -> None:
        """Several values of one fact multiply with those of another; bound the products beforehand."""
        met = Counter((fact.instance, number) for fact, numbers in self._new for number in numbers)
        crowded = {
            (clause, instance)
            for (instance, number), count in met.items()
            if count > 1
            for clause in self._program.uses[number]
        }
        products = [
            (math.prod(met[instance, number] or 1 for number in clause.positives), clause.rule, instance)
            for clause, instance in crowded
        ]
        total = sum(product for product, _, _ in products)
        if total > FIRINGS_PER_INCIDENT:
            product, rule, instance = max(products)
            raise InputError(
                f"rule {rule!r}: the facts about instance {instance!r} combine in {product} ways, "
                f"those of all rules in {total}; at most {FIRINGS_PER_INCIDENT} are tried "
                "(give fewer values of one fact)"
            )
