"""What a threshold does: how many tickets get a diagnosis rather than questions, and how often it is right.

Usage: python -m benchmarks.note_threshold

On the tickets in `benchmarks/tickets`, whose component at fault is known (see benchmarks.incidents). "Named"
is the share of tickets whose first suspect reaches the threshold; of these, "first" and "first three" tell
how often the component at fault, or one that a reasonable judge accepts, stands there.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from attrs import frozen

import campaign_rules as cr
from benchmarks.incidents import SHIPPED, accepted, components, ranked, read_incidents

THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


@frozen
class Outcome:
    """The probability of the first suspect, and whether what was at fault is first, or among three."""

    probability: float
    first: bool
    three: bool


def outcome(incident: dict[str, Any], known: dict[str, frozenset[str]]) -> Outcome:
    """Diagnose a ticket and compare."""
    evidence = cr.read_ticket(incident["ticket"], attachments=incident["artifacts"])
    suspects = cr.diagnose(evidence, next_checks=False).suspects
    found = ranked((suspect.module for suspect in suspects), known)
    hits = [bool(names & accepted(incident)) for names in found]
    return Outcome(suspects[0].probability if suspects else 0.0, any(hits[:1]), any(hits[:3]))


def row(outcomes: Iterable[Outcome], threshold: float) -> str:
    """Return one row of the table."""
    outcomes = list(outcomes)
    named = [one for one in outcomes if one.probability >= threshold]
    shares = [
        len(named) / len(outcomes),
        sum(one.first for one in named) / max(len(named), 1),
        sum(one.three for one in named) / max(len(named), 1),
    ]
    return f"| {threshold:.1f} | {' | '.join(f'{share:.2f}' for share in shares)} |"


def table(path: Path) -> str:
    """Return the table for a file of tickets."""
    known = components()
    outcomes = [outcome(incident, known) for incident in read_incidents(path)]
    title = f"{path.stem.replace('_', ' ')}, {len(outcomes)} tickets"
    head = f"{title}\n\n| threshold | named | first | first three |\n| --- | --- | --- | --- |"
    return "\n".join((head, *(row(outcomes, threshold) for threshold in THRESHOLDS)))


def main() -> None:
    """Print the tables."""
    print("\n\n".join(table(path) for path in SHIPPED))


if __name__ == "__main__":
    main()
