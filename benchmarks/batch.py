"""Rate and memory of batch work, beside a loop over CLIPS: ``python -m benchmarks.batch``.

    python -m benchmarks.batch [--rows 1000000] [--sets 20000] [--processes 2] [--targets parquet csv jsonl]

Incidents are drawn by Zipf's law from distinct sets of observations, each of which is what some rules about
neighbouring modules want to see. ``campaign-rules batch`` diagnoses them, from file to file, with ranking and
plan; the loop asserts the facts of an incident in CLIPS and runs it, which is the inference alone. Both fire
the same rules, which is checked. The peak of memory is that of all processes together (Linux only).
"""

from __future__ import annotations

import argparse
import os
import random
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

import campaign_rules as cr
from benchmarks.tables import machine, table
from campaign_rules.inference import compile_program, make_engine
from campaign_rules.model import Comparison, Condition, Fact, KnowledgeBase, Rule, State, Test, Verb
from campaign_rules.observations import canonical, facts_of, notation

Sets = list[tuple[str, ...]]

OTHER_WORD = "other"
ORDERS = 3
"""In how many orders the observations of a set are listed."""


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


def clips_rate(base: KnowledgeBase, sample: Sequence[Sequence[str]]) -> float:
    """Return incidents a second of the loop over CLIPS. Raises ValueError when it fires other rules."""
    facts = [facts_of(canonical(one, base.observations)) for one in sample]
    environment = clips.Environment()
    fired: list[tuple[str, str]] = []
    environment.define_function(lambda rule, at: fired.append((str(rule), str(at))), "record")
    environment.build("(deftemplate fact (slot name) (slot state) (slot instance) (slot value))")
    strata = {clause.rule: clause.stratum for clause in compile_program(base.rules).clauses}
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
        if set(fired) != {(firing.rule, firing.instance) for firing in ours.fire(incident)}:
            raise ValueError(f"CLIPS fires other rules for {incident}")
    start = time.perf_counter()
    for incident in facts:
        fire(incident)
    return len(facts) / (time.perf_counter() - start)


def batch_run(source: Path, target: Path, processes: int) -> tuple[float, float]:
    """Return the seconds that ``campaign-rules batch`` takes, start and exit included, and its peak in MB."""
    code = "from campaign_rules.cli import main; main()"
    command = ["batch", str(source), str(target), "--processes", str(processes)]
    start = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", code, *command], stdout=subprocess.DEVNULL) as run:
        peak = 0.0
        while run.poll() is None:
            peak = max(peak, sum(map(_megabytes, _family(run.pid))))
            time.sleep(0.1)
    if run.returncode:
        raise SystemExit(run.returncode)
    return time.perf_counter() - start, peak


def _observation(base: KnowledgeBase, condition: Condition, instance: str) -> cr.Observation:
    kind = base.observations[condition.fact]
    return cr.Observation(kind.id, condition.state, _value(condition.test), "" if kind.context else instance)


def _value(test: Test | None) -> str | float | None:
    """Return a value that passes the test."""
    if test is None or test.comparison is not Comparison.IS_NOT:
        return test.operand if test else None
    return OTHER_WORD if isinstance(test.operand, str) else test.operand + 1


def _defrule(rule: Rule, stratum: int) -> str:
    alternatives = " ".join(map(_pattern, rule.any))
    parts = [
        *map(_pattern, rule.all),
        *([f"(or {alternatives})"] if rule.any else []),
        *(f"(not {_pattern(Condition(name))})" for name in rule.unless),
    ]
    heads = " ".join(
        f'(assert (fact (name "{one.target}") (state "present") (instance ?i) (value nil)))'
        for one in rule.then
        if one.verb is Verb.DERIVES
    )
    salience = f"(declare (salience {-stratum}))"
    return f'(defrule {rule.id} {salience} {" ".join(parts)} => (record "{rule.id}" ?i) {heads})'


def _pattern(condition: Condition) -> str:
    state = State(condition.state)
    return f'(fact (name "{condition.fact}") (state "{state}") (instance ?i) {_slot(condition.test)})'


def _slot(test: Test | None) -> str:
    if test is None:
        return ""
    if isinstance(test.operand, str):
        compare = "eq" if test.comparison is Comparison.IS else "neq"
        return f'(value ?v&:(and (stringp ?v) ({compare} (lowcase ?v) "{test.operand.casefold()}")))'
    compare = {"is": "=", "is_not": "<>", "at_least": ">=", "at_most": "<="}[test.comparison]
    return f"(value ?v&:(and (numberp ?v) ({compare} ?v {test.operand})))"


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
    else:
        joined = pa.compute.binary_join(incidents["observations"], " ")
        pa.csv.write_csv(incidents.set_column(1, "observations", joined), path)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--sets", type=int, default=20_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--sample", type=int, default=3_000)
    parser.add_argument("--targets", nargs="+", default=["parquet"])
    options = parser.parse_args()
    base = cr.load_knowledge()
    sets = distinct_sets(base, options.sets)
    drawn = incidents(sets, max(options.rows))
    sample = drawn["observations"].slice(0, options.sample).to_pylist()
    size = sum(map(len, sets)) / len(sets)
    print(
        f"{machine()}, {options.processes} processes, {len(base.rules)} rules, {size:.1f} observations a set"
    )
    peer = clips_rate(base, sample)
    rows = [["CLIPS (clipspy), inference alone, 1 process", "", "", f"{peer:,.0f}", "", ""]]
    with tempfile.TemporaryDirectory() as folder:
        for target in options.targets:
            for count in options.rows:
                ending = "parquet" if target == "parquet" else "csv"
                source = _written(drawn.slice(0, count), Path(folder, f"in.{ending}"))
                seconds, peak = batch_run(source, Path(folder, f"out.{target}"), options.processes)
                rate = count / seconds
                rows.append(
                    [
                        f"batch to {target}",
                        f"{count:,}",
                        f"{seconds:.1f}",
                        f"{rate:,.0f}",
                        f"{rate / peer:.1f}",
                        f"{peak:,.0f}",
                    ]
                )
    print(table(["", "rows", "seconds", "incidents a second", "x CLIPS", "peak MB"], rows))


if __name__ == "__main__":
    main()
