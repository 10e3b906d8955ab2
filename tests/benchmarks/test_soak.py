"""Many diagnoses in one process leave nothing behind."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from benchmarks.soak import soak
from campaign_rules.inference.durable import can_import

ENGINES = ["semi-naive", "durable"] if can_import() else ["semi-naive"]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no /proc on this platform")
@pytest.mark.parametrize("engine", ENGINES)
def test_memory_stays_flat_and_no_thread_and_no_file_is_left(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    first, *_, last = soak(900, 3, engine)
    assert (first.done, last.done) == (300, 900)
    assert 0 < last.refused < 90
    assert last.resident_kib - first.resident_kib < 2_000
    assert (last.threads, last.open_files) == (first.threads, first.open_files)
    assert not list(tmp_path.iterdir())
