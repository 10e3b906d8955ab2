"""Speed and memory of reading a large log, beside grep and a loop over expressions.

    python -m benchmarks.reading [--megabytes 500] [--runs 3] [--large 1024] [--line 200] [--write]

A log of `--megabytes` is made (see `benchmarks.logs`) and read by `read_files` with all log signs of the
shipped rules, by grep with the words that the scanner looks for, and in part by a Python loop that tries
every sign on every line. Times are CPU seconds of one process, medians over interleaved runs; starting Python
and loading the rules do not count, starting grep does. grep `-c` leaves a line at the first word that it
finds; grep `-o` finds all words, which is what the scanner does too. Then the largest memory of a process is
measured that reads the log, the log compressed, `--large` megabytes from a pipe, and one line of `--line`
megabytes. `--write` puts the tables into the documentation.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import campaign_rules as cr
from benchmarks.logs import SHARE, pieces, showing_lines, write_log
from benchmarks.tables import machine, put, table
from campaign_rules.evidence import make_recogniser
from campaign_rules.evidence.log_signs import LogSign
from campaign_rules.evidence.scanner import make_scanner

PAGE = Path(__file__).parent.parent / "docs" / "explanation" / "files.md"
LOOPED = 300
"""Lines that the loop over all expressions gets; its time is scaled."""

READER = """
import sys, time
import campaign_rules as cr
rules = cr.load_knowledge()
cr.read_artifact("x", "x", knowledge=rules)
name = sys.argv[1]
start = time.process_time()
if name == "-":
    read = cr.read_files([], knowledge=rules, streams={"pipe": sys.stdin.buffer})
else:
    read = cr.read_files([name], knowledge=rules)
