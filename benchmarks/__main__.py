"""How long a diagnosis takes: ``python -m benchmarks [INCIDENT_FOLDER ...]``.

Prints the median of repeated runs for each example incident: reading it, and diagnosing it on each engine.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import campaign_rules as cr

INCIDENTS = Path(__file__).parent.parent / "examples" / "incidents"
REPEATS = 30


def main(folders: list[Path]) -> None:
    started = time.perf_counter()
    knowledge = cr.load_knowledge()
    print(f"load the rule base ({len(knowledge.rules)} rules): {time.perf_counter() - started:.2f} s")
    engines = ["semi-naive", "durable"] if sys.version_info < (3, 13) else ["semi-naive"]
    print(f"{'median in ms':28}{'read':>12}" + "".join(f"{engine:>12}" for engine in engines))
    for folder in folders:
        texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}
        times = [_median_ms(partial(_read, texts))]
        observations = _read(texts)
        for engine in engines:
            times.append(_median_ms(partial(cr.diagnose, observations, engine=engine)))
        print(f"{folder.name:28}" + "".join(f"{found:12.2f}" for found in times))


def _read(texts: dict[str, str]) -> list[cr.Observation]:
    return [found for name, text in texts.items() for found in cr.read_artifact(text, name)]


def _median_ms(run: Callable[[], object]) -> float:
    run()
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or sorted(INCIDENTS.iterdir()))
