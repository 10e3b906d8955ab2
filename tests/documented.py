"""The parts of the documentation that run.

The Python blocks of a page share one namespace. A text block right after one holds what it prints; a text
block below a line ``<!-- output: COMMAND -->`` holds what the command prints. A block with
``title="PATH"`` is a file that the reader writes. A shell block below ``<!-- run -->`` prepares files.
The fingerprint of the rule base, which every edit of a rule changes, is shown as 0123456789ab, and the mark
of a note, which changes with it, as 0123456789abcdef.

``python -m tests.documented`` writes the real outputs into the pages.
"""

from __future__ import annotations

import contextlib
import glob
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))

_BLOCK = re.compile(
    r"(?:^<!-- (?:(?P<run>run)|output: (?P<command>.+)) -->\n+)?"
    r'^```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<body>(?:.*\n)*?)```$',
    re.MULTILINE,
)
_FINGERPRINT = re.compile(r"(?<=\()[0-9a-f]{12}(?=\)$)", re.MULTILINE)
_MARK = re.compile(r"(?<=campaign-rules:)[0-9a-f]{16}")


def with_real_outputs(text: str) -> str:
    """Run a page in the current folder and return its text with the outputs that came out."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    printed, end = None, 0

    def replace(block: re.Match[str]) -> str:
        nonlocal printed, end
        follows = text[end : block.start()].isspace()
        language, body, command = block["language"], block["body"], block["command"]
        output, printed, end = printed if follows else None, None, block.end()
        if block["title"]:
            path = Path(block["title"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, encoding="utf-8")
        elif block["run"]:
            subprocess.run(["sh", "-euc", body], check=True)
        elif language == "python":
            printed = _run_python(body, namespace)
        elif language == "text" and (command or output is not None):
            output = _run_command(command) if command else output
            return block[0].removesuffix(f"{body}```") + f"{output}```"
        return block[0]

    return _BLOCK.sub(replace, text)


@contextlib.contextmanager
def reader_folder() -> Iterator[Path]:
    """Enter a temporary folder that holds what a reader finds in a checkout: rules and examples."""
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        for folder in ("rules", "examples"):
            shutil.copytree(ROOT / folder, folder)
        yield Path(name)


def _run_python(body: str, namespace: dict[str, Any]) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(body, "<page>", "exec"), namespace)
    return _tidy(printed.getvalue())


def _run_command(command: str) -> str:
    program, *words = shlex.split(command)
    assert program == "campaign-rules", command
    arguments = [found for word in words for found in sorted(glob.glob(word)) or [word]]
    run = subprocess.run(
        [sys.executable, "-c", "from campaign_rules.cli import main; main()", *arguments],
        env={**os.environ, "COLUMNS": "80", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in run.stderr, run.stderr
    return _tidy(run.stderr if run.returncode else run.stdout)


def _tidy(output: str) -> str:
    output = _MARK.sub("0123456789abcdef", _FINGERPRINT.sub("0123456789ab", output))
    return "".join(f"{line.rstrip()}\n" for line in output.strip("\n").splitlines())


def _main() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        with reader_folder():
            real = with_real_outputs(text)
        if real != text:
            page.write_text(real, encoding="utf-8")


if __name__ == "__main__":
    _main()
