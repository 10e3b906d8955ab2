"""Listings of processes to readings: which module runs, which one is missing, on which instance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from campaign_rules.evidence.log_lines import instance_name
from campaign_rules.evidence.readers.process_list import Listing, Process, read_listings
from campaign_rules.evidence.readers.reader import Found, ProcessNames, per_instance
from campaign_rules.evidence.text_lines import Line
from campaign_rules.model import Module, Provenance, Reading, Scope

RUNNING = "running"
MISSING = "missing"


@frozen
class Unlisted(Reading):
    """A module missing in so far as the list of one machine does not show it."""


def read_processes(lines: Sequence[Line], source: str, names: ProcessNames) -> Found:
    """Return the readings of every listing in `lines`, and the numbers of the lines they fill.

    ``process.<module>`` is "running" or "missing", ``process.<module>.memory_mb`` and
    ``processes.running``, ``processes.missing``, ``connections.open``, ``campaign.build`` are numbers.
    """
    listings, used = read_listings(lines, source)
    return tuple(reading for listing in listings for reading in _readings(listing, names)), used


def _readings(listing: Listing, names: ProcessNames) -> Iterator[Reading]:
    if listing.banner and listing.build.isdecimal():
        yield Reading("campaign.build", float(listing.build), provenance=listing.banner)
    if listing.connections is not None and listing.connections_place:
        yield Reading("connections.open", float(listing.connections), provenance=listing.connections_place)
    if listing.nothing:
        yield from _all_missing(names, listing.nothing)
    elif listing.rows:
        yield from _running(listing, names)
    elif listing.verb == "missing" or listing.bare:
        yield from _reported_missing(listing, names)


def _all_missing(names: ProcessNames, place: Provenance) -> Iterator[Reading]:
    yield Reading("processes.running", 0.0, provenance=place)
    for module in names.listed:
        yield Unlisted(f"process.{module.id}", MISSING, provenance=place)


def _running(listing: Listing, names: ProcessNames) -> Iterator[Reading]:
    seen: set[tuple[str, str]] = set()
    for row in listing.rows:
        module = names.modules.get(row.name.casefold())
        if module is None:
            continue
        instance = _instance(module, row)
        seen.add((module.id, instance))
        yield Reading(f"process.{module.id}", RUNNING, instance, row.place)
        if row.memory is not None:
            yield Reading(f"process.{module.id}.memory_mb", row.memory, instance, row.place)
    if _complete(listing, names):
        place = listing.banner or listing.rows[0].place
        yield Reading("processes.running", float(len(listing.rows)), provenance=place)
        yield from _absent(listing, names, seen, place)


def _absent(
    listing: Listing, names: ProcessNames, seen: set[tuple[str, str]], place: Provenance
) -> Iterator[Reading]:
    instances = {instance_name(row.instance) for row in listing.rows if _per_instance(row, names)} - {""}
    unnamed = {module for module, instance in seen if not instance}
    for module in names.listed:
        expected = instances or {""} if module.scope is Scope.INSTANCE else {""}
        for instance in sorted(expected):
            if module.id not in unnamed and (module.id, instance) not in seen:
                yield Unlisted(f"process.{module.id}", MISSING, instance, place)


def _reported_missing(listing: Listing, names: ProcessNames) -> Iterator[Reading]:
    known = [
        (names.modules[row.name.casefold()], row)
        for row in listing.bare
        if row.name.casefold() in names.modules
    ]
    for module, row in known:
        yield Reading(f"process.{module.id}", MISSING, _instance(module, row), row.place)
    place = listing.banner or (known[0][1].place if known else None)
    if place and not listing.partial and (known or listing.verb == "missing"):
        yield Reading("processes.missing", float(len(known)), provenance=place)


def _complete(listing: Listing, names: ProcessNames) -> bool:
    """Tell whether a module that the listing does not show is really missing.

    It must not be cut or filtered, and begin with the banner or the command at a prompt; without
    those, two rows on lines of their own, one of them a listed module of the whole machine, will do.
    """
    if listing.partial:
        return False
    if listing.banner or (listing.verb == "pdump" and listing.at_prompt):
        return True
    modules = (names.modules.get(row.name.casefold()) for row in listing.rows)
    whole_machine = any(module and module.listed and module.scope is Scope.MACHINE for module in modules)
    return listing.own_lines and len(listing.rows) > 1 and whole_machine


def _per_instance(row: Process, names: ProcessNames) -> bool:
    module = names.modules.get(row.name.casefold())
    return module is None or module.scope is Scope.INSTANCE


def _instance(module: Module, row: Process) -> str:
    return per_instance(module, instance_name(row.instance))
