"""What the commands that listen on a port share."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from campaign_rules.errors import InputError


def port_options(port: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the decorator with the options for where to listen and who may ask."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        options = (
            click.option(
                "--host", default="127.0.0.1", metavar="ADDRESS", help="Where to listen (127.0.0.1)."
            ),
            click.option(
                "--port",
                default=port,
                type=click.IntRange(1, 65535),
                metavar="PORT",
                help=f"The port to listen on ({port}).",
            ),
            click.option("--tokens", metavar="FILE", help="Bearer tokens that may ask, one a line."),
        )
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


@contextmanager
def needing(extra: str) -> Iterator[None]:
    """Raise InputError that names the extra to install for a package that is not there."""
    try:
        yield
    except ModuleNotFoundError as missing:
        hint = f"pip install 'campaign-rules[{extra}]'"
        raise InputError(f"this needs the package {missing.name}: {hint}") from None


def show_log(first: str) -> None:
    """Show the log of requests on standard error, after a `first` line."""
    from campaign_rules.serving.request_log import LOG

    shown = logging.StreamHandler()
    shown.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger(LOG)
    logger.addHandler(shown)
    logger.setLevel(logging.INFO)
    click.echo(first, err=True)
