"""Rules that get in each other's way: contradictory and subsumed ones. Warnings.

A subsumed rule may still be meant: what its further conditions measure counts as evidence of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from campaign_rules.knowledge.checks.known import Known
from campaign_rules.knowledge.documents import RuleEntry, When
from campaign_rules.knowledge.entries import Entries, Entry
from campaign_rules.knowledge.findings import Finding, Severity
from campaign_rules.model import Comparison, Conclusion, Condition, Verb

_OPPOSITES = {
    Verb.IMPAIRS: Verb.CLEARS,
    Verb.CLEARS: Verb.IMPAIRS,
    Verb.SUPPORTS: Verb.REFUTES,
    Verb.REFUTES: Verb.SUPPORTS,
}

Concluded = Mapping[tuple[Verb, str], list[Entry[RuleEntry]]]
"""Verb and target to the rules that conclude it, in the order of the files."""


def overlap(entries: Entries, known: Known) -> Iterator[Finding]:
    """Find rules that say the opposite of, or no more than, an other rule does on their conditions."""
    concluded: dict[tuple[Verb, str], list[Entry[RuleEntry]]] = defaultdict(list)
    for entry in entries.rules:
        for conclusion in entry.value.then:
            concluded[conclusion.verb, conclusion.target].append(entry)
    position = {id(entry): number for number, entry in enumerate(entries.rules)}
    for entry in entries.rules:
        yield from _contradiction(entry, concluded, position)
        yield from _subsumption(entry, concluded, position, entries.base.value.scale.strengths, known)


def _contradiction(
    entry: Entry[RuleEntry], concluded: Concluded, position: Mapping[int, int]
) -> Iterator[Finding]:
    for conclusion in entry.value.then:
        opposite = _OPPOSITES.get(conclusion.verb)
        for other in concluded.get((opposite, conclusion.target), ()) if opposite else ():
            later = position[id(other)] < position[id(entry)]
            within = other is entry and conclusion.verb in (Verb.CLEARS, Verb.REFUTES)
            if (later or within) and _shape(other.value.when) == _shape(entry.value.when):
                yield entry.finding(
                    f"rule {entry.value.id!r} {conclusion.verb} {conclusion.target!r}, which rule "
                    f"{other.value.id!r} at {other.place} {opposite} on the same conditions",
                    conclusion.target,
                    Severity.WARNING,
                    within="then",
                )


def _subsumption(
    entry: Entry[RuleEntry],
    concluded: Concluded,
    position: Mapping[int, int],
    strengths: Mapping[str, float],
    known: Known,
) -> Iterator[Finding]:
    rule = entry.value
    for other in concluded[rule.then[0].verb, rule.then[0].target] if rule.then else ():
        if other is entry or not _says_as_much(other.value, rule, strengths):
            continue
        if not _holds_whenever(other.value.when, rule.when):
            continue
        twins = _holds_whenever(rule.when, other.value.when) and _says_as_much(rule, other.value, strengths)
        if twins and position[id(other)] > position[id(entry)]:
            continue
        more = sorted(_measured(rule.when, known) - _measured(other.value.when, known))
        yield entry.finding(
            f"rule {rule.id!r} is subsumed: rule {other.value.id!r} at {other.place} concludes as much from "
            f"{'the same' if twins else 'fewer'} conditions; it "
            + (f"only corroborates, through {', '.join(more)}" if more else "adds nothing"),
            severity=Severity.WARNING,
        )
        return


def _measured(when: When, known: Known) -> set[str]:
    """Return what the evidence of a rule rests on: its conditions, context apart."""
    names = {condition.fact for condition in (*when.all, *when.any)}
    seen = [known.observations[name] for name in names if name in known.observations]
    return {one.group or one.id for one in seen if not one.context} | (names & known.facts.keys())


def _shape(when: When) -> tuple[frozenset[Condition], frozenset[Condition], frozenset[str]]:
    single = len(when.any) == 1
    return (
        frozenset((*when.all, *when.any) if single else when.all),
        frozenset(() if single else when.any),
        frozenset(when.unless),
    )


def _says_as_much(rule: RuleEntry, other: RuleEntry, strengths: Mapping[str, float]) -> bool:
    """Return whether `rule` concludes everything that `other` does, no weaker."""

    def worth(conclusion: Conclusion) -> float:
        return strengths.get(conclusion.strength, 0.0)

    said = {(one.verb, one.target): worth(one) for one in rule.then}
    return all(worth(one) <= said.get((one.verb, one.target), -1.0) for one in other.then)


def _holds_whenever(wide: When, narrow: When) -> bool:
    """Return whether `wide` is sure to hold whenever `narrow` does."""
    wide_all, wide_any, wide_unless = _shape(wide)
    narrow_all, narrow_any, narrow_unless = _shape(narrow)
    if not wide_unless <= narrow_unless:
        return False
    if not all(any(_implies(given, needed) for given in narrow_all) for needed in wide_all):
        return False
    if not wide_any or any(_implies(given, one) for given in narrow_all for one in wide_any):
        return True
    return bool(narrow_any) and all(any(_implies(given, one) for one in wide_any) for given in narrow_any)


def _implies(given: Condition, needed: Condition) -> bool:
    """Return whether a fact that meets `given` also meets `needed`."""
    if (given.fact, given.state) != (needed.fact, needed.state):
        return False
    if needed.test is None or given.test == needed.test:
        return True
    if given.test is None or isinstance(given.test.operand, str) or isinstance(needed.test.operand, str):
        return False
    have, need = given.test, needed.test
    assert isinstance(have.operand, float)
    assert isinstance(need.operand, float)
    if need.comparison is Comparison.AT_LEAST:
        return have.comparison in (Comparison.AT_LEAST, Comparison.IS) and have.operand >= need.operand
    if need.comparison is Comparison.AT_MOST:
        return have.comparison in (Comparison.AT_MOST, Comparison.IS) and have.operand <= need.operand
    return False
