"""What very many diagnoses in one process leave behind: ``python -m benchmarks.soak [--diagnoses 100000]``.

Random incidents are diagnosed with the shipped rules, among them ones that are refused. Printed at every
tenth: resident memory, threads and open files. Needs ``/proc``, which Linux has.
"""

from __future__ import annotations

import argparse
import itertools
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

import campaign_rules as cr
from benchmarks.tables import machine
from tests.inference.incidents import incidents

INCIDENTS = 300
"""Distinct incidents; they come round again."""


@frozen
class Footprint:
    """What the process holds after so many diagnoses, of which so many were refused."""

    done: int
    refused: int
    resident_kib: int
    threads: int
    open_files: int


def soak(diagnoses: int, steps: int, engine: str) -> Iterator[Footprint]:
    """Diagnose, and yield what is held after the first round of incidents and at each of `steps`."""
    base = cr.load_knowledge()
    drawn = [
        [
            cr.Observation(fact.name, fact.state, fact.value, fact.instance)
            for fact in facts
            if fact.name in base.observations
        ]
        for facts in incidents(base.rules, INCIDENTS, seed=3, most=3)
    ]
    refused = 0
    for done, observations in enumerate(itertools.islice(itertools.cycle(drawn), diagnoses), 1):
        try:
            cr.diagnose(observations, knowledge=base, engine=engine)
        except cr.CampaignRulesError:
            refused += 1
        if done == INCIDENTS or done % (diagnoses // steps) == 0:
            yield _footprint(done, refused)


def _footprint(done: int, refused: int) -> Footprint:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return Footprint(
        done=done,
        refused=refused,
        resident_kib=pages * os.sysconf("SC_PAGE_SIZE") // 1024,
        threads=threading.active_count(),
        open_files=len(os.listdir("/proc/self/fd")),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--diagnoses", type=int, default=100_000)
    parser.add_argument("--engine", default="auto")
    options = parser.parse_args()
    print(f"{machine()}, engine {options.engine}")
    columns = ("diagnoses", "refused", "resident MB", "threads", "open files", "seconds")
    print("".join(f"{name:>12}" for name in columns))
    started = time.perf_counter()
    for now in soak(options.diagnoses, 10, options.engine):
        seconds = time.perf_counter() - started
        resident = f"{now.resident_kib / 1024:.1f}"
        cells = (now.done, now.refused, resident, now.threads, now.open_files, round(seconds))
        print("".join(f"{cell:>12}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
