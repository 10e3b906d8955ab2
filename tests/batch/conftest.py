"""The small rule base, and small windows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import campaign_rules as cr
from campaign_rules.batch import work
from tests.rule_bases import write_rule_base

WINDOW = 10


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rule_base(tmp_path_factory.mktemp("rules") / "small")


@pytest.fixture(scope="session")
def base(rules: Path) -> cr.KnowledgeBase:
    return cr.load_knowledge(rules)


@pytest.fixture
def small_windows(monkeypatch: pytest.MonkeyPatch) -> int:
    """Have ten rows looked at together."""
    monkeypatch.setattr("campaign_rules.batch.incidents.ROWS", WINDOW)
    return WINDOW


@pytest.fixture
def diagnosed_sets(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Collect the sets that are diagnosed, in this process."""
    seen: list[tuple[str, ...]] = []
    real = work.diagnose

    def counting(observations: tuple[str, ...], **options: Any) -> cr.Diagnosis:
        seen.append(observations)
        return real(observations, **options)

    monkeypatch.setattr(work, "diagnose", counting)
    return seen
