"""``campaign-rules collect``: a server probed, or looked at from inside, as one evidence file."""

from __future__ import annotations

import datetime
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campaign_rules.cli.files import write_private
from campaign_rules.errors import InputError

if TYPE_CHECKING:
    from campaign_rules.evidence_file import Artefact

Announce = Callable[[str], None]


@click.command()
@click.option("--url", metavar="URL", help="Probe the server at this address over the network.")
@click.option("--local", is_flag=True, help="Run commands and read logs on this server.")
@click.option("--instance", default="", metavar="NAME", help="The instance that is meant.")
@click.option("--output", default="-", metavar="FILE", help="The evidence file; - is standard output.")
@click.option("--timeout", default=10.0, metavar="SECONDS", help="Longest time for one check (10).")
@click.option(
    "--port", "ports", multiple=True, type=int, metavar="PORT", help="Try this port of the host too."
)
@click.option("--home", default="", metavar="FOLDER", help="Where Campaign is installed on this server.")
def collect(
    url: str | None,
    local: bool,
    instance: str,
    output: str,
    timeout: float,
    ports: tuple[int, ...],
    home: str,
) -> None:
    """Collect evidence into one file that diagnose reads anywhere. Nothing is changed on any machine.

    With --url: name, ports, certificate, /r/test, ping.jsp and logon.jsp, as this machine sees them. With
    --local, on the server itself: processes, missing modules, service, ports, disk, memory, load, logs.
    """
    _check(url, local, output, timeout, ports)
    with _progress() as announce:
        artefacts = [
            *(_probed(url, instance, timeout, ports, announce) if url else ()),
            *(_local(instance, timeout, home, announce) if local else ()),
        ]
    target = ", ".join(filter(None, (url, platform.node() if local else "")))
    _write(output, artefacts, target)


def _check(url: str | None, local: bool, output: str, timeout: float, ports: tuple[int, ...]) -> None:
    if not (url or local):
        raise click.UsageError("nothing to collect: give --url or --local")
    if not 0 < timeout < float("inf"):
        raise click.UsageError(f"--timeout must be a number of seconds above 0, not {timeout:g}")
    if ports and not url:
        raise click.UsageError("--port needs --url")
    for port in ports:
        if not 0 < port < 65536:
            raise click.UsageError(f"--port must be from 1 to 65535, not {port}")
    if output != "-" and (Path(output).is_dir() or not Path(output).parent.is_dir()):
        raise InputError(f"{output}: cannot be written: no such folder, or a folder itself")


def _probed(
    url: str, instance: str, timeout: float, ports: tuple[int, ...], announce: Announce
) -> Iterator[Artefact]:
    from campaign_rules.collection.target import read_target
    from campaign_rules.evidence_file import Artefact

    target = read_target(url, instance)
    try:
        from campaign_rules.collection.probe import probe
    except ModuleNotFoundError as missing:
        hint = "pip install 'campaign-rules[collect]'"
        raise InputError(f"collect --url needs the package {missing.name}: {hint}") from None
    taken = _now()
    text = probe(target, timeout=timeout, ports=ports, announce=announce)
    yield Artefact(f"probe of {target.origin}", "probe", taken, text)


def _local(instance: str, timeout: float, home: str, announce: Announce) -> tuple[Artefact, ...]:
    from campaign_rules.collection.local import collect_local

    return collect_local(now=_now, timeout=timeout, instance=instance, home=home, announce=announce)


def _write(output: str, artefacts: list[Artefact], target: str) -> None:
    from campaign_rules.evidence_file import EvidenceFile, write_evidence

    text = write_evidence(EvidenceFile(_tool(), _now(), target, tuple(artefacts)))
    if output == "-":
        click.echo(text, nl=False)
        return
    write_private(output, text)
    lacking = sum(not artefact.text for artefact in artefacts)
    plural = "" if len(artefacts) == 1 else "s"
    click.echo(f"{output}: {len(artefacts)} artefact{plural}, {lacking} not available")


@contextmanager
def _progress() -> Iterator[Announce]:
    """Give what shows on a terminal what is being done; elsewhere it stays silent."""
    if not sys.stderr.isatty():
        yield lambda doing: None
        return
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status("collecting") as status:
        yield lambda doing: status.update(escape(doing))


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _tool() -> str:
    try:
        return f"campaign-rules {version('campaign-rules')}"
    except PackageNotFoundError:
        return "campaign-rules"
