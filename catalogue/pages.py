"""The pages of the catalogue as Markdown, by their address in the site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from graph import dependency_graph
from markup import bullets, code, english, link, plain, section, source, sources, table, title
from rule_table import rule_table

from campaign_rules.model import Cause, Dependency, KnowledgeBase, Module, ObservationType, Rule, Step, Verb

ABOUT_MODULE = (Verb.IMPAIRS, Verb.CLEARS)
ABOUT_CAUSE = (Verb.SUPPORTS, Verb.REFUTES)


def site_pages(knowledge: KnowledgeBase) -> dict[str, str]:
    """Return the content of every page of the catalogue, by address below the documentation folder."""
    return {
        "catalogue/index.md": _front(knowledge),
        "catalogue/graph.md": _graph(knowledge),
        "catalogue/facts.md": _facts(knowledge),
        **_kind(knowledge, "modules", _module, _module_row, ("Module", "Label", "Italian", "Causes")),
        **_kind(
            knowledge, "observations", _observation, _observation_row, ("Observation", "Label", "Italian")
        ),
        **_kind(knowledge, "causes", _cause, _cause_row, ("Cause", "Label", "Italian", "Module")),
    }


def _kind(
    knowledge: KnowledgeBase,
    kind: str,
    page: Callable[[KnowledgeBase, Any], str],
    row: Callable[[KnowledgeBase, Any], tuple[str, ...]],
    head: tuple[str, ...],
) -> dict[str, str]:
    entries: Mapping[str, Any] = getattr(knowledge, kind)
    names = sorted(entries, key=str.casefold)
    index = f"# {kind.capitalize()}\n\n{table(head, (row(knowledge, entries[name]) for name in names))}\n"
    return {
        f"catalogue/{kind}/index.md": index,
        **{f"catalogue/{kind}/{name}.md": page(knowledge, entries[name]) for name in names},
    }


def _front(knowledge: KnowledgeBase) -> str:
    return f"""# Catalogue

Everything the rule base knows (version {plain(knowledge.version)}), written from it while the site was built.

- [{len(knowledge.modules)} modules](modules/index.md): the product's processes, workflows and surroundings
- [{len(knowledge.observations)} observations](observations/index.md): what can be seen, asked or measured
- [{len(knowledge.causes)} causes](causes/index.md): what can be wrong, with the remedy in order
- [{len(knowledge.facts)} derived facts](facts.md): intermediate conclusions that several rules build on
- [the dependency graph](graph.md): {len(knowledge.dependencies)} edges along which a fault shows elsewhere

