"""``campaign-rules diagnose``: artefacts, tickets and given observations in, a diagnosis out."""

from __future__ import annotations

import click

from campaign_rules import diagnosis as corridor
from campaign_rules.cli.files import read_paths
from campaign_rules.cli.ledger import check_ledger, keep_ledger, ledger_option, no_redact_option
from campaign_rules.cli.rendering import renderer
from campaign_rules.model import Evidence, State
from campaign_rules.observations import canonical
from campaign_rules.rule_base import load_knowledge


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
@no_redact_option
@ledger_option
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
    no_redact: bool,
    ledger: str | None,
) -> None:
    """Diagnose an incident from FILEs (command output, logs, tickets), tickets and observations.

    Of a folder, every file is read, compressed ones and archives too; - is standard input. Addresses, names
    of hosts and accounts, and secrets are shown as tokens such as <host-1>.
    """
    if not (files or tickets or observe or absent):
        raise click.UsageError("nothing to diagnose: give a FILE, --ticket, --observe or --absent")
    render = renderer(output)
    check_ledger(ledger, no_redact)
    knowledge = load_knowledge(folder)
    given = (
        *canonical(observe, knowledge.observations),
        *canonical(absent, knowledge.observations, State.ABSENT),
    )
    read = read_paths(
        files, knowledge, tickets=tickets, since=since, until=until, at=at, redact=not no_redact
    )
    found = corridor.diagnose(Evidence(given) + read, knowledge=knowledge, language=language, engine=engine)
    keep_ledger(ledger, read.ledger)
    answers = [*(found.why(module) for module in why), *(found.why_not(module) for module in why_not)]
    click.echo("\n\n".join(answers) if answers else render(found).rstrip("\n"))
