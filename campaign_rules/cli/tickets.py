"""``campaign-rules tickets``: diagnoses inside a ticketing system."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from campaign_rules.cli.files import check_writable, write_private
from campaign_rules.cli.serving import needing

if TYPE_CHECKING:
    from campaign_rules.model import KnowledgeBase
    from campaign_rules.tickets.configuration.settings import Config
    from campaign_rules.tickets.tracker import Edits
    from campaign_rules.tickets.triage import Policy
    from campaign_rules.tickets.worker.bell import Bell

INTERRUPTED = 130

config_option = click.option(
    "--config", "file", required=True, metavar="FILE", help="What to watch, and how: tickets.yaml."
)


@click.group()
def tickets() -> None:
    """Diagnose the tickets of a ticketing system: one note on each, kept up to date."""


@tickets.command(short_help="Diagnose tickets as they come and change.")
@config_option
@click.option("--once", is_flag=True, help="Work on what is due now, then end.")
@click.option("--dry-run", is_flag=True, help="Write nothing anywhere; log what would be written.")
@click.option(
    "--log",
    "style",
    default="text",
    type=click.Choice(["text", "json"]),
    metavar="FORMAT",
    help="text: key=value; json: a line of JSON each.",
)
@click.pass_context
def watch(context: click.Context, file: str, once: bool, dry_run: bool, style: str) -> None:
    """Watch for tickets that are new or changed, and diagnose each.

    The log goes to standard error and holds no text of a ticket. SIGTERM and SIGINT end it after the ticket
    at hand.
    """
    config, knowledge, policy = _ready(file)
    from campaign_rules.tickets.worker.bell import Bell
    from campaign_rules.tickets.worker.log import open_log
    from campaign_rules.tickets.worker.watching import Watch

    bell = Bell()
    with _stopping(bell) as heard, _waiting_shown(shown=once and style == "text") as advance:
        log = open_log(sys.stderr, style, rehearsal=dry_run)
        watching = Watch(
            config=config, knowledge=knowledge, policy=policy, log=log, bell=bell, rehearsal=dry_run
        )
        if once:
            watching.run_once(advance)
        else:
            watching.run()
        log.stopped(signal.Signals(heard[0]).name if heard else "done")
    if signal.SIGINT in heard:
        context.exit(INTERRUPTED)


@tickets.command(short_help="Show the note that a ticket would get.")
@click.argument("key")
@config_option
def show(key: str, file: str) -> None:
    """Show the note that would be written on the ticket KEY, and write nothing."""
    config, knowledge, policy = _ready(file)
    from campaign_rules.tickets.note import Markup, rendered
    from campaign_rules.tickets.worker.watching import decider

    with closing(config.open_tracker()) as tracker:
        decision = decider(config, knowledge, policy)(tracker.read(key))
    if decision is None:
        click.echo(f"{key} was opened before triage.since: it is left alone", err=True)
        return
    click.echo(rendered(decision.note, Markup.PLAIN))
    told = f"verdict {decision.verdict}"
    if decision.module:
        told += f", {decision.module} with probability {decision.probability:.2f}"
    for line in (told, *_edits(decision.edits)):
        click.echo(line, err=True)


@tickets.command(short_help="Show what waits, is done and failed.")
@config_option
def status(file: str) -> None:
    """Show how many tickets wait, failed and are done, and why those that failed did."""
    config = _config(file)
    from campaign_rules.tickets.state.overview import counts, failures
    from campaign_rules.tickets.worker.watching import open_queue

    with open_queue(config, "ro") as queue:
        found, failed = counts(queue), failures(queue)
    width = max(map(len, found))
    for name, number in found.items():
        click.echo(f"{name:{width}} {number:6}")
    for one in failed:
        again = "" if one.status == "failed" else f", again at {_instant(one.due)}"
        click.echo(f"{one.key}: {one.status} after {one.attempts} attempts{again}: {one.message}")


@tickets.command(short_help="Have a ticket tried again now.")
@click.argument("key")
@config_option
def retry(key: str, file: str) -> None:
    """Have the ticket KEY tried again, which was given up or waits for its next attempt."""
    config = _config(file)
    from campaign_rules.tickets.worker.watching import open_queue

    with open_queue(config, "rw") as queue:
        queue.retry(key)
    click.echo(f"{key} is tried again by the worker")


@tickets.command(short_help="Record what was at fault in a ticket.")
@click.argument("key")
@click.option("--module", required=True, metavar="MODULE", help="What was at fault.")
@click.option("--cause", default="", metavar="CAUSE", help="The confirmed cause, an id of the rule base.")
@config_option
def confirm(key: str, module: str, cause: str, file: str) -> None:
    """Record in the tracker what turned out to be at fault in the ticket KEY."""
    config, knowledge, policy = _ready(file)
    from campaign_rules.tickets import triage

    edits = triage.confirm(module, cause, knowledge, policy)
    with closing(config.open_tracker()) as tracker:
        tracker.edit(tracker.read(key), edits)
    for line in _edits(edits):
        click.echo(f"{key}: {line}")


@tickets.command(short_help="Write closed tickets, to learn from.")
@config_option
@click.option("--output", required=True, metavar="FILE", help="Lines of JSON, for campaign-rules learn.")
def export(file: str, output: str) -> None:
    """Write the closed tickets with a confirmed module, as observations without any text of a ticket."""
    config, knowledge, policy = _ready(file)
    from campaign_rules.tickets.confirmed import confirmed_rows

    check_writable(output)
    with closing(config.open_tracker()) as tracker, _reading_shown() as advance:
        rows = list(confirmed_rows(tracker, knowledge, policy, advance))
    write_private(output, "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows))
    click.echo(f"{len(rows)} closed tickets with a confirmed module: {output}")


def _config(file: str) -> Config:
    """Return what the file says; what its reader should know goes to standard error."""
    with needing("tickets"):
        from campaign_rules.tickets.configuration.file import read_config

    read = read_config(file)
    for warning in read.warnings:
        click.echo(f"campaign-rules: {warning}", err=True)
    return read.config


def _ready(file: str) -> tuple[Config, KnowledgeBase, Policy]:
    """Return what the file says, and the rule base that it is checked against."""
    config = _config(file)
    from campaign_rules.rule_base import load_knowledge
    from campaign_rules.tickets.configuration.file import read_policy

    knowledge = load_knowledge(config.keys.rules or None)
    return config, knowledge, read_policy(config, knowledge)


def _edits(edits: Edits) -> Iterator[str]:
    if edits.labels_added:
        yield f"adds labels: {', '.join(sorted(edits.labels_added))}"
    if edits.labels_removed:
        yield f"removes labels: {', '.join(sorted(edits.labels_removed))}"
    if edits.queue:
        yield f"moves to queue: {edits.queue}"
    for name, value in sorted(edits.fields.items()):
        yield f"sets {name}: {value}"


def _instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


@contextmanager
def _stopping(bell: Bell) -> Iterator[list[int]]:
    """Let the first signal stop the worker after its ticket; a second one ends it at once."""
    heard: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def stop(number: int, frame: FrameType | None) -> None:
        heard.append(number)
        signal.signal(number, before[number])  # type: ignore[index]
        bell.stop()

    for number in before:
        signal.signal(number, stop)
    try:
        yield heard
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _waiting_shown(shown: bool) -> Iterator[Callable[[int], None]]:
    """Yield what to tell how many tickets wait: on a terminal, a bar below the log shows it."""
    if not shown or not sys.stderr.isatty():
        yield lambda waiting: None
        return
    with _bar("tickets") as tell:
        done = 0

        def advance(waiting: int) -> None:
            nonlocal done
            done += 1
            tell(done, done + waiting)

        yield advance


@contextmanager
def _reading_shown() -> Iterator[Callable[[int, int], None]]:
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with _bar("reading") as tell:
        yield tell


@contextmanager
def _bar(label: str) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task: Any = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
