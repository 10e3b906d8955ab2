"""The incidents that the batch benchmark draws, and what it computes from its measurements."""

from __future__ import annotations

from collections import Counter

import pytest

import campaign_rules as cr
from campaign_rules.observations import canonical, notation
from tests.rule_bases import write_rule_base

pytest.importorskip("clips", reason="clipspy is not installed")

from benchmarks import batch


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> cr.KnowledgeBase:
    return cr.load_knowledge(write_rule_base(tmp_path_factory.mktemp("rules") / "small"))


def test_sets_are_distinct_and_canonical(base: cr.KnowledgeBase) -> None:
    sets = batch.distinct_sets(base, 12)
    assert len(set(sets)) == 12
    for one in sets:
        assert one == tuple(notation(item) for item in canonical(one, base.observations))


def test_incidents_are_the_sets_by_zipfs_law() -> None:
    sets = [(str(n), f"{n}b") for n in range(50)]
    table = batch.incidents(sets, 20_000)
    found = Counter(tuple(sorted(one)) for one in table["observations"].to_pylist())
    assert set(found) == set(sets)
    assert found[sets[0]] / found[sets[9]] == pytest.approx(10, rel=0.2)


def test_clips_fires_the_same_rules(base: cr.KnowledgeBase) -> None:
    assert batch.clips_run(base, batch.distinct_sets(base, 12)).rows == 12


def test_a_billion_rows_follow_from_what_a_row_and_a_set_take() -> None:
    runs = [
        batch.Run(rows, 1.0, 5.0 + rows * 36e-6 + sets * 0.036, 1.0)
        for rows, sets in ((1000, 100), (9000, 200))
    ]
    page = batch._billion(batch.Run(1, 1.0, 5.0, 1.0), *runs, [100, 200], 90.0)
    assert "A row takes 36 us of a CPU, a distinct set 36.0 ms" in page
    assert "| 10,000,000 | 100 | 110.00 | 1.10 | 100.10 |" in page
