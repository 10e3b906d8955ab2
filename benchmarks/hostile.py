"""How the time of each reader grows on hostile text: ``python -m benchmarks.hostile [READER ...]``.

Text repeats one piece. It is read with four times as many lines, and with lines four times as long in as
much text. A reader whose time grows with the size of the text takes about four times as long for the former
and as long for the latter; one that searches endlessly takes sixteen times and four times as long. Printed
are the worst piece of each reader with the ratio, and the longest time for what was read.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence

import campaign_rules as cr
from campaign_rules.evidence import make_recogniser
from campaign_rules.evidence.log_matches import match_text
from campaign_rules.evidence.readers import READERS
from campaign_rules.evidence.text_lines import split_lines
from campaign_rules.evidence.times import own_time

SIZE = 1 << 18
SHORT, LONG = 5_000, 20_000
"""Characters of the shorter and the longer lines. Readers see 20000 of a line, log signs windows of 8192."""

LEAST_SECONDS = 0.05
"""What takes less is not told: there the clock is too coarse for a ratio."""

RUNS = (
    " ",
    "0",
    "a",
    "'",
    '"',
    "<",
    ">",
    "(",
    "=",
    ":",
    "/",
    ".",
    "-",
    "@",
    "\t",
    "[",
    ",",
    "1 ",
    "a@",
    "a@b ",
)
PIECES = (
    *RUNS,
    "<mta a='",
    '<mta a="b" ',
    "<!--",
    "<!-- -",
    "<serverconf>",
    "<redir ",
    "<redir a='b' ",
    "<indicator name='x'>",
    "<current value='1'/>",
    "1 2 3 9% ",
    "1 2 3 9% /\n",
    "tcp ",
    "LISTEN 0 0 *:1 *:2 ",
    "Mem: 1 ",
    "total used free shared ",
    "Filesystem ",
    "Authentication-Results: dkim=",
    "dkim=pass ",
    "0xa\t",
    "50x00000000\t2026-11-20",
    '1 [2026-11-23 10:11] "GET ',
    "#Fields: a b\n",
    "' ('",
    "Start of the 'mta@",
    "nlserver pdump ",
    "$ sudo /a/df ",
    "mta@prod (1) - 2 Mo ",
    "mta@prod (1) - 2 Mo\n",
    "mta@prod\n",
    "State Recv-Q Send-Q ",
    "Proto Local Address ",
    "Cpu(s):,",
    "top - 1:11 up ",
    "1 a b 1 1 1 1 nlserver mta ",
    "GET http://x/r/test -> 200 in 0.1 s\n",
    "x.service - ",
    "Active: failed (",
    "mta@i{} (1) - 2 Mo\n",
    "mta@i{}\n",
    "<mta autoStart='false' a{}='1'/>\n",
    "<indicator name='{}'><current value='1'/><alert value='1'/></indicator>\n",
    '192.0.2.1 - - [20/Nov/2026:09:40:11 +0000] "GET /{}.jsp HTTP/1.1" 403 9\n',
    "2026-11-20 09:40:11.804Z 1A 1 info log Running task 'mta@i{}' ('nlserver')\n",
    "GET http://x/{} -> 200 in 0.1 s\n",
    "2026-11-20 09:40:11",
    "20/Nov/2026:09:40:11 ",
)


def spent(work: Callable[[], object]) -> float:
    """Return the processor time of `work` in seconds."""
    started = time.process_time()
    work()
    return time.process_time() - started


def readers() -> Iterator[tuple[str, Callable[[str], Callable[[], object]]]]:
    """Yield what is measured: a name, and what makes a text ready for it."""
    recogniser = make_recogniser(cr.load_knowledge())

    for reader in READERS:

        def ready(text: str, reader: Callable[..., object] = reader) -> Callable[[], object]:
            lines = split_lines(text, "x")
            return lambda: reader(lines, "x", recogniser.processes)

        yield reader.__name__, ready
    yield "split_lines", lambda text: lambda: split_lines(text, "x")
    yield "own_time", lambda text: lambda: [own_time(line) for line in text.split("\n")]
    yield "log signs", lambda text: lambda: match_text(text, "x", recogniser.logs)


def repeated(piece: str, length: int, size: int) -> str:
    """Return lines of `length` characters, `size` together; ``{}`` becomes the number of the line."""
    if "{}" in piece:
        return "".join(map(piece.format, range(size // len(piece))))
    line = piece if piece.endswith("\n") else (piece * (length // len(piece) + 1))[:length] + "\n"
    return line * (size // len(line) + 1)


def grown(ready: Callable[[str], Callable[[], object]], small: str, large: str) -> tuple[float, float]:
    """Return how much longer `large` takes than `small`, and the seconds that it takes."""
    after = spent(ready(large))
    if after < LEAST_SECONDS:
        return 0.0, after
    before = min(spent(ready(small)) for _ in range(2))
    return min(after, spent(ready(large))) / max(before, 1e-9), after


def main(wanted: Sequence[str]) -> None:
    """Print a line for each reader in `wanted`, or for all."""
    print(f"{'reader':20} {'4 x lines':>10} {'4 x length':>10} {'seconds':>10}  worst pieces")
    for name, ready in readers():
        if wanted and name not in wanted:
            continue
        more, longer, slowest = (0.0, ""), (0.0, ""), 0.0
        for piece in PIECES:
            small, large = (repeated(piece, SHORT, size) for size in (SIZE // 4, SIZE))
            ratio, seconds = grown(ready, small, large)
            more, slowest = max(more, (ratio, piece)), max(slowest, seconds)
            if not piece.endswith("\n"):
                ratio, seconds = grown(ready, large, repeated(piece, LONG, SIZE))
                longer, slowest = max(longer, (ratio, piece)), max(slowest, seconds)
        ratios = " ".join(f"{ratio:>10.1f}" if ratio else f"{'-':>10}" for ratio, _ in (more, longer))
        pieces = " ".join(repr(piece) for ratio, piece in (more, longer) if ratio)
        print(f"{name:20} {ratios} {slowest:10.2f}  {pieces}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
