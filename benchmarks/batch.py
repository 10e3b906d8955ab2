"""Rate and memory of batch work, beside a loop over CLIPS: ``python -m benchmarks.batch``.

    python -m benchmarks.batch [--rows 100000 1000000] [--sets 20000] [--targets csv jsonl] [--write PAGE]

Incidents are drawn by Zipf's law from distinct sets of observations, each of which is what some rules about
neighbouring modules want to see. ``campaign-rules batch`` diagnoses them, from file to file, with ranking and
plan; the loop asserts the facts of an incident in CLIPS and runs it, which is the inference alone. Both fire
the same rules, which is checked. The peak of memory is that of all processes together (Linux only). From two
runs follows what a row and what a distinct set cost, and from these what a billion rows would take.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import clips
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from attrs import frozen

import campaign_rules as cr
from benchmarks.tables import machine, put, table
from campaign_rules.inference import compile_program, make_engine
from campaign_rules.model import Comparison, Condition, Fact, KnowledgeBase, Rule, State, Test, Verb
from campaign_rules.observations import canonical, facts_of, notation

Sets = list[tuple[str, ...]]

OTHER_WORD = "other"
ORDERS = 3
"""In how many orders the observations of a set are listed."""

HEAD = ("", "rows", "seconds", "rows a second", "x CLIPS", "CPU seconds", "x CLIPS by CPU", "peak MB")

CASES = ((20_000, 2), (20_000, 100), (10_000_000, 100), (1_000_000_000, 1000))
"""Distinct sets among a billion rows, and processors, to compute what it would take."""


@frozen
class Run:
    """Rows done, seconds by the clock, seconds of all processors together, and the peak of memory in MB."""

    rows: int
    seconds: float
    processor_seconds: float
    peak: float


def distinct_sets(base: KnowledgeBase, count: int, seed: int = 5) -> Sets:
    """Return so many sets of observations: what up to four rules about neighbouring modules ask for."""
    draw = random.Random(seed)
    about: dict[str, list[Rule]] = defaultdict(list)
    for rule in base.rules.values():
        for conclusion in rule.then:
            cause = base.causes.get(conclusion.target)
            if conclusion.verb is not Verb.DERIVES:
                about[cause.module if cause else conclusion.target].append(rule)
    near: dict[str, set[str]] = {module: {module} for module in base.modules}
    for edge in base.dependencies:
        near[edge.module].add(edge.on)
        near[edge.on].add(edge.module)
    found: dict[tuple[str, ...], None] = {}
    modules = sorted(about)
    while len(found) < count:
        place = draw.choice(modules)
        rules = [rule for module in sorted(near[place]) for rule in about[module]]
        instance = draw.choice(("", "", "prod", "mkt"))
        wanted = {
            condition.fact: condition
            for rule in draw.choices(rules, k=draw.choice((1, 2, 2, 3, 4)))
            for condition in (*rule.all, *draw.sample(rule.any, min(len(rule.any), 1)))
            if condition.fact in base.observations
        }
        observed = [_observation(base, condition, instance) for condition in wanted.values()]
        if observed:
            found[tuple(notation(one) for one in canonical(observed, base.observations))] = None
    return list(found)


def incidents(sets: Sets, rows: int, seed: int = 6) -> pa.Table:
    """Return so many rows, each a set by Zipf's law (the n-th is 1/n as frequent as the first)."""
    draw = np.random.default_rng(seed)
    ranks = 1 / np.arange(1, len(sets) + 1)
    places = draw.choice(len(sets), rows, p=ranks / ranks.sum()) * ORDERS + draw.integers(ORDERS, size=rows)
    shuffle = random.Random(seed)
    lists = [shuffle.sample(one, len(one)) for one in sets for _ in range(ORDERS)]
    observations = pa.array(lists, pa.list_(pa.string())).take(pa.array(places))
    return pa.table({"id": pa.array(range(rows)), "observations": observations})


