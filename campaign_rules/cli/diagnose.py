"""``campaign-rules diagnose``: artefacts, tickets and given observations in, a diagnosis out."""

from __future__ import annotations

import click

from campaign_rules import diagnosis as corridor
from campaign_rules.cli.files import read_file, read_paths
from campaign_rules.cli.rendering import renderer
from campaign_rules.model import State
from campaign_rules.observations import canonical


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
    render = renderer(output)
    knowledge = corridor.load_knowledge(folder)
    observations = [
        *canonical(observe, knowledge.observations),
        *canonical(absent, knowledge.observations, State.ABSENT),
        *(found for name in tickets for found in corridor.read_ticket(read_file(name), knowledge=knowledge)),
        *read_paths(files, knowledge, since=since, until=until, at=at),
    ]
    found = corridor.diagnose(observations, knowledge=knowledge, language=language, engine=engine)
    answers = [*(found.why(module) for module in why), *(found.why_not(module) for module in why_not)]
    click.echo("\n\n".join(answers) if answers else render(found).rstrip("\n"))
