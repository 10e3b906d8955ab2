"""Time a diagnosis with the shipped rules: ``python -m benchmarks.diagnosis [INCIDENT_FOLDER ...] [--put]``.

From observations to the rendered result, by phase; then whole processes, without a cache, with an empty one
and with one that was written before. Printed are medians in milliseconds of processor time; on an idle
machine that is what one waits for. `--put` writes what is printed into the documentation.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

import campaign_rules as cr
from benchmarks.tables import machine, put
from campaign_rules import diagnosis, evidence, knowledge, ranking, remediation, report
from campaign_rules.cache import Cache

PAGE = Path(__file__).parent.parent / "docs" / "explanation" / "inference-measured.md"
INCIDENTS = Path(__file__).parent.parent / "examples" / "incidents"
REPEATS = 30
PROCESSES = 9
PHASES = ("read", "fire", "prove", "rank", "plan", "next checks", "other", "text", "JSON")


def main(folders: Sequence[Path]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _preparation(Cache(Path(folder, "kept")))
        _incidents(folders)
        _processes(Path(folder), folders)


def _preparation(cache: Cache) -> None:
    """Print what comes before the first diagnosis of a process."""
    rules = knowledge.shipped_rules()
    print(f"{'made ready once in a process':40}{'made':>10}{'kept':>10}")
    base = knowledge.load(rules, cache=cache)
    _row(
        f"knowledge base ({len(base.rules)} rules), checked",
        _median_ms(lambda: knowledge.load(rules), 5),
        _median_ms(lambda: knowledge.load(rules, cache=cache)),
    )
    evidence.make_recogniser(base, cache)
    _row(
        "what every reading needs",
        _median_ms(lambda: evidence.make_recogniser(base), 5),
        _median_ms(lambda: evidence.make_recogniser(base, cache)),
    )
    for code in sorted(base.languages):
        _row(f"language {code}", *(_language_ms(base, code, one) for one in (None, cache)))
    for engine in _engines():
        _row(f"engine {engine}", _median_ms(lambda name=engine: diagnosis._engine.__wrapped__(base, name)))


def _language_ms(base: cr.KnowledgeBase, code: str, cache: Cache | None) -> float:
    evidence.make_recogniser(base, cache).tongue(code)
    times = []
    for _ in range(3):
        made = evidence.make_recogniser(base, cache)
        times.append(_ms(lambda made=made: made.tongue(code)))
    return statistics.median(times)


def _incidents(folders: Sequence[Path]) -> None:
    """Print the phases of a diagnosis, for each incident and engine."""
    print(f"\n{'a diagnosis, in a warm process':40}" + "".join(f"{name:>12}" for name in (*PHASES, "in all")))
    for folder in folders:
        texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}
        for engine in _engines():
            _diagnose(texts, engine)
            runs = [_phases(texts, engine) for _ in range(REPEATS)]
            medians = [statistics.median(run[name] for run in runs) for name in PHASES]
            _row(
                f"{folder.name}, {engine}",
                *medians,
                statistics.median(sum(run.values()) for run in runs),
                width=12,
            )


def _phases(texts: dict[str, str], engine: str) -> dict[str, float]:
    """Diagnose once; return the milliseconds of each phase."""
    spent: dict[str, float] = defaultdict(float)
    base = cr.load_knowledge()
    observations: list[cr.Observation] = []
    spent["read"] = _ms(lambda: observations.extend(_read(texts)))
    parts = [
        (diagnosis._engine(base, engine), "fire", "fire"),
        (diagnosis, "prove", "prove"),
        (ranking, "rank", "rank"),
        (remediation, "plan", "plan"),
        (ranking, "next_checks", "next checks"),
    ]
    with ExitStack() as stack:
        for owner, name, phase in parts:
            stack.enter_context(_timed(owner, name, phase, spent))
        found: list[cr.Diagnosis] = []
        whole = _ms(lambda: found.append(cr.diagnose(observations, engine=engine)))
    spent["other"] = whole - sum(spent[phase] for _, _, phase in parts)
    spent["text"] = _ms(lambda: report.render_text(found[0], base))
    spent["JSON"] = _ms(found[0].to_dict)
    return spent


@contextmanager
def _timed(owner: Any, name: str, phase: str, spent: dict[str, float]) -> Iterator[None]:
    """Count what the function `name` of `owner` takes as `phase`."""
    function = getattr(owner, name)

    def timed(*arguments: Any, **options: Any) -> Any:
        started = time.process_time()
        try:
            return function(*arguments, **options)
        finally:
            spent[phase] += 1000 * (time.process_time() - started)

    with mock.patch.object(owner, name, timed):
        yield


def _processes(folder: Path, folders: Sequence[Path]) -> None:
    """Print whole processes, from start to exit."""
    program = "from campaign_rules.cli import main; main()"
    plain = [("python", "pass", []), ("import campaign_rules", "import campaign_rules", [])]
    plain += [("campaign-rules --help", program, ["--help"])]
    print(f"\n{'whole processes':40}{'median':>10}")
    for title, code, arguments in plain:
        _row(title, statistics.median(_process_ms(code, arguments, "off") for _ in range(PROCESSES)))
    runs = [("diagnose --observe mails-not-sent", ["diagnose", "--observe", "mails-not-sent"])]
    runs += [(f"diagnose {one.name}/*", ["diagnose", *map(str, sorted(one.iterdir()))]) for one in folders]
    print(f"\n{'':40}{'cache off':>10}{'empty':>10}{'kept':>10}")
    for number, (title, arguments) in enumerate(runs):
        kept = str(folder / f"kept-{number}")
        off = statistics.median(_process_ms(program, arguments, "off") for _ in range(3))
        empty = _process_ms(program, arguments, kept)
        _row(
            title,
            off,
            empty,
            statistics.median(_process_ms(program, arguments, kept) for _ in range(PROCESSES)),
        )


def _process_ms(code: str, arguments: Sequence[str], cache: str) -> float:
    environment = {**os.environ, "CAMPAIGN_RULES_CACHE": cache}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", code, *arguments]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _read(texts: dict[str, str]) -> list[cr.Observation]:
    return [found for name, text in texts.items() for found in cr.read_artifact(text, name)]


def _diagnose(texts: dict[str, str], engine: str) -> cr.Diagnosis:
    return cr.diagnose(_read(texts), engine=engine)


def _engines() -> list[str]:
    return ["semi-naive", "durable"] if sys.version_info < (3, 13) else ["semi-naive"]


def _row(title: str, *numbers: float, width: int = 10) -> None:
    print(f"{title:40}" + "".join(f"{number:{width}.1f}" for number in numbers))


def _median_ms(run: Callable[[], object], repeats: int = REPEATS) -> float:
    run()
    return statistics.median(_ms(run) for _ in range(repeats))


def _ms(run: Callable[[], object]) -> float:
    started = time.process_time()
    run()
    return 1000 * (time.process_time() - started)


def command_line() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="INCIDENT_FOLDER")
    parser.add_argument("--put", action="store_true")
    options = parser.parse_args()
    with redirect_stdout(io.StringIO()) as printed:
        main(options.folders or sorted(INCIDENTS.iterdir()))
    print(printed.getvalue())
    if options.put:
        put(PAGE, "diagnosis", f"{machine()}\n\n```text\n{printed.getvalue()}```")


if __name__ == "__main__":
    command_line()