def clips_run(base: KnowledgeBase, sample: Sequence[Sequence[str]]) -> Run:
    """Run the loop over CLIPS. Raises ValueError when it fires other rules."""
    facts = [facts_of(canonical(one, base.observations)) for one in sample]
    environment = clips.Environment()
    fired: list[tuple[str, str]] = []
    environment.define_function(lambda rule, at: fired.append((str(rule), str(at))), "record")
    environment.build("(deftemplate fact (slot name) (slot state) (slot instance) (slot value))")
    strata: dict[str, int] = defaultdict(int)
    for clause in compile_program(base.rules).clauses:
        strata[clause.rule] = max(strata[clause.rule], clause.stratum)
    for rule in base.rules.values():
        environment.build(_defrule(rule, strata[rule.id]))
    template = environment.find_template("fact")

    def fire(incident: Sequence[Fact]) -> None:
        fired.clear()
        environment.reset()
        for fact in incident:
            value = clips.Symbol("nil") if fact.value is None else fact.value
            template.assert_fact(name=fact.name, state=str(fact.state), instance=fact.instance, value=value)
        environment.run()

    ours = make_engine(compile_program(base.rules), "semi-naive")
    for incident in facts:
        fire(incident)
        expected = {(firing.rule, firing.instance) for firing in ours.fire(incident)}
        if set(fired) != expected:
            raise ValueError(f"CLIPS disagrees on {sorted(expected ^ set(fired))} for {incident}")
    seconds, processor = time.perf_counter(), time.process_time()
    for incident in facts:
        fire(incident)
    return Run(
        len(facts), time.perf_counter() - seconds, time.process_time() - processor, _megabytes(os.getpid())
    )


def batch_run(source: Path, target: Path, rows: int, processes: int) -> Run:
    """Run ``campaign-rules batch``, start and exit included."""
    code = "from campaign_rules.cli import main; main()"
    command = ["batch", str(source), str(target), "--processes", str(processes)]
    seconds, processor = time.perf_counter(), _processor_seconds()
    with subprocess.Popen([sys.executable, "-c", code, *command], stdout=subprocess.DEVNULL) as run:
        peak = 0.0
        while run.poll() is None:
            peak = max(peak, sum(map(_megabytes, _family(run.pid))))
            time.sleep(0.1)
    if run.returncode:
        raise SystemExit(run.returncode)
    return Run(rows, time.perf_counter() - seconds, _processor_seconds() - processor, peak)


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _observation(base: KnowledgeBase, condition: Condition, instance: str) -> cr.Observation:
    kind = base.observations[condition.fact]
    return cr.Observation(kind.id, condition.state, _value(condition.test), "" if kind.context else instance)


def _value(test: Test | None) -> str | float | None:
    """Return a value that passes the test."""
    if test is None or test.comparison is not Comparison.IS_NOT:
        return test.operand if test else None
    return OTHER_WORD if isinstance(test.operand, str) else test.operand + 1


def _defrule(rule: Rule, stratum: int) -> str:
    patterns = [_pattern(condition, number) for number, condition in enumerate((*rule.all, *rule.any))]
    every, some = patterns[: len(rule.all)], patterns[len(rule.all) :]
    none = [f"(not {_pattern(Condition(name))})" for name in rule.unless]
    tests = " ".join([*every, *([f"(or {' '.join(some)})"] if some else []), *none])
    heads = " ".join(
        f'(assert (fact (name "{one.target}") (state "present") (instance ?i) (value nil)))'
        for one in rule.then
        if one.verb is Verb.DERIVES
    )
    return f'(defrule {rule.id} (declare (salience {-stratum})) {tests} => (record "{rule.id}" ?i) {heads})'


def _pattern(condition: Condition, number: int = 0) -> str:
    slot = _slot(condition.test, f"?v{number}") if condition.test else ""
    return f'(fact (name "{condition.fact}") (state "{State(condition.state)}") (instance ?i) {slot})'


def _slot(test: Test, value: str) -> str:
    if isinstance(test.operand, str):
        compare = "eq" if test.comparison is Comparison.IS else "neq"
        word = test.operand.casefold()
        return f'(value {value}&:(and (stringp {value}) ({compare} (lowcase {value}) "{word}")))'
    compare = {"is": "=", "is_not": "<>", "at_least": ">=", "at_most": "<="}[test.comparison]
    return f"(value {value}&:(and (numberp {value}) ({compare} {value} {test.operand})))"


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(member for child in children for member in _family(int(child)))]


