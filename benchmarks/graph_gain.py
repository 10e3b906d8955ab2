"""What ranking over the dependency graph gives over the rules alone: ``python -m benchmarks.graph_gain``.

    python -m benchmarks.graph_gain [TICKETS.jsonl ...] [--incidents 200] [--write PAGE]

Rules alone: suspects by the summed weights that the rules which fired give to a module and its causes. Both
rank the same firings, on tickets as in `benchmarks.incidents` and on incidents simulated from the shipped
knowledge base (benchmarks/questions.py) that show one, two, four or eight symptoms. A second table tells
whether the probabilities mean what they say.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import campaign_rules as cr
from benchmarks import incidents, questions
from benchmarks.calibration import calibration_error, calibration_table
from benchmarks.tables import machine, put, table
from campaign_rules.model import KnowledgeBase, Verb

SYMPTOMS = (1, 2, 4, 8)
SIGNS = {Verb.IMPAIRS: 1.0, Verb.SUPPORTS: 1.0, Verb.CLEARS: -1.0, Verb.REFUTES: -1.0}


def with_graph(diagnosis: cr.Diagnosis) -> list[str]:
    """Return the modules of the suspects, likeliest first."""
    return list(dict.fromkeys(suspect.module for suspect in diagnosis.suspects))


def rules_alone(diagnosis: cr.Diagnosis) -> list[str]:
    """Return the modules by the summed weights of the rules that fired, as far as they are above 0."""
    base = diagnosis.knowledge
    sums: dict[str, float] = {}
    for rule in sorted({firing.rule for firing in diagnosis.firings}):
        for one in base.rules[rule].then:
            if one.verb in SIGNS:
                about_cause = one.verb in (Verb.SUPPORTS, Verb.REFUTES)
                module = base.causes[one.target].module if about_cause else one.target
                sums[module] = sums.get(module, 0.0) + SIGNS[one.verb] * base.scale.strengths[one.strength]
    return sorted((module for module in sums if sums[module] > 0), key=lambda module: (-sums[module], module))


WAYS = {"graph": with_graph, "rules alone": rules_alone}


def on_tickets(paths: Iterable[Path]) -> Iterator[tuple[str, float, float]]:
    """Yield each way with the share of tickets whose component is first, and among the first three."""
    known = incidents.components()
    tickets = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    found: dict[str, list[tuple[bool, bool]]] = {way: [] for way in WAYS}
    for ticket in tickets:
        diagnosis = cr.diagnose(cr.read_ticket(ticket["ticket"], ticket["artifacts"]))
        for way, rank in WAYS.items():
            components = incidents.ranked(rank(diagnosis), known)
            found[way].append(_hits([ticket["root_module"] in names for names in components]))
    yield from ((way, *_means(some)) for way, some in found.items())


def on_simulated(base: KnowledgeBase, count: int) -> Iterator[tuple[str, float, float]]:
    """Yield the same for simulated incidents, by the number of symptoms that show."""
    for symptoms in SYMPTOMS:
        found: dict[str, list[tuple[bool, bool]]] = {way: [] for way in WAYS}
        for incident in questions.simulated(base, count, symptoms):
            diagnosis = cr.diagnose(incident.symptoms, knowledge=base)
            for way, rank in WAYS.items():
                found[way].append(_hits([module == incident.cause.module for module in rank(diagnosis)]))
        yield from ((f"{symptoms} symptoms, {way}", *_means(some)) for way, some in found.items())


def ticket_posteriors(paths: Iterable[Path]) -> list[tuple[float, bool]]:
    """Return the posterior of each first suspect, and whether it counts as the component at fault."""
    known, found = incidents.components(), []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            ticket = json.loads(line)
            suspects = cr.diagnose(cr.read_ticket(ticket["ticket"], ticket["artifacts"])).suspects
            if suspects:
                (names, *_) = incidents.ranked([suspects[0].module], known)
                found.append((suspects[0].probability, ticket["root_module"] in names))
    return found


def simulated_posteriors(base: KnowledgeBase, count: int) -> list[tuple[float, bool]]:
    """Return the same for incidents simulated with two symptoms."""
    found = []
    for incident in questions.simulated(base, count):
        suspects = cr.diagnose(incident.symptoms, knowledge=base).suspects
        if suspects:
            found.append((suspects[0].probability, suspects[0].module == incident.cause.module))
    return found


def _hits(right: Sequence[bool]) -> tuple[bool, bool]:
    return any(right[:1]), any(right[:3])


def _means(found: Sequence[tuple[bool, bool]]) -> tuple[float, float]:
    return statistics.fmean(pair[0] for pair in found), statistics.fmean(pair[1] for pair in found)


def report(paths: Sequence[Path], count: int) -> str:
    """Return the table."""
    rows: list[tuple[str, float, float]] = []
    if paths:
        rows += [(f"tickets, {way}", *shares) for way, *shares in on_tickets(paths)]
    base = cr.load_knowledge()
    rows += on_simulated(base, count)
    parts = [
        f"{count} simulated incidents a row, measured {machine()}.",
        table(["", "top-1", "top-3"], rows),
    ]
    predicted = {f"{count} simulated incidents with two symptoms": simulated_posteriors(base, count)}
    if paths:
        predicted["tickets"] = ticket_posteriors(paths)
    for name, found in predicted.items():
        parts += [
            f"Posterior of the first suspect, {name}: expected calibration error "
            f"{calibration_error(found):.3f}",
            calibration_table(found),
        ]
    return "\n\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("tickets", nargs="*", type=Path)
    parser.add_argument("--incidents", type=int, default=200)
    parser.add_argument("--write", type=Path, metavar="PAGE")
    options = parser.parse_args()
    shown = report(options.tickets, options.incidents)
    print(shown)
    if options.write:
        put(options.write, "graph", shown)


if __name__ == "__main__":
    main()
