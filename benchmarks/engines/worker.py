"""The process of one contestant: ``python -m benchmarks.engines.worker CONTESTANT PROBLEM.json COUNT``.

It loads the rules and writes how long that took; then, for each line that it reads, it passes once over the
incidents and writes the microseconds of each, the conclusions, and the memory that has come on top. It runs
on any Python that the contestant does, so it imports nothing but that. What is measured is processor time of
the process, with all its threads: it hardly depends on what else the machine does.
"""

import importlib
import json
import sys
import time


def main():
    name, path, count = sys.argv[1:]
    module = importlib.import_module("benchmarks.engines." + name)
    with open(path, encoding="utf-8") as file:
        problem = json.load(file)
    before = resident_kib()
    started = time.process_time()
    contestant = module.Contestant(problem)
    answer({"load_ms": 1000 * (time.process_time() - started)})
    for _ in sys.stdin:
        times, found = [], []
        for facts in problem["incidents"][: int(count)]:
            prepared = contestant.prepare(facts)
            started = time.process_time()
            fired = contestant.fire(prepared)
            times.append(1e6 * (time.process_time() - started))
            found.append(sorted({tuple(one) for one in contestant.conclusions(fired)}))
        answer({"us": times, "conclusions": found, "memory_kib": resident_kib() - before})


def resident_kib():
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))


def answer(value):
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    main()
