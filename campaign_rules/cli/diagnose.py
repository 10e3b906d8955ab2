"""``campaign-rules diagnose``: artefacts, tickets and given observations in, a diagnosis out."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping

import click

from campaign_rules import diagnosis as corridor
from campaign_rules import report
from campaign_rules.cli.files import read_file
from campaign_rules.errors import UnknownNameError
from campaign_rules.model import KnowledgeBase, Observation, State
from campaign_rules.observations import canonical

NARROWEST, WIDEST = 60, 100


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option(
    "--ticket", "tickets", multiple=True, metavar="FILE", help="A ticket's text; - is standard input."
)
@click.option("--observe", multiple=True, metavar="ID[=VALUE]", help="Something observed; ID@INSTANCE too.")
@click.option("--absent", multiple=True, metavar="ID", help="Something looked for and not found.")
@click.option("--format", "output", default="text", metavar="FORMAT", help="text, json or markdown.")
@click.option("--language", default="en", metavar="CODE", help="Language of the result: en or it.")
@click.option("--rules", "folder", metavar="FOLDER", help="Another rule base, or an overlay.")
@click.option("--engine", default="auto", metavar="NAME", help="auto, durable or semi-naive.")
@click.option("--why", multiple=True, metavar="MODULE", help="Show why MODULE is suspected.")
@click.option(
    "--why-not", multiple=True, metavar="MODULE", help="Show what MODULE lacks to be the root cause."
)
def diagnose(
    files: tuple[str, ...],
    tickets: tuple[str, ...],
    observe: tuple[str, ...],
    absent: tuple[str, ...],
    output: str,
    language: str,
    folder: str | None,
    engine: str,
    why: tuple[str, ...],
    why_not: tuple[str, ...],
) -> None:
    """Diagnose an incident from FILEs (command output, logs, tickets), tickets and observations."""
    if not (files or tickets or observe or absent):
        raise click.UsageError("nothing to diagnose: give a FILE, --ticket, --observe or --absent")
    if output not in _RENDERERS:
        raise UnknownNameError("format", output, _RENDERERS)
    knowledge = corridor.load_knowledge(folder)
    observations = [
        *canonical(observe, knowledge.observations),
        *canonical(absent, knowledge.observations, State.ABSENT),
        *_read(tickets, files, knowledge),
    ]
    found = corridor.diagnose(observations, knowledge=knowledge, language=language, engine=engine)
    answers = [*(found.why(module) for module in why), *(found.why_not(module) for module in why_not)]
    click.echo("\n\n".join(answers) if answers else _RENDERERS[output](found).rstrip("\n"))


def _read(tickets: Iterable[str], files: Iterable[str], knowledge: KnowledgeBase) -> Iterable[Observation]:
    for ticket in tickets:
        yield from corridor.read_ticket(read_file(ticket), knowledge=knowledge)
    for file in files:
        yield from corridor.read_artifact(read_file(file), file, knowledge=knowledge)


def _text(found: corridor.Diagnosis) -> str:
    columns = shutil.get_terminal_size((80, 24)).columns
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = min(max(columns, NARROWEST), WIDEST)
    return report.render_text(found, found.knowledge, width=width, colour=colour)


def _json(found: corridor.Diagnosis) -> str:
    return json.dumps(found.to_dict(), ensure_ascii=False, indent=2)


def _markdown(found: corridor.Diagnosis) -> str:
    return report.render_markdown(found, found.knowledge)


_RENDERERS: Mapping[str, Callable[[corridor.Diagnosis], str]] = {
    "text": _text,
    "json": _json,
    "markdown": _markdown,
}
