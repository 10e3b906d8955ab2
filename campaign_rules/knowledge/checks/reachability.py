"""Rules that can never fire, whatever is observed, and negation that runs in a circle."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from campaign_rules.errors import StratificationError
from campaign_rules.knowledge.checks.known import Known
from campaign_rules.knowledge.documents import RuleEntry, When
from campaign_rules.knowledge.entries import Entries, Entry
from campaign_rules.knowledge.findings import Finding
from campaign_rules.model import Condition, ObservationType, State, Test
from campaign_rules.strata import heads_of, needs_of, stratify
from campaign_rules.values import predicate


def stratified(entries: Entries, known: Known) -> Iterator[Finding]:
    """Find an ``unless`` that makes a fact rest on its own absence."""
    try:
        stratify(needs_of(entry.value.rule() for entry in entries.rules))
    except StratificationError as error:
        circle = set(error.cycle)
        guilty = next(
            entry
            for entry in entries.rules
            if circle.intersection(entry.value.when.unless)
            and circle.intersection(heads_of(entry.value.rule()))
        )
        yield guilty.finding(f"rule {guilty.value.id!r}: {error}", "unless")


def reachability(entries: Entries, known: Known) -> Iterator[Finding]:
    """Find rules, and alternatives under ``any``, that no set of observations can meet.

    A derived fact can hold when a rule that can fire derives it: the least fixpoint over all rules.
    """
    live = _live_facts(entries.rules, known)
    for entry in entries.rules:
        when = entry.value.when
        for reason, word in _obstacles(when, known, live):
            yield entry.idle(f"rule {entry.value.id!r} can never fire: {reason}", word)
        for condition in when.any:
            obstacle = _obstacle(condition, known, live) or _clash((*when.all, condition), known, condition)
            if obstacle:
                yield entry.idle(
                    f"an alternative of rule {entry.value.id!r} can never hold: {obstacle}", condition.fact
                )


def _live_facts(rules: Iterable[Entry[RuleEntry]], known: Known) -> frozenset[str]:
    waiting = [(entry.value.when, heads_of(entry.value.rule())) for entry in rules]
    waiting = [(when, heads) for when, heads in waiting if heads]
    live: frozenset[str] = frozenset()
    while True:
        found = live.union(*(heads for when, heads in waiting if _can_fire(when, known, live)))
        if found == live:
            return live
        live = found


def _can_fire(when: When, known: Known, live: frozenset[str]) -> bool:
    if next(_obstacles(when, known, live), None):
        return False
    return not when.any or any(
        not _obstacle(condition, known, live) and not _clash((*when.all, condition), known, condition)
        for condition in when.any
    )


def _obstacles(when: When, known: Known, live: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield why ``all`` and ``unless`` cannot hold together, each with the word to point at."""
    for condition in when.all:
        obstacle = _obstacle(condition, known, live)
        if obstacle:
            yield obstacle, condition.fact
        elif condition.fact in when.unless:
            yield f"it needs {condition.fact!r} and its absence", condition.fact
    for condition in dict.fromkeys(Condition(condition.fact) for condition in when.all):
        clash = _clash(when.all, known, condition)
        if clash:
            yield clash, condition.fact


def _obstacle(condition: Condition, known: Known, live: frozenset[str]) -> str:
    """Return why `condition` alone can never hold, or nothing."""
    name = condition.fact
    if name in known.facts and name not in live:
        return f"no rule that can fire derives {name!r}"
    observation = known.observations.get(name)
    if (
        condition.test
        and observation
        and observation.values
        and not _some_value([condition.test], observation)
    ):
        return f"no allowed value of {name!r} passes {_shown(condition.test)}"
    return ""


def _clash(conditions: Iterable[Condition], known: Known, about: Condition) -> str:
    """Return why those of `conditions` that are about the same fact exclude one another, or nothing."""
    name = about.fact
    same = [condition for condition in conditions if condition.fact == name]
    if len({condition.state for condition in same}) > 1:
        return f"{name!r} cannot be both {State.PRESENT} and {State.ABSENT}"
    tests = [condition.test for condition in same if condition.test]
    if len(tests) > 1 and name in known.observations and not _some_value(tests, known.observations[name]):
        return f"no value of {name!r} passes {' and '.join(map(_shown, tests))}"
    return ""


def _some_value(tests: Iterable[Test], observation: ObservationType) -> bool:
    """Return whether an allowed value passes all `tests`.

    Without a list of allowed words, it is enough to try the operands, and values between and beyond them.
    """
    tests = tuple(tests)
    passes = [predicate(test) for test in tests]
    numbers = sorted({test.operand for test in tests if isinstance(test.operand, float)})
    words = {test.operand for test in tests if isinstance(test.operand, str)}
    candidates: list[str | float] = list(observation.values or [*words, "".join(words) + "?"])
    if numbers:
        between = [(low + high) / 2 for low, high in itertools.pairwise(numbers)]
        candidates = [numbers[0] - 1, *numbers, *between, numbers[-1] + 1]
    return any(all(test(value) for test in passes) for value in candidates)


def _shown(test: Test) -> str:
    operand = test.operand if isinstance(test.operand, str) else f"{test.operand:g}"
    return f"'{test.comparison}: {operand}'"