def _megabytes(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _written(incidents: pa.Table, path: Path) -> Path:
    if path.suffix == ".parquet":
        pq.write_table(incidents, path)
    elif path.suffix == ".csv":
        joined = pa.compute.binary_join(incidents["observations"], " ")
        pa.csv.write_csv(incidents.set_column(1, "observations", joined), path)
    else:
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in incidents.to_pylist())
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs=2, default=[100_000, 1_000_000], metavar=("FEW", "MANY"))
    parser.add_argument("--sets", type=int, default=20_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--sample", type=int, default=3_000)
    parser.add_argument("--targets", nargs="+", default=["parquet"])
    parser.add_argument("--write", type=Path, metavar="PAGE", help="Put the tables into this page.")
    options = parser.parse_args()
    base = cr.load_knowledge()
    sets = distinct_sets(base, options.sets)
    drawn = incidents(sets, max(options.rows))
    peer = clips_run(base, drawn["observations"].slice(0, options.sample).to_pylist())
    lines = [_row("CLIPS (clipspy), inference alone, 1 process", peer, peer)]
    with tempfile.TemporaryDirectory() as folder:

        def run(target: str, count: int) -> Run:
            source = _written(drawn.slice(0, count), Path(folder, f"in.{target}"))
            return batch_run(source, Path(folder, f"out.{target}"), count, options.processes)

        start = run("parquet", 1)
        few, many = (run("parquet", count) for count in options.rows)
        size = Path(folder, "out.parquet").stat().st_size / many.rows
        more = {target: run(target, many.rows) for target in options.targets if target != "parquet"}
    for target, done in [("parquet", few), ("parquet", many), *more.items()]:
        lines.append(_row(f"batch, {target}, {options.processes} processes", done, peer))
    length = sum(map(len, sets)) / len(sets)
    measured = "\n\n".join(
        [
            f"Measured {machine()}, by `python -m benchmarks.batch`: {len(base.rules)} rules, "
            f"{len(sets):,} distinct sets of {length:.1f} observations on average.",
            table(HEAD, lines),
        ]
    )
    billion = _billion(start, few, many, [_seen(drawn, run.rows) for run in (few, many)], size)
    print(f"{measured}\n\n{billion}")
    if options.write:
        put(options.write, "batch-speed", measured)
        put(options.write, "batch-billion", billion)


def _seen(drawn: pa.Table, rows: int) -> int:
    """Return how many distinct sets there are among the first rows."""
    return len({frozenset(one) for one in drawn["observations"].slice(0, rows).to_pylist()})


def _billion(start: Run, few: Run, many: Run, seen: Sequence[int], size: float) -> str:
    """Return what a billion rows would take, from the time of processors that a row and a set take."""
    counts = [[few.rows, seen[0]], [many.rows, seen[1]]]
    used = [run.processor_seconds - start.processor_seconds for run in (few, many)]
    row, one = np.linalg.solve(counts, used)
    lines = []
    for sets, processors in CASES:
        work = 1e9 * row + sets * one
        repeated = 1e9 * row / processors + min(sets, 1e9 / processors) * one
        hours = [f"{seconds / 3600:,.2f}" for seconds in (work, work / processors, repeated)]
        lines.append([f"{sets:,}", processors, *hours])
    head = ("distinct sets", "CPUs", "CPU hours", "hours, sets apart", "hours, every worker meets every set")
    return "\n\n".join(
        [
            f"A row takes {1e6 * row:.0f} us of a CPU, a distinct set {1e3 * one:.1f} ms; "
            f"the output takes {size:.0f} bytes a row as Parquet.",
            table(head, lines),
        ]
    )


def _row(name: str, run: Run, peer: Run) -> list[str]:
    rate, processor_rate = run.rows / run.seconds, run.rows / run.processor_seconds
    return [
        name,
        f"{run.rows:,}",
        f"{run.seconds:.1f}",
        f"{rate:,.0f}",
        f"{rate / (peer.rows / peer.seconds):.1f}",
        f"{run.processor_seconds:.1f}",
        f"{processor_rate / (peer.rows / peer.processor_seconds):.1f}",
        f"{run.peak:,.0f}",
    ]


if __name__ == "__main__":
    main()
