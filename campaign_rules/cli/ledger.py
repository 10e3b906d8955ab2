"""What the commands share that redact: the options, and the ledger told of or written."""

from __future__ import annotations

import json
from pathlib import Path

import click

from campaign_rules.cli.files import check_writable, write_private
from campaign_rules.errors import InputError
from campaign_rules.model import Ledger

no_redact_option = click.option(
    "--no-redact", is_flag=True, help="Leave addresses, names and secrets as they are."
)
ledger_option = click.option(
    "--ledger", metavar="FILE", help="Write what the tokens stand for to FILE, readable by you alone."
)


def check_ledger(file: str | None, no_redact: bool) -> None:
    """Raise UsageError for a ledger of nothing, InputError where none can be written."""
    if file is not None:
        if no_redact:
            raise click.UsageError("--no-redact replaces nothing, so --ledger has nothing to tell")
        check_writable(file)
        if Path(file).exists():
            raise InputError(f"{file}: is there already; name a new file for the ledger")


def keep_ledger(file: str | None, ledger: Ledger) -> None:
    """Write `ledger` to `file` if there is one, and tell on standard error what was replaced, if anything."""
    count = len(ledger.entries)
    values = f"{count} value" if count == 1 else f"{count} values"
    if file is not None:
        entries = [
            {"token": entry.token, "kind": str(entry.kind), "count": entry.count, "value": entry.value}
            for entry in ledger.entries
        ]
        write_private(file, json.dumps(entries, ensure_ascii=False, indent=2) + "\n")
        _tell(f"{values} replaced; {file} tells what they were")
    elif count:
        _tell(f"{values} replaced by tokens; --ledger FILE keeps what they stand for")


def _tell(message: str) -> None:
    click.echo(f"campaign-rules: {message}", err=True)