took = time.process_time() - start
print(took, len(read.observations), sum(place.count for one in read for place in one.provenance))
"""
GREPPED = 10
"""Megabytes of the log that grep lists the words of in UTF-8, which takes longest of all."""

MEGABYTE = 1 << 20


def finish(child: subprocess.Popen[bytes]) -> tuple[bytes, float, float]:
    """Return what a child writes to its output, its CPU seconds, and its largest memory in megabytes."""
    assert child.stdout
    output = b""
    while chunk := child.stdout.read(MEGABYTE):
        output = (output + chunk)[-1000:]
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{child.args!r} ended with {child.returncode}")
    return output, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def ours(path: Path | str, fed: Iterable[bytes] = ()) -> tuple[float, int, int, float]:
    """Return CPU seconds of reading, observations, places counted, and the largest memory in megabytes."""
    command = [sys.executable, "-c", READER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin
        for piece in fed:
            child.stdin.write(piece)
        child.stdin.close()
        output, _, memory = finish(child)
    took, observations, places = output.split()
    return float(took), int(observations), int(places), memory


def grep(options: Sequence[str], words: Path, path: Path, locale: str) -> float:
    command = ["grep", *options, "-f", str(words), str(path)]
    environment = {**os.environ, "LC_ALL": locale}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as child:
        return finish(child)[1]


def slow_grep(options: Sequence[str], words: Path, path: Path, megabytes: int, folder: Path) -> float:
    """Return the CPU seconds that grep would take for `path` in UTF-8, from its first `GREPPED` megabytes."""
    part = folder / "part.log"
    taken = min(GREPPED, megabytes)
    with path.open("rb") as source, part.open("wb") as target:
        target.write(source.read(taken * MEGABYTE))
    return grep(options, words, part, "C.UTF-8") * megabytes / taken


def loop(signs: Sequence[LogSign], path: Path, megabytes: int) -> float:
    """Return the seconds that trying every sign on every line would take, from a few lines."""
    with path.open(encoding="utf-8") as file:
        lines = [line for line, _ in zip(file, range(LOOPED), strict=False)]
    expressions = [sign.expression for sign in signs]
    start = time.process_time()
    for line in lines:
        for expression in expressions:
            expression.search(line)
    took = time.process_time() - start
    return took * megabytes * MEGABYTE / sum(len(line.encode()) for line in lines)


def words_for_grep(signs: Sequence[LogSign], folder: Path) -> tuple[Path, Path]:
    """Write the words that the scanner looks for, as expressions and as they stand."""
    scanner = make_scanner(tuple(signs))
    expressions, fixed = folder / "words.ere", folder / "words.txt"
    escaped = (re.sub(rb"[][\\.^$*+?(){}|]", rb"\\\g<0>", word) for word in scanner.words)
    masked = [word.replace(b"0", b"[0-9]") for word in escaped]
    expressions.write_bytes(b"\n".join([*masked, *map(re.escape, scanner.numbers)]) + b"\n")
    fixed.write_bytes(b"\n".join([*scanner.words, *scanner.numbers]) + b"\n")
    return expressions, fixed


def speed(path: Path, folder: Path, signs: Sequence[LogSign], megabytes: int, runs: int) -> str:
    expressions, fixed = words_for_grep(signs, folder)
    peers: Mapping[str, tuple[Sequence[str], Path, str]] = {
        "grep -E -i -c, C": (("-a", "-E", "-i", "-c"), expressions, "C"),
        "grep -E -i -c, UTF-8": (("-a", "-E", "-i", "-c"), expressions, "C.UTF-8"),
        "grep -E -i -o, C": (("-a", "-E", "-i", "-o"), expressions, "C"),
        "grep -F -i -c, C": (("-a", "-F", "-i", "-c"), fixed, "C"),
        "grep -F -i -o, C": (("-a", "-F", "-i", "-o"), fixed, "C"),
    }
    times: dict[str, list[float]] = {"read_files": [], **{name: [] for name in peers}}
    for _ in range(runs):
        took, observations, places, _ = ours(path)
        times["read_files"].append(took)
        for name, (options, words, locale) in peers.items():
            times[name].append(grep(options, words, path, locale))
    medians = {name: statistics.median(values) for name, values in times.items()}
    listing = f"grep -E -i -o, UTF-8 (first {min(GREPPED, megabytes)} MB, scaled)"
    medians[listing] = slow_grep(("-a", "-E", "-i", "-o"), expressions, path, megabytes, folder)
    medians[f"Python loop, every sign on every line ({LOOPED} lines, scaled)"] = loop(signs, path, megabytes)
    own = medians["read_files"]
    rows = (
        (name, f"{took:.1f}", f"{megabytes / took:.1f}", f"{own / took:.2g}")
        for name, took in medians.items()
    )
    print(f"{observations} observations, {places} lines counted for them", file=sys.stderr)
    return table(["", "CPU seconds", "MB/s", "read_files takes, times this"], rows)


def memory(path: Path, folder: Path, showing: Sequence[str], large: int, line: int) -> str:
    packed = folder / "log.gz"
    with path.open("rb") as source, gzip.open(packed, "wb", compresslevel=1) as target:
        shutil.copyfileobj(source, target, MEGABYTE)
    long = folder / "line.log"
    with long.open("wb") as file:
        file.writelines(_one_line(line * MEGABYTE, showing))
    sizes = {
        f"a log of {path.stat().st_size // MEGABYTE} MB": ours(path),
        "the same, compressed by gzip": ours(packed),
        f"{large} MB from a pipe": ours("-", pieces(large * MEGABYTE, showing, seed=2)),
        f"one line of {line} MB": ours(long),
    }
    return table(
        ["", "largest memory, MB", "CPU seconds"],
        ((name, f"{peak:.0f}", f"{took:.1f}") for name, (took, _, _, peak) in sizes.items()),
    )


def _one_line(size: int, showing: Sequence[str]) -> Iterator[bytes]:
    for piece in pieces(size, showing):
        yield piece.replace(b"\n", b" ")
    yield b"\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=500)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--large", type=int, default=1024)
    parser.add_argument("--line", type=int, default=200)
    parser.add_argument("--write", action="store_true", help="put the tables into the documentation")
    options = parser.parse_args()
    signs = make_recogniser(cr.load_knowledge()).logs
    showing = showing_lines(signs)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "campaign.log"
        write_log(path, options.megabytes * MEGABYTE, showing)
        head = (
            f"{options.megabytes} MB, {SHARE:.0%} of the lines from scenarios; {len(signs)} expressions, "
            f"{len(make_scanner(signs).words)} words; median of {options.runs}; {machine()}."
        )
        parts = {"speed": f"{head}\n\n{speed(path, folder, signs, options.megabytes, options.runs)}"}
        print(parts["speed"], end="\n\n")
        parts["memory"] = memory(path, folder, showing, options.large, options.line)
        print(parts["memory"])
    if options.write:
        for part, content in parts.items():
            put(PAGE, part, content)


if __name__ == "__main__":
    main()
