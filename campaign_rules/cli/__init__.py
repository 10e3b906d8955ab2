"""The command line: thin, and never a traceback for what a user got wrong."""

from __future__ import annotations

import gc
import sys
from importlib import import_module

import click

from campaign_rules.errors import CampaignRulesError

UNUSABLE_INPUT = 2
INTERRUPTED = 130

COMMANDS = ("ask", "batch", "collect", "diagnose", "graph", "learn", "mcp", "rules", "serve", "tickets")
"""Each is the command of that name in the module of that name."""

BETWEEN_COLLECTIONS = 100_000
"""Objects made before garbage is looked for: a short run makes many, and hardly any of them is garbage."""


class _Commands(click.Group):
    """Loads the module of a command when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = getattr(import_module(f"{__name__}.{cmd_name}"), cmd_name)
        return found


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="campaign-rules", message="%(prog)s %(version)s")
def commands() -> None:
    """Find the root cause of incidents on Adobe Campaign Classic v7."""


def main() -> None:
    """Run the command line. Exits 0 when it ran, 2 on unusable input with one line for each fault."""
    gc.set_threshold(BETWEEN_COLLECTIONS)
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