In all {len(knowledge.rules)} rules connect them; a page shows those about its entry. How surely a rule
concludes is told by [its strength](../reference/rule-format.md#rules). *Inferred* marks what was deduced from
how the product works and is not written in its documentation.
"""


def _graph(knowledge: KnowledgeBase) -> str:
    return f"""# Dependency graph

An arrow leads from a module to what it needs: a fault on the right shows on the left. Bold lines are strong
dependencies, thin ones medium, dotted ones weak (these may run the other way). Each module leads to its page.

{dependency_graph(knowledge)}
"""


def _facts(knowledge: KnowledgeBase) -> str:
    parts = ["# Derived facts\n\nIntermediate conclusions that several rules build on.\n"]
    for name, fact in sorted(knowledge.facts.items()):
        rules = [rule for rule in _sorted(knowledge) if _uses(rule, name) or _concludes(rule, name)]
        parts.append(
            f"\n## {english(fact.label)} {{#{name}}}\n\n"
            f"`{name}` · *Italian:* {plain(fact.label.get('it', ''))}\n\n"
            + rule_table(knowledge, rules, up="")
        )
    return "\n".join(parts) + "\n"


def _module(knowledge: KnowledgeBase, module: Module) -> str:
    needs = [edge for edge in knowledge.dependencies if edge.module == module.id]
    needed = [edge for edge in knowledge.dependencies if edge.on == module.id]
    causes = [cause for cause in knowledge.causes.values() if cause.module == module.id]
    rules = [rule for rule in _sorted(knowledge) if _concludes(rule, module.id, ABOUT_MODULE)]
    about = [
        "one per instance" if module.scope == "instance" else "one for all instances",
        f"{module.frequency} as the root of an incident",
        *(["a healthy server lists it in `nlserver pdump`"] if module.listed else []),
        *(["also called " + ", ".join(map(plain, module.aliases))] if module.aliases else []),
    ]
    return "".join(
        (
            title(module.id, module.label),
            "\n" + bullets(about) + "\n",
            section(
                "What can be wrong",
                table(
                    ("Cause", "Label", "How often"),
                    ((link("causes", cause.id), english(cause.label), cause.frequency) for cause in causes),
                ),
            ),
            section("What it depends on", _edges(needs, lambda edge: edge.on)),
            section("What depends on it", _edges(needed, lambda edge: edge.module)),
            section("Rules about its state", rule_table(knowledge, rules)),
            sources(module.source),
        )
    )


def _edges(edges: Iterable[Dependency], end: Callable[[Dependency], str]) -> str:
    rows = [
        (
            link("modules", end(edge)),
            edge.strength + (" (inferred)" if edge.inferred else ""),
            english(edge.why),
            "<br>".join(map(source, edge.source)),
        )
        for edge in sorted(edges, key=end)
    ]
    return table(("Module", "Strength", "Why", "Source"), rows)


def _observation(knowledge: KnowledgeBase, observation: ObservationType) -> str:
    rules = [rule for rule in _sorted(knowledge) if _uses(rule, observation.id)]
    signs = observation.signs
    takes = {"none": "", "number": "a number", "word": "a word"}[observation.value]
    words = f": {', '.join(map(code, observation.values))}" if observation.values else ""
    about = [
        *([f"**{english(observation.question)}**"] if observation.question else []),
        *([english(observation.how)] if observation.how else []),
        f"about {observation.minutes:g} min",
        *([f"value: {takes}{words}"] if takes else []),
        *(["about the platform: selects advice, is no evidence"] if observation.context else []),
        *([f"counts once with the others of {code(observation.group)}"] if observation.group else []),
    ]
    phrases = (
        f"{language}: " + "; ".join(map(plain, said)) for language, said in sorted(signs.phrases.items())
    )
    readings = (
        f"{code(sign.reading)} {sign.test.comparison.replace('_', ' ')} {code(_operand(sign.test.operand))}"
        for sign in signs.readings
    )
    return "".join(
        (
            title(observation.id, observation.label),
            section("How to observe it", bullets(about)),
            section("How people say it", bullets((*phrases, *map(code, signs.prose)))),
            section("What logs and commands show", bullets((*map(code, signs.log), *readings))),
            section("What logs show when it is over", bullets(map(code, signs.recovered))),
            section("Rules that use it", rule_table(knowledge, rules)),
            sources(observation.source),
        )
    )


def _operand(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _cause(knowledge: KnowledgeBase, cause: Cause) -> str:
    rules = [rule for rule in _sorted(knowledge) if _concludes(rule, cause.id, ABOUT_CAUSE)]
    remedy = "\n".join(
        f"{number}. {_step(knowledge.steps[one.step], one.cures)}"
        for number, one in enumerate(cause.remedy, 1)
    )
    module = knowledge.modules[cause.module]
    about = [
        f"in {link('modules', module.id)}, {english(module.label)}",
        f"{cause.frequency} among the causes in this module",
        *(["inferred"] if cause.inferred else []),
    ]
    return "".join(
        (
            title(cause.id, cause.label),
            "\n" + bullets(about) + "\n",
            section("What tells it", rule_table(knowledge, rules)),
            section("What to do", remedy),
            sources(cause.source),
        )
    )


def _step(step: Step, cures: str) -> str:
    indent = "    - "
    kind = "check" if step.kind == "check" else f"act, helps {cures}" if cures != "prepares" else "prepares"
    facts = [kind, step.performer, step.place, f"{step.minutes:g} min", f"disruption {step.disruption}"]
    lines = [f"**{english(step.action)}** ({', '.join(facts)})"]
    for command in step.commands:
        where = [
            command.os,
            f"from build {command.from_build}" if command.from_build else "",
            f"before build {command.before_build}" if command.before_build else "",
        ]
        only = ", ".join(filter(None, where))
        lines.append(indent + code(command.run) + (f" ({only})" if only else ""))
    if step.warning:
        lines.append(f"{indent}**Careful:** {english(step.warning)}")
    if step.verify:
        lines.append(f"{indent}Worked if: {english(step.verify)}")
    return "\n".join([*lines, *(f"{indent}{source(one)}" for one in step.source)])


def _module_row(knowledge: KnowledgeBase, module: Module) -> tuple[str, ...]:
    causes = sum(cause.module == module.id for cause in knowledge.causes.values())
    return (*_row(module), str(causes))


def _observation_row(knowledge: KnowledgeBase, observation: ObservationType) -> tuple[str, ...]:
    return _row(observation)


def _cause_row(knowledge: KnowledgeBase, cause: Cause) -> tuple[str, ...]:
    return (*_row(cause), link("modules", cause.module))


def _row(entry: Module | ObservationType | Cause) -> tuple[str, str, str]:
    return f"[{code(entry.id)}]({entry.id}.md)", english(entry.label), plain(entry.label.get("it", ""))


def _sorted(knowledge: KnowledgeBase) -> list[Rule]:
    return sorted(knowledge.rules.values(), key=lambda rule: rule.id)


def _uses(rule: Rule, name: str) -> bool:
    return name in rule.unless or any(condition.fact == name for condition in (*rule.all, *rule.any))


def _concludes(rule: Rule, target: str, verbs: tuple[Verb, ...] = (Verb.DERIVES,)) -> bool:
    return any(one.verb in verbs and one.target == target for one in rule.then)
