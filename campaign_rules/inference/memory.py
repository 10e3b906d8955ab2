"""Working memory: the facts of one incident and the firings found so far."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from campaign_rules.errors import InputError
from campaign_rules.inference.program import Clause, Program
from campaign_rules.model import Fact, Firing, State

FIRINGS_PER_INCIDENT = 50_000
"""The most combinations of facts that may match, and the most firings, before an incident is refused."""


class WorkingMemory:
    """The distinct facts of one incident, observed ones first, and the firings they led to.

    A fact's number is its place in `facts`; `conditions` holds, at the same place, the numbers of
    the conditions it meets. Facts are the same when their sort keys are, so that 1 and True differ.
    """

    __slots__ = ("_firings", "_keys", "_known", "_program", "conditions", "facts")

    def __init__(self, program: Program, observed: Iterable[Fact]) -> None:
        """Raise InputError when so many values of the same facts match that firings would explode."""
        by_key = {fact.sort_key: fact for fact in observed}
        self._program = program
        self._keys = sorted(by_key)
        self._known = set(by_key)
        self._firings: dict[tuple[str, tuple[int, ...]], tuple[str, ...]] = {}
        self.facts = [by_key[key] for key in self._keys]
        self.conditions = [program.alpha(fact) for fact in self.facts]
        if len({key[:3] for key in self._keys}) < len(self.facts):
            self._refuse_explosion()

    def fire(self, clause: Clause, supports: tuple[int, ...]) -> None:
        """Record a firing by the numbers of its supports, and add the facts that it derives."""
        if len(supports) > 1:
            supports = tuple(sorted(set(supports)))
        firing = (clause.rule, supports)
        if firing in self._firings:
            return
        if len(self._firings) == FIRINGS_PER_INCIDENT:
            raise InputError(
                f"rule {clause.rule!r}: more than {FIRINGS_PER_INCIDENT} firings in one incident"
            )
        self._firings[firing] = clause.absences
        for head in clause.heads:
            instance = self.facts[supports[0]].instance
            key = (head, instance, State.PRESENT, "NoneType", "None")
            if key not in self._known:
                self._known.add(key)
                self._keys.append(key)
                fact = Fact(head, State.PRESENT, instance)
                self.facts.append(fact)
                self.conditions.append(self._program.alpha(fact))

    def firings(self) -> tuple[Firing, ...]:
        """Return all firings in the order of their sort keys."""
        keys, facts = self._keys, self.facts
        rows = []
        for (rule, supports), absences in self._firings.items():
            ordered = sorted(supports, key=keys.__getitem__) if len(supports) > 1 else supports
            matched = tuple(map(facts.__getitem__, ordered))
            order = tuple(map(keys.__getitem__, ordered))
            rows.append((rule, matched[0].instance, order, matched, absences))
        rows.sort()
        return tuple([Firing(rule, at, matched, absences) for rule, at, _, matched, absences in rows])

    def _refuse_explosion(self) -> None:
        """Several values of one fact multiply with those of another; bound the products beforehand."""
        met = Counter(
            (fact.instance, number)
            for fact, numbers in zip(self.facts, self.conditions, strict=True)
            for number in numbers
        )
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
