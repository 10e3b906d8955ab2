"""A short run of the fuzzer over each target, from the same seed each time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("atheris", reason="atheris is not installed; it has no wheel for every Python and system")

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.parametrize(("target", "runs"), [("files", 300), ("tickets", 120), ("readers", 3000)])
def test_nothing_is_raised_and_nothing_hangs(target: str, runs: int, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz.harness", target, f"-runs={runs}", "-seed=1"]
    done = subprocess.run(
        [*command, f"-artifact_prefix={tmp_path}/"], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert list(tmp_path.iterdir()) == []
