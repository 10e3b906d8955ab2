"""The command line: thin, and never a traceback for what a user got wrong."""

from __future__ import annotations

import sys

import click

from campaign_rules.cli.diagnose import diagnose
from campaign_rules.cli.rules import rules
from campaign_rules.errors import CampaignRulesError

UNUSABLE_INPUT = 2
INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="campaign-rules", message="%(prog)s %(version)s")
def commands() -> None:
    """Find the root cause of incidents on Adobe Campaign Classic v7."""


commands.add_command(diagnose)
commands.add_command(rules)


def main() -> None:
    """Run the command line. Exits 0 when it ran, 2 on unusable input with one line for each fault."""
    try:
        status = commands.main(prog_name="campaign-rules", standalone_mode=False)
    except CampaignRulesError as error:
        _complain(*str(error).splitlines())
        status = UNUSABLE_INPUT
    except click.ClickException as error:
        _complain(" ".join(error.format_message().split()))
        status = UNUSABLE_INPUT
    except (click.Abort, KeyboardInterrupt):
        status = INTERRUPTED
    sys.exit(status)


def _complain(*faults: str) -> None:
    for fault in faults:
        click.echo(f"campaign-rules: {fault}", err=True)
