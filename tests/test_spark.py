"""The batch function on a local Spark session with several partitions. Needs pyspark and Java."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import campaign_rules as cr
from campaign_rules.batch import diagnose_table
from campaign_rules.errors import InputError
from tests.batch.small_incidents import incidents
from tests.batch.test_pages import diagnoses, snippet
from tests.rule_bases import write_rule_base

sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("java") or os.environ.get("JAVA_HOME")), reason="there is no Java runtime"
    ),
    pytest.mark.filterwarnings("default"),  # pyspark's own
]

PARTITIONS = 6
ROWS = 300


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        built = (
            sql.SparkSession.builder.master("local[2]")
            .appName("tests")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.execution.arrow.maxRecordsPerBatch", "16")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate()
        )
        yield built
        built.stop()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> cr.KnowledgeBase:
    """The small rule base; the workers have no such folder to read it from."""
    folder = write_rule_base(tmp_path_factory.mktemp("rules") / "small")
    loaded = cr.load_knowledge(folder)
    shutil.rmtree(folder)
    return loaded


@pytest.fixture(scope="module")
def frame(session: Any) -> Any:
    rows = [(n, row["id"], row["observations"]) for n, row in enumerate(incidents(ROWS))]
    columns = "number long, id string, observations array<string>"
    return session.createDataFrame(rows, columns).repartition(PARTITIONS)


def test_the_rows_and_results_are_those_of_one_process(frame: Any, base: cr.KnowledgeBase) -> None:
    from campaign_rules.spark import diagnose_dataframe

    found = diagnose_dataframe(frame, knowledge=base, language="it", keep=["number", "id"])
    assert found.rdd.getNumPartitions() == PARTITIONS
    rows = [{"number": n, **row} for n, row in enumerate(incidents(ROWS))]
    expected = diagnose_table(
        pa.Table.from_pylist(rows), knowledge=base, language="it", keep=["number", "id"]
    )
    assert found.columns == expected.column_names
    assert found.toArrow().cast(expected.schema).sort_by("number").to_pylist() == expected.to_pylist()


def test_bad_rows_fail_no_task(frame: Any, base: cr.KnowledgeBase) -> None:
    from campaign_rules.spark import diagnose_dataframe

    found = diagnose_dataframe(frame, knowledge=base)
    bad = [row.id for row in found.where("error is not null").collect()]
    assert sorted(bad) == sorted(f"INC-{n}" for n in range(ROWS) if n % 8 in (4, 6, 7))


def test_the_shipped_rules_diagnose_tickets(session: Any) -> None:
    from campaign_rules.spark import diagnose_dataframe

    tickets = session.createDataFrame([("No e-mail is sent any more since this morning.",)], "ticket string")
    (row,) = diagnose_dataframe(tickets).collect()
    assert (row.error, row.root_module) == (None, "mta")
    assert row.plan[0].action


def test_each_worker_unpacks_the_knowledge_base_once(frame: Any, base: cr.KnowledgeBase) -> None:
    from campaign_rules.spark import diagnose_dataframe

    before = _unpacked_by_worker(frame)
    for _ in range(2):
        found = diagnose_dataframe(frame, knowledge=base, remembered=77)
        found.write.format("noop").mode("overwrite").save()
    after = _unpacked_by_worker(frame)
    calls = {worker: (hits, misses) for worker, (hits, misses) in after.items()}
    for worker, (hits, misses) in before.items():
        if worker in calls:
            calls[worker] = (calls[worker][0] - hits, calls[worker][1] - misses)
    assert all(misses <= 1 for _, misses in calls.values())
    assert sum(hits for hits, _ in calls.values()) >= PARTITIONS


def _unpacked_by_worker(frame: Any) -> dict[int, tuple[int, int]]:
    """Return, by process, how often a diagnoser was there already, and how often it had to be unpacked."""

    def probe(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from campaign_rules.spark import _unpacked

        for _ in batches:
            pass
        info = _unpacked.cache_info()
        yield pa.RecordBatch.from_pylist([{"worker": os.getpid(), "hits": info.hits, "misses": info.misses}])

    rows = frame.mapInArrow(probe, "worker long, hits long, misses long").collect()
    return {row.worker: (row.hits, row.misses) for row in rows}


def test_wrong_columns_are_refused_before_anything_runs(session: Any, base: cr.KnowledgeBase) -> None:
    from campaign_rules.spark import diagnose_dataframe

    numbers = session.createDataFrame([(5,)], "observations long")
    with pytest.raises(InputError, match="column 'observations' is of type int64, but must hold lists"):
        diagnose_dataframe(numbers, knowledge=base)
    with pytest.raises(InputError, match="no column 'observations' and no column 'ticket'"):
        diagnose_dataframe(numbers.toDF("observation"), knowledge=base)
    with pytest.raises(InputError, match="cannot be kept"):
        diagnose_dataframe(numbers.toDF("ticket").selectExpr("'x' as ticket", "1 as plan"), keep=["plan"])


def test_the_page_on_clusters_is_right(session: Any, tmp_path: Path) -> None:
    assert diagnoses(snippet("on a Spark session"), tmp_path, {"spark": session}) == {"stat"}
