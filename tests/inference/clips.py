"""The rules written for CLIPS: an independent opinion on what fires.

Nothing is taken from `campaign_rules.inference`: values are tested, facts joined and absences judged by
CLIPS. A rule that relies on absences has the lower salience, the higher the facts lie that must be complete
before it, so that it waits on the agenda for everything that could still take it off. NaN is a symbol:
CLIPS finds it at least as large as any number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import clips

from campaign_rules.model import Comparison, Condition, Fact, Firing, Rule, State, Test, Verb

TEMPLATE = """(deftemplate fact
  (slot name (type STRING)) (slot state (type SYMBOL) (default present)) (slot instance (type STRING))
  (slot value (default none)) (slot text (type STRING)))"""

STATES = {state: clips.Symbol(state.value) for state in State}

Record = tuple[int, ...]
"""The number of a rule, and the indices of the facts that matched."""


class Clips:
    """A CLIPS environment that holds a rule base. Threads must not share it."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = list(rules.values())
        self._records: list[Record] = []
        self._environment = clips.Environment()
        self._environment.define_function(lambda *record: self._records.append(record), "record")
        self._environment.build(TEMPLATE)
        levels = _levels(self._rules)
        for number, rule in enumerate(self._rules):
            for construct in _defrules(number, rule, levels):
                self._environment.build(construct)
        self._template = self._environment.find_template("fact")

    def give(self, facts: Iterable[Fact]) -> None:
        """Forget the last incident and assert distinct `facts`."""
        self._records.clear()
        self._environment.reset()
        for fact in facts:
            slots: dict[str, object] = {"name": fact.name, "instance": fact.instance}
            if fact.state is not State.PRESENT:
                slots["state"] = STATES[fact.state]
            if isinstance(fact.value, str):
                slots["text"], slots["value"] = _escaped(fact.value), _escaped(fact.value.casefold())
            elif fact.value is not None:
                slots["value"] = fact.value if fact.value == fact.value else clips.Symbol("nan")
            self._template.assert_fact(**slots)

    def run(self) -> list[Record]:
        """Run, and return what fired, in the order of firing."""
        self._environment.run()
        return self._records

    def facts(self) -> list[clips.TemplateFact]:
        """Return the facts that CLIPS holds, the given ones first."""
        return list(self._environment.facts())

    def fire(self, facts: Iterable[Fact]) -> list[Firing]:
        """Return all firings for `facts`, sorted by sort key."""
        distinct = list({fact.sort_key: fact for fact in facts}.values())
        self.give(distinct)
        records, held = self.run(), self.facts()
        known = dict(zip([fact.index for fact in held], distinct, strict=False))
        known |= {fact.index: Fact(fact["name"], instance=fact["instance"]) for fact in held[len(distinct) :]}
        found = {
            firing.sort_key: firing
            for number, *indices in records
            for firing in [_firing(self._rules[number], [known[index] for index in indices])]
        }
        return [found[key] for key in sorted(found)]


def _firing(rule: Rule, matched: Sequence[Fact]) -> Firing:
    supports = {fact.sort_key: fact for fact in matched}
    ordered = tuple(supports[key] for key in sorted(supports))
    return Firing(rule.id, ordered[0].instance, ordered, tuple(sorted(set(rule.unless))))


def _heads(rule: Rule) -> list[str]:
    return [conclusion.target for conclusion in rule.then if conclusion.verb is Verb.DERIVES]


def _levels(rules: Sequence[Rule]) -> dict[str, int]:
    """How many absences, one resting on the other, lie below a derived fact at most."""
    levels = {head: 0 for rule in rules for head in _heads(rule)}
    for _ in range(len(levels) + 1):
        before = dict(levels)
        for rule in rules:
            for head in _heads(rule):
                levels[head] = max(levels[head], _level(rule, levels))
        if levels == before:
            break
    return levels


def _level(rule: Rule, levels: Mapping[str, int]) -> int:
    needed = [
        levels.get(one.fact, 0)
        for one in (*rule.all, *rule.any)
        if one.state is State.PRESENT and one.test is None
    ]
    return max([0, *needed, *(levels.get(fact, 0) + 1 for fact in rule.unless)])


def _defrules(number: int, rule: Rule, levels: Mapping[str, int]) -> Iterator[str]:
    """Write one rule per alternative. A condition that is given twice is one condition."""
    absences = [f"(not (fact (name {_quoted(name)}) (state present) (instance ?i)))" for name in rule.unless]
    heads = " ".join(f"(assert (fact (name {_quoted(head)}) (instance ?i)))" for head in _heads(rule))
    choices: list[tuple[Condition, ...]] = [(choice,) for choice in rule.any] or [()]
    for alternative, choice in enumerate(choices):
        conditions = list(dict.fromkeys((*rule.all, *choice)))
        patterns = [_pattern(place, condition) for place, condition in enumerate(conditions)]
        matched = " ".join(f"(fact-index ?f{place})" for place in range(len(conditions)))
        yield (
            f"(defrule rule-{number}-{alternative} (declare (salience {-_level(rule, levels)}))"
            f" {' '.join(patterns + absences)} => (record {number} {matched}) {heads})"
        )


def _pattern(place: int, condition: Condition) -> str:
    test = f" (value {_test(f'?v{place}', condition.test)})" if condition.test else ""
    return (
        f"?f{place} <- (fact (name {_quoted(condition.fact)}) (state {condition.state}) (instance ?i){test})"
    )


def _test(variable: str, test: Test) -> str:
    operand = test.operand
    if isinstance(operand, str):
        same = f"(eq {variable} {_quoted(_escaped(operand.casefold()))})"
        passes = {Comparison.IS: same, Comparison.IS_NOT: f"(not {same})"}.get(test.comparison, "FALSE")
        return f"{variable}&:(and (stringp {variable}) {passes})"
    number = repr(operand).replace("inf", "1e999")
    passes = {
        Comparison.IS: f"(= {variable} {number})",
        Comparison.IS_NOT: f"(or (< {variable} {number}) (> {variable} {number}))",
        Comparison.AT_LEAST: f"(>= {variable} {number})",
        Comparison.AT_MOST: f"(<= {variable} {number})",
    }[test.comparison]
    return f"{variable}&:(and (numberp {variable}) {passes})"


def _escaped(text: str) -> str:
    """Text in ASCII, one to one: CLIPS takes no NUL and clipspy no lone surrogate."""
    return text.encode("unicode_escape").decode()


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
