"""The rule program: rules compiled to numbered conditions and stratified clauses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from campaign_rules.errors import KnowledgeError
from campaign_rules.model import Condition, Fact, Rule, State
from campaign_rules.strata import builds_on, heads_of, needs_of, stratify
from campaign_rules.values import Predicate, predicate

Conditions = tuple[tuple[int, ...], tuple[tuple[int, Predicate], ...]]
"""Condition numbers without a value test, and those with one."""

Index = Mapping[tuple[str, State], Conditions]

_NO_CONDITIONS: Conditions = ((), ())


@frozen
class Clause:
    """A rule with one of its alternatives chosen: a conjunction, as in disjunctive normal form.

    `positives` and `unless` are condition numbers, ascending: all of the first and none of the second
    must hold of one instance. `absences` are the facts behind `unless`, sorted; `heads` the facts derived,
    each with the numbers of the conditions it meets. The clause may be judged once all strata below
    `stratum` are complete; that is 0 exactly when nothing it rests on involves an absence. It is `distinct`
    if no two matches are the same firing and supports come sorted: it is its rule's only alternative, and
    each of its conditions asks for another fact.
    """

    rule: str
    positives: tuple[int, ...]
    unless: tuple[int, ...]
    absences: tuple[str, ...]
    heads: tuple[tuple[str, tuple[int, ...]], ...]
    stratum: int
    distinct: bool


@frozen(eq=False)
class Program:
    """Compiled rules. `uses` gives, for each condition number, the clauses that have it positively.

    `index` leads from a fact's name and state to its conditions.
    """

    conditions: tuple[Condition, ...]
    clauses: tuple[Clause, ...]
    strata: int
    uses: tuple[tuple[Clause, ...], ...]
    index: Index

    def alpha(self, fact: Fact) -> tuple[int, ...]:
        """Return the numbers of the conditions that `fact` meets."""
        untested, tested = self.index.get((fact.name, fact.state), _NO_CONDITIONS)
        if not tested:
            return untested
        value = fact.value
        return untested + tuple([number for number, passes in tested if passes(value)])


def compile_program(rules: Mapping[str, Rule]) -> Program:
    """Compile `rules`, indexed by id.

    Raises KnowledgeError for a rule without a positive condition, a condition on an unknown state
    and an operand that is neither word nor number, and StratificationError for recursion through
    `unless`.
    """
    ordered = [rules[key] for key in sorted(rules)]
    problems = [problem for rule in ordered for problem in _problems(rule)]
    if problems:
        raise KnowledgeError(problems)
    strata = stratify(needs_of(ordered))
    conditions = tuple(sorted({c for rule in ordered for c in _conditions(rule)}, key=_condition_key))
    numbers = {condition: number for number, condition in enumerate(conditions)}
    index = _index(conditions)
    clauses = tuple(clause for rule in ordered for clause in _clauses(rule, numbers, strata, index))
    uses: list[list[Clause]] = [[] for _ in conditions]
    for clause in clauses:
        for number in clause.positives:
            uses[number].append(clause)
    return Program(
        conditions=conditions,
        clauses=clauses,
        strata=1 + max((clause.stratum for clause in clauses), default=0),
        uses=tuple(map(tuple, uses)),
        index=index,
    )


def _problems(rule: Rule) -> Iterable[str]:
    if not rule.all and not rule.any:
        yield f"rule {rule.id!r}: needs at least one condition in 'all' or 'any'"
    for condition in (*rule.all, *rule.any):
        if condition.state is State.UNKNOWN:
            yield f"rule {rule.id!r}: {condition.fact!r} is asked to be unknown"
        operand = condition.test.operand if condition.test else ""
        if isinstance(operand, bool) or not isinstance(operand, str | int | float):
            yield f"rule {rule.id!r}: {condition.fact!r} compared with {operand!r}, neither word nor number"


def _alternatives(rule: Rule) -> list[tuple[Condition, ...]]:
    choices: list[tuple[Condition, ...]] = [(choice,) for choice in rule.any] or [()]
    return list(dict.fromkeys(tuple(dict.fromkeys((*rule.all, *choice))) for choice in choices))


def _conditions(rule: Rule) -> tuple[Condition, ...]:
    return (*rule.all, *rule.any, *map(Condition, rule.unless))


def _condition_key(condition: Condition) -> tuple[str, ...]:
    test = condition.test
    key = (test.comparison, type(test.operand).__name__, str(test.operand)) if test else ()
    return (condition.fact, condition.state, *key)


def _clauses(
    rule: Rule, numbers: Mapping[Condition, int], strata: Mapping[str, int], index: Index
) -> Iterable[Clause]:
    absences = tuple(sorted(set(rule.unless)))
    lowest = max((strata.get(fact, 0) + 1 for fact in absences), default=0)
    alternatives = _alternatives(rule)
    for positives in alternatives:
        yield Clause(
            rule=rule.id,
            positives=tuple(sorted(numbers[condition] for condition in positives)),
            unless=tuple(sorted(numbers[Condition(fact)] for fact in absences)),
            absences=absences,
            heads=tuple((head, _met_by_derived(head, index)) for head in heads_of(rule)),
            stratum=max([lowest, *(strata.get(c.fact, 0) for c in positives if builds_on(c))]),
            distinct=len(alternatives) == 1 and len({c.fact for c in positives}) == len(positives),
        )


def _met_by_derived(fact: str, index: Index) -> tuple[int, ...]:
    """The conditions that a derived fact meets: it has no value, which passes no test."""
    return index.get((fact, State.PRESENT), _NO_CONDITIONS)[0]


def _index(conditions: Iterable[Condition]) -> Index:
    untested: dict[tuple[str, State], list[int]] = {}
    tested: dict[tuple[str, State], list[tuple[int, Predicate]]] = {}
    for number, condition in enumerate(conditions):
        key = (condition.fact, condition.state)
        if condition.test is None:
            untested.setdefault(key, []).append(number)
        else:
            tested.setdefault(key, []).append((number, predicate(condition.test)))
    return {
        key: (tuple(untested.get(key, ())), tuple(tested.get(key, ())))
        for key in sorted(untested.keys() | tested.keys())
    }
