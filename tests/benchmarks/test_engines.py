"""The race of engines: same conclusions, and a contestant that cannot start is said to be gone."""

from __future__ import annotations

import sys

import pytest

from benchmarks.engines.__main__ import race, rows
from campaign_rules.inference.durable import can_import

pytest.importorskip("clips", reason="clipspy is not installed")
OURS = ("semi_naive", "durable") if can_import() else ("semi_naive",)


def test_contestants_conclude_the_same_and_one_that_is_missing_is_gone() -> None:
    pythons = dict.fromkeys([*OURS, "clipspy", "clips_alone", "no_such_engine"], sys.executable)
    found = {row[0]: row for row in rows(race("30", pythons, incidents=5, runs=1))}
    assert {found[name][-1] for name in (*OURS, "clipspy", "clips_alone")} == {"5 of 5"}
    assert found["clipspy"][3] == "1.00"
    assert str(found["no_such_engine"][-1]).startswith("exit status")


def test_other_conclusions_are_no_result() -> None:
    first, peer = race("30", dict.fromkeys(["semi_naive", "clipspy"], sys.executable), incidents=5, runs=1)
    peer.conclusions[0] = []
    with pytest.raises(ValueError, match="clipspy concludes otherwise"):
        list(rows([first, peer]))
