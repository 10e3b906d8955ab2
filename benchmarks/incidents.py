"""How often the component at fault comes first, on tickets whose component is known.

Usage: python -m benchmarks.incidents [TICKETS.jsonl ...] [--misses]

Each line of a file is a ticket: `ticket` (text), `artifacts` (quoted messages), `root_module` (the component
at fault) and `also_acceptable` (components that a reasonable judge would accept). Strict counts the component
itself, lenient also the acceptable ones, the catch-all "configuration" excepted. Without files: the tickets
in `benchmarks/tickets`, the held-out ones of which no author of rules has read.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

import campaign_rules as cr

FOLDER = Path(__file__).parent / "tickets"
SHIPPED = (FOLDER / "development.jsonl", FOLDER / "held_out.jsonl")

Ranked = list[frozenset[str]]


def read_incidents(path: Path) -> list[dict[str, Any]]:
    """Return the tickets of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def accepted(incident: dict[str, Any]) -> set[str]:
    """Return the component at fault, and those that a reasonable judge would accept."""
    return {incident["root_module"]} | (set(incident["also_acceptable"]) - {"configuration"})


def components() -> dict[str, frozenset[str]]:
    """Return the components that each module counts as."""
    table = yaml.safe_load((FOLDER / "components.yaml").read_text(encoding="utf-8"))
    found: dict[str, set[str]] = {}
    for component, modules in table.items():
        for module in modules:
            found.setdefault(module, set()).add(component)
    return {module: frozenset(names) for module, names in found.items()}


def ranked(modules: Iterable[str], known: dict[str, frozenset[str]]) -> Ranked:
    """Return the components of suspects in rank order, each at its first rank only."""
    seen: set[str] = set()
    found: Ranked = []
    for module in modules:
        names = known.get(module, frozenset({module})) - seen
        if names:
            found.append(names)
            seen |= names
    return found


def outcomes(incident: dict[str, Any], known: dict[str, frozenset[str]]) -> Iterator[str]:
    """Yield what holds for one ticket: answered, strict 1, strict 3, lenient 1, lenient 3."""
    diagnosis = cr.diagnose(cr.read_ticket(incident["ticket"], attachments=incident["artifacts"]))
    found = ranked((suspect.module for suspect in diagnosis.suspects), known)
    strict = {incident["root_module"]}
    lenient = accepted(incident)
    if found:
        yield "answered"
    for place in (1, 3):
        top = frozenset().union(*found[:place])
        if top & strict:
            yield f"strict {place}"
        if top & lenient:
            yield f"lenient {place}"


def measure(path: Path, known: dict[str, frozenset[str]], misses: bool) -> str:
    """Return one row of the table."""
    incidents = read_incidents(path)
    tally: Counter[str] = Counter()
    for incident in incidents:
        held = set(outcomes(incident, known))
        tally.update(held)
        if misses and "strict 3" not in held:
            print(f"{incident['id']} wants {incident['root_module']}: {incident['ticket'][:100]}")
    keys = ("answered", "strict 1", "strict 3", "lenient 1", "lenient 3")
    shares = " | ".join(f"{tally[key] / max(len(incidents), 1):.2f}" for key in keys)
    return f"| {path.stem.replace('_', ' ')} | {len(incidents)} | {shares} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("tickets", nargs="*", type=Path, default=SHIPPED)
    parser.add_argument("--misses", action="store_true", help="print what is not among the first three")
    options = parser.parse_args()
    known = components()
    print("| tickets | number | answered | strict top-1 | strict top-3 | lenient top-1 | lenient top-3 |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for path in options.tickets:
        print(measure(path, known, options.misses))


if __name__ == "__main__":
    main()
