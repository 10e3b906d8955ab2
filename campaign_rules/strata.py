"""Stratified negation: in which order facts must be completed so that "not derived" is final."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from campaign_rules.errors import StratificationError
from campaign_rules.model import Condition, Rule, State, Verb

Needs = Mapping[str, Mapping[str, bool]]
"""Derived fact to the facts that its rules build on, True where a rule needs the fact's absence."""


def heads_of(rule: Rule) -> tuple[str, ...]:
    """Return the facts that `rule` derives, sorted."""
    return tuple(sorted({conclusion.target for conclusion in rule.then if conclusion.verb is Verb.DERIVES}))


def builds_on(condition: Condition) -> bool:
    """Return whether a derived fact could meet `condition`: it is present and has no value."""
    return condition.state is State.PRESENT and condition.test is None


def needs_of(rules: Iterable[Rule]) -> dict[str, dict[str, bool]]:
    """Return what each derived fact builds on, over all rules that derive it."""
    needs: dict[str, dict[str, bool]] = {}
    for rule in rules:
        for head in heads_of(rule):
            needed = needs.setdefault(head, {})
            for condition in (*rule.all, *rule.any):
                if builds_on(condition):
                    needed.setdefault(condition.fact, False)
            needed.update(dict.fromkeys(rule.unless, True))
    return needs


def stratify(needs: Needs) -> dict[str, int]:
    """Return the stratum, from 0, of every fact named in `needs`.

    The least numbering in which a fact lies no lower than what it builds on, and higher than what
    must be absent (Apt, Blair and Walker 1988; Ullman 1988, chapter 3).

    Raises StratificationError, with the shortest circle, when a fact rests on its own absence.
    """
    dependents: dict[str, list[tuple[str, bool]]] = {}
    for head in sorted(needs):
        for fact, negated in needs[head].items():
            dependents.setdefault(fact, []).append((head, negated))
    strata = dict.fromkeys(sorted(needs.keys() | dependents.keys()), 0)
    highest = sum(any(negated for _, negated in edges) for edges in dependents.values())
    agenda = deque(strata)
    while agenda:
        fact = agenda.popleft()
        for head, negated in dependents.get(fact, ()):
            least = strata[fact] + negated
            if strata[head] < least:
                if least > highest:
                    raise StratificationError(_shortest_circle(needs))
                strata[head] = least
                agenda.append(head)
    return strata


def _shortest_circle(needs: Needs) -> tuple[str, ...]:
    circles = [
        (head, *path)
        for head in needs
        for fact, negated in needs[head].items()
        if negated and (path := _path(needs, fact, head))
    ]
    return min(circles, key=lambda circle: (len(circle), circle))


def _path(needs: Needs, start: str, goal: str) -> tuple[str, ...]:
    """The shortest way from `start` to `goal`, both included; empty when there is none."""
    came_from: dict[str, str] = {start: ""}
    agenda = deque([start])
    while agenda:
        fact = agenda.popleft()
        if fact == goal:
            path = [fact]
            while path[-1] != start:
                path.append(came_from[path[-1]])
            return tuple(reversed(path))
        for needed in sorted(needs.get(fact, ())):
            if needed not in came_from:
                came_from[needed] = fact
                agenda.append(needed)
    return ()
