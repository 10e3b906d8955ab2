"""The command line run in this process, as a person meets it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import frozen

from campaign_rules.cli import main

ROOT = Path(__file__).parents[2]


@frozen
class Done:
    """How a run of the command line ended, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]
Lines = Callable[..., list[str]]
Line = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process, as the console script does."""

    def run(*arguments: str, stdin: str | bytes = "", cwd: Path = ROOT) -> Done:
        content = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr("sys.argv", ["campaign-rules", *arguments])
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
        monkeypatch.chdir(cwd)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Done(int(ended.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def fails(run: Run) -> Lines:
    """Run what has to end with 2, and return its lines on standard error."""

    def fails(*arguments: str, stdin: str | bytes = "", cwd: Path = ROOT) -> list[str]:
        done = run(*arguments, stdin=stdin, cwd=cwd)
        assert done.returncode == 2
        assert done.stdout == ""
        lines = done.stderr.splitlines()
        assert all(line.startswith("campaign-rules: ") for line in lines)
        return lines

    return fails


@pytest.fixture
def one_line(fails: Lines) -> Line:
    def one_line(*arguments: str, stdin: str | bytes = "", cwd: Path = ROOT) -> str:
        (line,) = fails(*arguments, stdin=stdin, cwd=cwd)
        return line

    return one_line
