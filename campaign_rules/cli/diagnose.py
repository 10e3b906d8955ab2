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
from campaign_rules.cli.files import STANDARD_INPUT, read_file, reading_bar
from campaign_rules.errors import UnknownNameError
from campaign_rules.model import KnowledgeBase, Observation, State
from campaign_rules.observations import canonical

NARROWEST, WIDEST = 60, 100


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE_OR_FOLDER]...")
@click.option(
    "--ticket", "tickets", multiple=True, metavar="FILE", help="A ticket's text; - is standard input."
)
@click.option("--observe", multiple=True, metavar="ID[=VALUE]", help="Something observed; ID@INSTANCE too.")
@click.option("--absent", multiple=True, metavar="ID", help="Something looked for and not found.")
@click.option("--since", metavar="TIME", help="Log lines before TIME do not count (2026-11-20T09:40).")
@click.option("--until", metavar="TIME", help="Log lines after TIME do not count.")
@click.option("--at", metavar="TIME", help="The incident: log lines within a day of TIME count.")
@click.option(
    "--format", "output", default="text", metavar="FORMAT", help="text, json, markdown, html, mermaid or dot."
)
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
    since: str | None,
    until: str | None,
    at: str | None,
    output: str,
    language: str,
    folder: str | None,
    engine: str,
    why: tuple[str, ...],
    why_not: tuple[str, ...],
) -> None:
    """Diagnose an incident from FILEs (command output, logs, tickets), tickets and observations.

    Of a folder, every file is read, compressed ones and archives too; - is standard input.
    """
    if not (files or tickets or observe or absent):
        raise click.UsageError("nothing to diagnose: give a FILE, --ticket, --observe or --absent")
    if output not in _RENDERERS:
        raise UnknownNameError("format", output, _RENDERERS)
    knowledge = corridor.load_knowledge(folder)
    observations = [
        *canonical(observe, knowledge.observations),
        *canonical(absent, knowledge.observations, State.ABSENT),
        *(found for name in tickets for found in corridor.read_ticket(read_file(name), knowledge=knowledge)),
        *_read(files, knowledge, since, until, at),
    ]
    found = corridor.diagnose(observations, knowledge=knowledge, language=language, engine=engine)
    answers = [*(found.why(module) for module in why), *(found.why_not(module) for module in why_not)]
    click.echo("\n\n".join(answers) if answers else _RENDERERS[output](found).rstrip("\n"))


def _read(
    files: Iterable[str], knowledge: KnowledgeBase, since: str | None, until: str | None, at: str | None
) -> Iterable[Observation]:
    """Read files and folders, and tell on standard error what cannot be read."""
    paths = [name for name in files if name != STANDARD_INPUT]
    streams = {"standard input": sys.stdin.buffer} if STANDARD_INPUT in files else {}
    with reading_bar() as progress:
        read = corridor.read_files(
            paths, knowledge=knowledge, since=since, until=until, at=at, streams=streams, progress=progress
        )
    for note in read.notes:
        click.echo(f"campaign-rules: {note.source}: {note.text}; left out", err=True)
    return read


def _text(found: corridor.Diagnosis) -> str:
    columns = shutil.get_terminal_size((80, 24)).columns
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = min(max(columns, NARROWEST), WIDEST)
    return report.render_text(found, found.knowledge, width=width, colour=colour)


def _json(found: corridor.Diagnosis) -> str:
    return json.dumps(found.to_dict(), ensure_ascii=False, indent=2)


def _markdown(found: corridor.Diagnosis) -> str:
    return report.render_markdown(found, found.knowledge)


def _html(found: corridor.Diagnosis) -> str:
    return report.render_html(found, found.knowledge, found.proof.derivation)


def _mermaid(found: corridor.Diagnosis) -> str:
    return report.render_mermaid(found, found.knowledge, found.proof.derivation)


def _dot(found: corridor.Diagnosis) -> str:
    return report.render_dot(found, found.knowledge, found.proof.derivation)


_RENDERERS: Mapping[str, Callable[[corridor.Diagnosis], str]] = {
    "text": _text,
    "json": _json,
    "markdown": _markdown,
    "html": _html,
    "mermaid": _mermaid,
    "dot": _dot,
}
