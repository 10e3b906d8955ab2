"""``campaign-rules graph``: the modules and what they need."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import click

from campaign_rules import report
from campaign_rules.errors import UnknownNameError
from campaign_rules.model import KnowledgeBase
from campaign_rules.rule_base import load_knowledge


def _text(knowledge: KnowledgeBase, module: str, language: str) -> str:
    return report.dependencies_as_text(knowledge, module, language)


def _json(knowledge: KnowledgeBase, module: str, language: str) -> str:
    return json.dumps(report.dependencies_as_data(knowledge, module, language), ensure_ascii=False, indent=2)


def _mermaid(knowledge: KnowledgeBase, module: str, language: str) -> str:
    return report.dependencies_as_mermaid(knowledge, module, language)


def _dot(knowledge: KnowledgeBase, module: str, language: str) -> str:
    return report.dependencies_as_dot(knowledge, module, language)


_FORMATS: Mapping[str, Callable[[KnowledgeBase, str, str], str]] = {
    "text": _text,
    "json": _json,
    "mermaid": _mermaid,
    "dot": _dot,
}


@click.command()
@click.argument("module", required=False, default="")
@click.option("--format", "output", default="text", metavar="FORMAT", help="text, json, mermaid or dot.")
@click.option("--language", default="en", metavar="CODE", help="Language of the reasons: en or it.")
@click.option("--rules", "folder", metavar="FOLDER", help="Another rule base, or an overlay.")
def graph(module: str, output: str, language: str, folder: str | None) -> None:
    """Show what the modules need of each other: all of them, or what MODULE needs and what needs it."""
    if output not in _FORMATS:
        raise UnknownNameError("format", output, _FORMATS)
    report.wording(language)
    click.echo(_FORMATS[output](load_knowledge(folder), module, language))
