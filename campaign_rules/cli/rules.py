"""``campaign-rules rules``: check, test, compare and look into a rule base.

Each command imports what it needs, so that help and the other commands come at once.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

import campaign_rules as cr
from campaign_rules.errors import KnowledgeError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from campaign_rules.knowledge import Difference
    from campaign_rules.verdicts import Verdicts

CHANGES = ("added", "removed", "changed")

folder_argument = click.argument("folder", required=False)
rules_option = click.option("--rules", "folder", metavar="FOLDER", help="Another rule base, or an overlay.")


@click.group()
def rules() -> None:
    """Check, test, compare and look into a rule base (the shipped one unless FOLDER is given).

    A FOLDER without knowledge.yaml is an overlay: it changes single entries of the shipped rule base.
    """


@rules.command()
@folder_argument
def check(folder: str | None) -> None:
    """Check the rule base in FOLDER strictly; every fault is named with file and line.

    Warnings go to standard error and do not fail the check.
    """
    from campaign_rules.knowledge import load_with_warnings
    from campaign_rules.lookup import KINDS

    knowledge, warnings = load_with_warnings(_folder(folder))
    for warning in warnings:
        click.echo(f"warning: {warning}", err=True)
    counts = ", ".join(f"{len(getattr(knowledge, kind))} {kind}" for kind in KINDS)
    click.echo(f"{counts}: no fault found")


@rules.command()
@folder_argument
def test(folder: str | None) -> None:
    """Run the scenarios of the rule base in FOLDER, and show what of it they exercise.

    Every scenario has to pass, every rule to fire, every condition to be seen true and false, and every cause
    to be ranked first; what is not is named with file and line.
    """
    from campaign_rules.knowledge import read_rules, read_scenarios
    from campaign_rules.scenario_coverage import coverage
    from campaign_rules.scenario_runs import run_scenario

    knowledge = cr.load_knowledge(folder)
    scenarios = read_scenarios(_folder(folder))
    with click.progressbar(scenarios, label="scenarios", file=sys.stderr) as bar:
        runs = [run_scenario(scenario, knowledge) for scenario in bar]
    table = coverage(read_rules(_folder(folder)), runs)
    click.echo(f"{len(runs)} scenarios, {sum(bool(run.failures) for run in runs)} failed")
    width = max(len(row.kind) for row in table)
    for row in table:
        click.echo(f"{row.kind:{width}}  {row.covered:4} of {row.total}")
    if problems := [
        *(one for run in runs for one in run.failures),
        *(one for row in table for one in row.gaps),
    ]:
        raise KnowledgeError(problems)


@rules.command()
@click.argument("kind", metavar="[KIND]", default="area")
def schema(kind: str) -> None:
    """Print the JSON Schema of one KIND of file: area, knowledge, language, scenarios or overlay."""
    from campaign_rules.knowledge import schema as json_schema

    click.echo(json.dumps(json_schema(kind), ensure_ascii=False, indent=2))


@rules.command()
@click.argument("old")
@click.argument("new", required=False)
def diff(old: str, new: str | None) -> None:
    """Show how the rule bases in OLD and NEW differ, in entries and in verdicts.

    With one folder, OLD is the shipped rule base. The verdicts are about the incidents in the scenarios of
    both.
    """
    from campaign_rules.knowledge import differences, read_scenarios
    from campaign_rules.verdicts import corpus, verdicts

    folders = (old, new) if new else (None, old)
    before, after = (cr.load_knowledge(folder) for folder in folders)
    incidents = corpus(*([entry.value for entry in read_scenarios(_folder(folder))] for folder in folders))
    with click.progressbar(incidents, label="incidents", file=sys.stderr) as bar:
        compared = [verdicts(name, scenario, before, after) for name, scenario in bar]
    for name, base in (("old", before), ("new", after)):
        click.echo(f"{name}: {base.version} ({base.fingerprint[:12]})")
    _show_entries(differences(before, after))
    _show_verdicts(compared)


@rules.command("list")
@click.argument("kind", metavar="[KIND]", default="modules")
@click.option("--language", default="en", metavar="CODE", help="Language of the labels.")
@rules_option
def list_(kind: str, language: str, folder: str | None) -> None:
    """List the entries of KIND: modules, observations, facts, rules, causes or steps."""
    from campaign_rules.lookup import labels

    found = labels(cr.load_knowledge(folder), kind, language)
    width = max(map(len, found), default=0)
    for name, label in found.items():
        click.echo(f"{name:{width}}  {label}".rstrip())


@rules.command()
@click.argument("name", metavar="ID")
@rules_option
def show(name: str, folder: str | None) -> None:
    """Show everything known under ID."""
    import yaml

    from campaign_rules.lookup import entries_called

    shown = entries_called(cr.load_knowledge(folder), name)
    click.echo(yaml.safe_dump(shown, allow_unicode=True, sort_keys=False, width=100).rstrip())


def _folder(folder: str | None) -> Traversable:
    from campaign_rules.knowledge import shipped_rules

    return Path(folder) if folder else shipped_rules()


def _show_entries(found: Sequence[Difference]) -> None:
    for kind, group in itertools.groupby(found, key=lambda one: one.kind):
        click.echo(f"\n{kind}")
        for one in group:
            click.echo(f"  {one.change:8} {one.id}" + (f": {', '.join(one.keys)}" if one.keys else ""))
    counts = Counter(one.change for one in found)
    click.echo(f"\nentries: {', '.join(f'{counts[change]} {change}' for change in CHANGES)}")


def _show_verdicts(compared: Sequence[Verdicts]) -> None:
    changed = [one for one in compared if one.old != one.new]
    for one in changed:
        click.echo(f"\n{one.scenario}\n  old: {one.old}\n  new: {one.new}")
    click.echo(f"{chr(10) if changed else ''}verdicts: {len(changed)} of {len(compared)} changed")
