"""What the scenarios of a rule base exercise: every rule, every condition both ways, every cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from attrs import frozen

from campaign_rules.knowledge.documents import RuleEntry
from campaign_rules.knowledge.entries import Entries, Entry
from campaign_rules.model import Cause, Condition, Fact
from campaign_rules.scenario_runs import ScenarioRun
from campaign_rules.values import predicate

T = TypeVar("T")


@frozen
class Coverage:
    """How many of the `total` things of one kind are exercised, and the `gaps`, each behind file and line."""

    kind: str
    total: int
    gaps: tuple[str, ...]

    @property
    def covered(self) -> int:
        """How many of `total` are exercised."""
        return self.total - len(self.gaps)


def coverage(entries: Entries, runs: Sequence[ScenarioRun]) -> tuple[Coverage, ...]:
    """Compare what `entries` hold with what `runs` exercised. What an overlay inherits does not count.

    A rule is exercised when it fires in some run. A condition, each distinct one counting once, is exercised
    when it is true in some run and false in another: true where a fact meets it; false where none does
    although something is known, that is, the observation was seen in another state or with another value, or
    the derived fact could not be derived. An observation that is merely not mentioned makes no condition
    false. A cause is exercised when it is the first suspect's cause in some run.
    """
    rules, causes = _own(entries.rules), _own(entries.causes)
    derived = frozenset(entry.value.id for entry in entries.facts)
    conditions = _conditions(rules)
    return (
        Coverage("rules fired", len(rules), tuple(_unfired(rules, runs))),
        Coverage(
            "conditions seen true and false", len(conditions), tuple(_one_sided(conditions, derived, runs))
        ),
        Coverage("causes ranked first", len(causes), tuple(_never_first(causes, runs))),
    )


def _own(entries: Iterable[Entry[T]]) -> tuple[Entry[T], ...]:
    return tuple(entry for entry in entries if not entry.inherited)


def _unfired(rules: Iterable[Entry[RuleEntry]], runs: Iterable[ScenarioRun]) -> Iterator[str]:
    fired = {rule for run in runs for rule in run.fired}
    for entry in rules:
        if entry.value.id not in fired:
            yield entry.problem(f"rule {entry.value.id!r}: no scenario fires it")


def _never_first(causes: Iterable[Entry[Cause]], runs: Iterable[ScenarioRun]) -> Iterator[str]:
    first = {run.cause for run in runs}
    for entry in causes:
        if entry.value.id not in first:
            yield entry.problem(f"cause {entry.value.id!r}: no scenario ranks it first")


def _conditions(rules: Iterable[Entry[RuleEntry]]) -> dict[Condition, Entry[RuleEntry]]:
    """Return each distinct condition with the first rule that has it."""
    found: dict[Condition, Entry[RuleEntry]] = {}
    for entry in rules:
        rule = entry.value.rule()
        for condition in (*rule.all, *rule.any, *map(Condition, rule.unless)):
            found.setdefault(condition, entry)
    return found


def _one_sided(
    conditions: dict[Condition, Entry[RuleEntry]], derived: frozenset[str], runs: Iterable[ScenarioRun]
) -> Iterator[str]:
    known = [_by_name(run.facts) for run in runs]
    for condition, entry in conditions.items():
        sides = {
            _meets(condition, facts.get(condition.fact, ()))
            for facts in known
            if condition.fact in facts or condition.fact in derived
        }
        if missing := [word for side, word in ((True, "true"), (False, "false")) if side not in sides]:
            message = f"no scenario shows {_spell(condition)} to be {' or '.join(missing)}"
            yield entry.problem(f"rule {entry.value.id!r}: {message}", condition.fact)


def _by_name(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact.name, []).append(fact)
    return found


def _meets(condition: Condition, facts: Iterable[Fact]) -> bool:
    passes = predicate(condition.test) if condition.test else None
    return any(fact.state is condition.state and (passes is None or passes(fact.value)) for fact in facts)


def _spell(condition: Condition) -> str:
    test = f" {condition.test.comparison} {condition.test.operand}" if condition.test else ""
    return f"'{condition.fact}' {condition.state}{test}"
