"""A result as HTML: one self-contained page for a ticket or an e-mail, or a fragment for a notebook.

Everything is escaped by the template engine. Style and script stand in the page; nothing is loaded.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from campaign_rules.model import KnowledgeBase, Result, State, Suspect, Weight
from campaign_rules.report.blame import trace_blame
from campaign_rules.report.blame_picture import picture
from campaign_rules.report.proof_tree import Derivation, proofs
from campaign_rules.report.remarks import costs, not_understood, prospects, second_fault, suspected
from campaign_rules.report.shown_text import printable, shown
from campaign_rules.report.why import named, percent
from campaign_rules.report.wording import wording
from campaign_rules.texts import text_in

KINDS = ("modules", "dependencies", "observations", "facts", "rules", "causes", "steps")
"""The parts of a rule base that are counted."""


class Part(StrEnum):
    """What of a diagnosis can be shown by itself."""

    ALL = "diagnosis"
    SUSPECTS = "suspects"
    GRAPH = "blame"
    PLAN = "plan"
    CHECKS = "checks"
    OBSERVED = "observed"


def render_html(result: Result, knowledge: KnowledgeBase, derivation: Derivation) -> str:
    """Return the diagnosis as a complete page in the language of `result`."""
    return _rendered("page.html", result.language, **_context(result, knowledge, derivation))


def render_fragment(
    result: Result, knowledge: KnowledgeBase, derivation: Derivation, part: Part = Part.ALL
) -> str:
    """Return the diagnosis, or a part of it, as HTML to be shown inside another page, such as a notebook."""
    return _fragment(part, result.language, **_context(result, knowledge, derivation))


def render_proof(result: Result, knowledge: KnowledgeBase, derivation: Derivation, module: str) -> str:
    """Return the proof of why `module` is suspected as HTML to be shown inside another page."""
    return _fragment("proofs", result.language, **_context(result, knowledge, derivation), module=module)


def render_knowledge(knowledge: KnowledgeBase, language: str) -> str:
    """Return what a rule base holds, as HTML to be shown inside another page."""
    needs: dict[str, list[str]] = {name: [] for name in knowledge.modules}
    for edge in sorted(knowledge.dependencies, key=lambda edge: (edge.module, edge.on)):
        needs[edge.module].append(edge.on)
    return _fragment(
        "knowledge",
        language,
        knowledge=knowledge,
        counts=[(kind, len(getattr(knowledge, kind))) for kind in KINDS],
        modules=[module for _, module in sorted(knowledge.modules.items())],
        needs=needs,
        label=lambda text: text_in(text, language),
    )


def _fragment(part: str, language: str, **context: Any) -> str:
    return _rendered("fragment.html", language, part=f"{part}.html", **context)


def _rendered(template: str, language: str, **context: Any) -> str:
    return (
        _environment()
        .get_template(template)
        .render(
            language=language,
            words=wording(language),
            style=_raw("style.css"),
            script=_raw("copy.js"),
            **context,
        )
    )


def _context(result: Result, knowledge: KnowledgeBase, derivation: Derivation) -> dict[str, Any]:
    words = wording(result.language)

    rest = (("unexplained", result.unexplained), ("unused", result.unused))
    return {
        "result": result,
        "title": _title(result),
        "states": tuple(State),
        "picture": picture(trace_blame(result, knowledge)),
        "costs": costs(result),
        "missed": not_understood(result),
        "rest": [(words[key], items) for key, items in rest if items],
        "second_fault": second_fault(result),
        "label_of": partial(suspected, knowledge=knowledge, language=result.language),
        "observation": lambda name: text_in(knowledge.observations[name].label, result.language),
        "proofs": partial(proofs, result=result, knowledge=knowledge, derivation=derivation),
        "prospects": partial(prospects, language=result.language),
        "share": _share,
        "named": named,
        "percent": percent,
        "printable": printable,
        "shown": shown,
    }


def _title(result: Result) -> str:
    words = wording(result.language)
    if not result.suspects:
        return words["nothing_implicated" if result.observations else "nothing_recognised"]
    first = result.suspects[0]
    return f"{named(first)} {percent(first.probability)}"


def _share(weight: Weight, suspect: Suspect) -> float:
    """Return the length of the bar of `weight`, in percent of the strongest of `suspect`."""
    strongest = max(abs(one.decibans) for one in suspect.evidence)
    return round(100 * abs(weight.decibans) / strongest, 1)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("campaign_rules.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _raw(name: str) -> Markup:
    """Return a file of ours as it is: it stands between the tags of its own kind."""
    environment = _environment()
    assert environment.loader is not None
    return Markup(environment.loader.get_source(environment, name)[0])
