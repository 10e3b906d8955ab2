"""Race engines on the same rules and incidents: ``python -m benchmarks.engines``.

    [--bases shipped 30 150 400 4000] [--incidents 200] [--runs 5] [--experta PYTHON] [--put]

Each contestant stands in a process of its own, and they take turns, one pass over the incidents each.
Printed are the median and the 99th percentile over all passes, in microseconds of processor time for one
incident; the ratio of medians to clipspy; what loading the rules takes; the memory that rules and passes
need; and in how many incidents the conclusions, the set of rules fired by instance, are those of the first.
`--experta` names a Python up to 3.9 that has experta. `--put` writes the tables into the documentation.
Needs clipspy and, to be complete, zen-engine.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import select
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from attrs import define, field

from benchmarks.engines.problem import SHIPPED, problem
from benchmarks.tables import machine, put, table

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanation" / "inference-measured.md"
PATIENCE = 120
"""Seconds that a contestant may take to load or for a pass before it is given up."""

PEER = "clipspy"
OURS = ("semi_naive", "durable")
FEWER = {"experta": 10, "durable_host": 100}
"""Contestants that are slow, or leave threads behind, get fewer incidents."""

HEAD = ("", "median us", "p99 us", "x clipspy", "load ms", "memory MB", "same conclusions")


class Gone(Exception):
    """A contestant crashed, cannot be imported, or was given up."""


@define
class Contestant:
    """A process, and what it has answered so far."""

    name: str
    process: subprocess.Popen[str]
    load_ms: float = 0.0
    us: list[float] = field(factory=list)
    conclusions: list[list[list[str]]] = field(factory=list)
    memory_kib: int = 0
    gone: str = ""

    def answer(self) -> dict[str, Any]:
        """Wait for one answer. Raises Gone when there is none in time."""
        assert self.process.stdout
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        line = self.process.stdout.readline() if ready else ""
        if not line:
            self.process.kill()
            code = self.process.wait()
            raise Gone(f"exit status {code}" if ready else f"no answer in {PATIENCE} s")
        found: dict[str, Any] = json.loads(line)
        return found

    def load(self) -> None:
        """Wait until the rules are loaded."""
        with self._while_there():
            self.load_ms = self.answer()["load_ms"]

    def run(self) -> None:
        """Let it pass once over its incidents."""
        if self.gone:
            return
        with self._while_there():
            assert self.process.stdin
            print("run", file=self.process.stdin, flush=True)
            found = self.answer()
            self.us += found["us"]
            self.conclusions, self.memory_kib = found["conclusions"], found["memory_kib"]

    @contextlib.contextmanager
    def _while_there(self) -> Iterator[None]:
        try:
            yield
        except (Gone, BrokenPipeError) as error:
            self.gone = str(error)


def race(name: str, pythons: dict[str, str], incidents: int, runs: int) -> list[Contestant]:
    """Race all contestants on the rule base called `name`; each loads alone, and the first pass warms up."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "problem.json")
        path.write_text(json.dumps(problem(name, incidents)), encoding="utf-8")
        entered = []
        for one, python in pythons.items():
            count = FEWER.get(one, incidents)
            command = [python, "-m", "benchmarks.engines.worker", one, str(path), str(count)]
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                cwd=ROOT,
            )
            entered.append(Contestant(one, process))
            entered[-1].load()
        for _ in range(runs + 1):
            for contestant in entered:
                contestant.run()
    for contestant in entered:
        contestant.us = contestant.us[len(contestant.conclusions) :]
        contestant.process.kill()
        contestant.process.communicate()
    return entered


def rows(entered: Sequence[Contestant]) -> Iterator[tuple[object, ...]]:
    """Yield the row of each contestant. Raises ValueError when ours and clipspy's conclusions differ."""
    first = entered[0].conclusions
    peer = next(statistics.median(one.us) for one in entered if one.name == PEER)
    for one in entered:
        if one.gone or not one.us:
            yield (one.name, "-", "-", "-", "-", "-", one.gone)
            continue
        same = sum(mine == theirs for mine, theirs in zip(one.conclusions, first, strict=False))
        if same < len(one.conclusions) and one.name in (PEER, *OURS):
            raise ValueError(f"{one.name} concludes otherwise")
        median = statistics.median(one.us)
        p99 = statistics.quantiles(one.us, n=100)[98]
        numbers = (f"{median:.0f}", f"{p99:.0f}", f"{median / peer:.2f}", f"{one.load_ms:.0f}")
        yield (one.name, *numbers, f"{one.memory_kib / 1024:.1f}", f"{same} of {len(one.conclusions)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bases", nargs="+", default=[SHIPPED, "30", "150", "400", "4000"])
    parser.add_argument("--incidents", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--experta", metavar="PYTHON")
    parser.add_argument("--put", action="store_true")
    options = parser.parse_args()
    here = [*OURS, PEER, "clips_alone", "durable_host"]
    parts = [f"{machine()}. {options.incidents} incidents, {options.runs} passes."]
    medians: dict[tuple[str, str], float] = {}
    for base in options.bases:
        pythons = dict.fromkeys([*here, *([] if base == SHIPPED else ["zen"])], sys.executable)
        if options.experta:
            pythons["experta"] = options.experta
        entered = race(base, pythons, options.incidents, options.runs)
        medians |= {(base, one.name): statistics.median(one.us) for one in entered if not one.gone}
        found = table(HEAD, rows(entered))
        parts.append(f"{'The shipped' if base == SHIPPED else base} rules:\n\n{found}")
        print(f"\n{parts[-1]}", flush=True)
    grown = [
        f"{name} {medians['4000', name] / medians['400', name]:.2f}"
        for base, name in medians
        if base == "4000" and ("400", name) in medians
    ]
    if grown:
        parts.append(f"Time with 4000 rules as a multiple of that with 400: {', '.join(grown)}.")
        print(f"\n{parts[-1]}")
    if options.put:
        put(PAGE, "engines", "\n\n".join(parts))


if __name__ == "__main__":
    main()
