"""Rules as a table whose conditions and conclusions lead to their pages."""

from __future__ import annotations

from collections.abc import Iterable

from markup import code, source, table

from campaign_rules.model import Conclusion, Condition, KnowledgeBase, Rule, State, Verb


def rule_table(knowledge: KnowledgeBase, rules: Iterable[Rule], up: str = "../") -> str:
    """Return one row for each of `rules`; `up` leads from the page to the root of the catalogue."""
    rows = [
        (
            code(rule.id) + (" (inferred)" if rule.inferred else ""),
            _conditions(knowledge, rule, up),
            "<br>".join(_conclusion(one, up) for one in rule.then),
            "<br>".join(map(source, rule.source)),
        )
        for rule in rules
    ]
    return table(("Rule", "If", "Then", "Source"), rows)


def _conditions(knowledge: KnowledgeBase, rule: Rule, up: str) -> str:
    parts = [_condition(knowledge, condition, up) for condition in rule.all]
    if rule.any:
        parts.append("one of: " + ", ".join(_condition(knowledge, condition, up) for condition in rule.any))
    parts += [f"unless {_fact(knowledge, name, up)}" for name in rule.unless]
    return "<br>".join(parts)


def _condition(knowledge: KnowledgeBase, condition: Condition, up: str) -> str:
    name = _fact(knowledge, condition.fact, up)
    if condition.test:
        operand = condition.test.operand
        value = operand if isinstance(operand, str) else f"{operand:g}"
        return f"{name} {condition.test.comparison.replace('_', ' ')} {code(value)}"
    return f"{name} *absent*" if condition.state is State.ABSENT else name


def _fact(knowledge: KnowledgeBase, name: str, up: str) -> str:
    return (
        f"[{code(name)}]({up}facts.md#{name})" if name in knowledge.facts else _page("observations", name, up)
    )


def _conclusion(conclusion: Conclusion, up: str) -> str:
    if conclusion.verb is Verb.DERIVES:
        return f"derives [{code(conclusion.target)}]({up}facts.md#{conclusion.target})"
    kind = "modules" if conclusion.verb in (Verb.IMPAIRS, Verb.CLEARS) else "causes"
    return f"{conclusion.verb} {_page(kind, conclusion.target, up)}: **{conclusion.strength}**"


def _page(kind: str, name: str, up: str) -> str:
    return f"[{code(name)}]({up}{kind}/{name}.md)"
