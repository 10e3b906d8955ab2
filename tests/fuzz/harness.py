"""Coverage-guided fuzzing of all that reads evidence: ``python -m tests.fuzz.harness TARGET [OPTION ...]``.

TARGET is one of `TARGETS`; the options are libFuzzer's, such as ``-max_total_time=300``. Without a corpus
among them, the samples of artefacts are the seeds. An input that raises anything but InputError, takes more
than a minute or more than a gigabyte is written to the working directory. Needs atheris.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import atheris
import yaml

with atheris.instrument_imports(include=["campaign_rules.evidence"]):
    from campaign_rules.evidence import gather, make_period, make_recogniser, read_stream, read_ticket
    from campaign_rules.evidence.readers import READERS
    from campaign_rules.evidence.text_lines import split_lines

import campaign_rules as cr
from campaign_rules.errors import InputError

SAMPLES = Path(__file__).parents[1] / "evidence" / "artefacts" / "samples.yaml"
LIMITS = ("-timeout=60", "-rss_limit_mb=1024", "-max_len=8192")

Target = Callable[[bytes], None]


def make_targets() -> dict[str, Target]:
    """Return what is fuzzed: files of any bytes, tickets, and each reader of a machine format.

    Every language is made ready at once, so that no input has to wait for it.
    """
    recogniser = make_recogniser(cr.load_knowledge())
    for code in recogniser.vocabularies:
        recogniser.tongue(code)
    period = make_period(since="2021-05-01", until="2026-11-20T12:00")

    def files(data: bytes) -> None:
        try:
            ranks, _ = read_stream("var/prod/log/x.log", BytesIO(data), recogniser, period)
        except InputError:
            return
        gather([ranks], at=period.at)

    def tickets(data: bytes) -> None:
        read_ticket(data.decode("utf-8", "replace"), (), recogniser)

    def readers(data: bytes) -> None:
        lines = split_lines(data.decode("latin-1"), "conf/config-prod.xml")
        numbers = {line.number for line in lines}
        for reader in READERS:
            readings, used = reader(lines, "conf/config-prod.xml", recogniser.processes)
            assert used <= numbers
            assert all(one.provenance.line in numbers for one in readings)

    return {"files": files, "tickets": tickets, "readers": readers}


TARGETS = ("files", "tickets", "readers")


def write_seeds(folder: Path) -> None:
    """Write the samples of artefacts into `folder`, one a file."""
    for number, sample in enumerate(yaml.safe_load(SAMPLES.read_text(encoding="utf-8"))):
        folder.joinpath(f"{number:03}").write_text(sample["text"], encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    """Fuzz the target that `arguments` begin with."""
    name, *options = arguments or ("",)
    if name not in TARGETS:
        sys.exit(f"usage: python -m tests.fuzz.harness {{{','.join(TARGETS)}}} [OPTION ...]")
    with tempfile.TemporaryDirectory() as folder:
        write_seeds(Path(folder))
        corpus = [] if any(not option.startswith("-") for option in options) else [folder]
        atheris.Setup(["harness", *LIMITS, *options, *corpus], make_targets()[name])
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
