"""Displays for notebooks: a diagnosis part by part, and the knowledge base.

A `Diagnosis` shows itself. ``%load_ext campaign_rules.notebook`` lets IPython show a `KnowledgeBase` too.
What is shown is plain HTML with its own style; where a notebook shows none, there is text.
"""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from campaign_rules import report
from campaign_rules.diagnosis import Diagnosis
from campaign_rules.errors import InputError
from campaign_rules.model import KnowledgeBase


@frozen
class Shown:
    """Something to be looked at: `html` where that can be shown, and `text` elsewhere."""

    text: str
    html: str = field(repr=False)

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self.text, "text/html": self.html}


def suspects(diagnosis: Diagnosis) -> Shown:
    """Show the suspects as bars, each with its weights of evidence for and against."""
    return Shown(
        report.render_ranking(diagnosis, diagnosis.knowledge), _part(diagnosis, report.Part.SUSPECTS)
    )


def graph(diagnosis: Diagnosis) -> Shown:
    """Show how the fault of the first suspect shows, through the modules that need it, in the symptoms."""
    return Shown(
        report.render_mermaid(diagnosis, diagnosis.knowledge, diagnosis.proof.derivation),
        _part(diagnosis, report.Part.GRAPH),
    )


def plan(diagnosis: Diagnosis) -> Shown:
    """Show the plan as a checklist, with commands to copy."""
    steps = [
        f"{number}. {step.action}" + "".join(f"\n   {line}" for line in step.command.splitlines())
        for number, step in enumerate(diagnosis.plan, start=1)
    ]
    return Shown("\n".join(steps), _part(diagnosis, report.Part.PLAN))


def proof(diagnosis: Diagnosis, module: str | None = None) -> Shown:
    """Show why `module` is suspected, the first suspect unless it is named, as a tree to open and close.

    Raises UnknownNameError for a module that the knowledge base does not have, and InputError when there is
    no suspect and none is named.
    """
    if module is None:
        if not diagnosis.suspects:
            raise InputError("no module is suspected; name the one that is meant")
        module = diagnosis.suspects[0].module
    text = diagnosis.why(module)
    html = report.render_proof(diagnosis, diagnosis.knowledge, diagnosis.proof.derivation, module)
    return Shown(text, html)


def knowledge_base(knowledge: KnowledgeBase, language: str = "en") -> Shown:
    """Show what a rule base holds: how many entries of each kind, and its modules with what they need.

    Raises UnknownNameError for a language that results cannot be shown in.
    """
    return Shown(repr(knowledge), report.render_knowledge(knowledge, language))


def load_ipython_extension(shell: Any) -> None:
    """Let IPython show a `KnowledgeBase`: what ``%load_ext campaign_rules.notebook`` calls."""
    html = shell.display_formatter.formatters["text/html"]
    html.for_type(KnowledgeBase, lambda base: report.render_knowledge(base, "en"))


def _part(diagnosis: Diagnosis, part: report.Part) -> str:
    return report.render_fragment(diagnosis, diagnosis.knowledge, diagnosis.proof.derivation, part)
