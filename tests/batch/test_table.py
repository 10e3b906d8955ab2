"""Tables of incidents: what may come in, what comes out, and what it rests on."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import pyarrow as pa
import pytest

import campaign_rules as cr
from campaign_rules.batch import (
    BatchDiagnoser,
    diagnose_batches,
    diagnose_table,
    output_schema,
)
from campaign_rules.errors import InputError, UnknownNameError, WorkerError
from tests.batch.small_incidents import SETS, incidents


def test_a_row_holds_what_the_diagnosis_of_its_observations_says(base: cr.KnowledgeBase) -> None:
    table = pa.table({"id": [7], "observations": [["stat-missing@prod", "mails-not-sent"]]})
    (row,) = diagnose_table(table, knowledge=base, language="it", next_checks=True).to_pylist()
    found = cr.diagnose(row["observations"], knowledge=base, language="it").to_dict()
    first = found["suspects"][0]
    assert (row["id"], row["error"]) == (7, None)
    assert (
        (row["root_module"], row["root_instance"]) == (first["module"], first["instance"]) == ("stat", "prod")
    )
    assert (row["root_probability"], row["root_cause"]) == (first["probability"], first["cause"])
    assert row["root_cause_label"] == "stat è fermo"
    for name in ("suspects", "plan", "next_checks"):
        for ours, theirs in zip(row[name], found[name], strict=True):
            assert ours.items() <= theirs.items()
    for name in ("none_probability", "elsewhere_probability", "expected_minutes", "unused", "unexplained"):
        assert row[name] == found[name]


def test_the_proof_is_found_again_from_a_row(base: cr.KnowledgeBase) -> None:
    table = pa.table({"observations": [["queue=1200.0", "!stat-missing@prod", "mails-not-sent"]]})
    (row,) = diagnose_table(table, knowledge=base).to_pylist()
    assert row["observations"] == ["mails-not-sent", "queue=1200", "!stat-missing@prod"]
    assert row["observations_digest"] == sha256("\n".join(row["observations"]).encode()).hexdigest()
    assert row["knowledge_fingerprint"] == base.fingerprint
    again = cr.diagnose(row["observations"], knowledge=base)
    assert {firing.rule for firing in again.firings} == {"no-mail", "stat-runs", "long-queue", "mta-slow"}
    assert again.suspects[0].module == row["root_module"]


def test_next_checks_are_null_unless_asked_for(base: cr.KnowledgeBase) -> None:
    table = pa.table({"observations": [["mails-not-sent"]]})
    assert diagnose_table(table, knowledge=base)["next_checks"].to_pylist() == [None]
    asked = diagnose_table(table, knowledge=base, next_checks=True)["next_checks"].to_pylist()
    assert [check["observation"] for check in asked[0]] == ["stat-missing", "queue"]


def test_nothing_observed_is_a_diagnosis_that_implicates_nothing(base: cr.KnowledgeBase) -> None:
    (row,) = diagnose_table(
        pa.table({"observations": pa.array([[]], pa.list_(pa.string()))}), knowledge=base
    ).to_pylist()
    assert (row["error"], row["root_module"], row["suspects"], row["observations"]) == (None, None, [], [])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"observations": ["mails-not-snt"]}, "unknown observation 'mails-not-snt' (did you mean 'mails"),
        ({"observations": ["queue=much"]}, "value of 'queue' is 'much', but must be a number"),
        ({"observations": ["mails-not-sent", None]}, "cannot read observation ''"),
        ({"observations": None, "ticket": None}, "neither observations nor the text of a ticket"),
    ],
)  # fmt: skip
def test_a_bad_row_says_why_and_the_others_are_diagnosed(
    base: cr.KnowledgeBase, row: dict[str, Any], reason: str
) -> None:
    good = {"id": "good", "observations": ["mails-not-sent"], "ticket": None}
    table = pa.Table.from_pylist([{"id": "bad", "ticket": None, **row}, good])
    first, second = diagnose_table(table, knowledge=base).to_pylist()
    assert first.pop("error").startswith(reason)
    assert first.pop("id") == "bad"
    assert set(first.values()) == {None}
    assert (second["error"], second["root_module"]) == (None, "mta")


def test_a_fault_of_the_library_ends_as_one_bad_row(
    base: cr.KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    from campaign_rules.batch import work

    real = work.diagnose

    def failing(observations: Any, **options: Any) -> cr.Diagnosis:
        if observations == ("queue=5",):
            raise ZeroDivisionError("by nothing")
        return real(observations, **options)

    monkeypatch.setattr(work, "diagnose", failing)
    found = diagnose_table(pa.table({"observations": [["queue=5"], ["queue=6"]]}), knowledge=base)
    assert found["error"].to_pylist() == [
        "unexpected ZeroDivisionError: by nothing (a fault of campaign-rules; please report it)",
        None,
    ]


def test_equal_sets_are_diagnosed_once(
    base: cr.KnowledgeBase, small_windows: int, diagnosed_sets: list[tuple[str, ...]]
) -> None:
    diagnose_table(pa.Table.from_pylist(incidents(10 * small_windows)), knowledge=base)
    assert len(diagnosed_sets) == len(set(diagnosed_sets)) == 5


def test_a_ticket_and_observations_that_say_the_same_are_diagnosed_once(
    base: cr.KnowledgeBase, diagnosed_sets: list[tuple[str, ...]]
) -> None:
    table = pa.table(
        {
            "observations": [["mails-not-sent"], None, ["stat-missing"]],
            "ticket": [None, "Mails not sent!", "Mails not sent."],
        }
    )
    found = diagnose_table(table, knowledge=base).to_pylist()
    assert found[0] == found[1]
    assert found[2]["observations"] == ["mails-not-sent", "stat-missing"]
    assert diagnosed_sets == [("mails-not-sent",), ("mails-not-sent", "stat-missing")]


def test_the_text_of_a_ticket_does_not_come_out_unless_kept(base: cr.KnowledgeBase) -> None:
    secret = "Mails not sent since Jane Roe of example.com left"
    table = pa.table({"id": [1], "ticket": [secret]})
    assert "Roe" not in str(diagnose_table(table, knowledge=base).to_pylist())
    kept = diagnose_table(table, knowledge=base, keep=["ticket"])
    assert (kept.column_names[0], kept["ticket"].to_pylist()) == ("ticket", [secret])


def test_a_diagnoser_remembers_from_call_to_call(
    base: cr.KnowledgeBase, diagnosed_sets: list[tuple[str, ...]]
) -> None:
    diagnoser = BatchDiagnoser(knowledge=base)
    table = pa.table({"observations": [["mails-not-sent"]]})
    assert diagnoser(table) == diagnoser(table)
    assert len(diagnosed_sets) == 1


def test_what_is_remembered_is_bounded_and_the_result_the_same(
    base: cr.KnowledgeBase, small_windows: int, diagnosed_sets: list[tuple[str, ...]]
) -> None:
    rows = [{"id": n, "observations": [f"queue={n % 40}"]} for n in range(400)]
    table = pa.Table.from_pylist(rows)
    bounded = BatchDiagnoser(knowledge=base, remembered=20)
    found = bounded(table)
    assert len(bounded._memo) <= 20 + 2 * small_windows
    assert len(diagnosed_sets) == 400, "each set comes again after it was forgotten"
    assert found == diagnose_table(table, knowledge=base)


def test_a_pickled_diagnoser_gives_the_same(base: cr.KnowledgeBase) -> None:
    table = pa.Table.from_pylist(incidents(30))
    diagnoser = BatchDiagnoser(knowledge=base, language="it", keep=["observations"], remembered=99)
    with pytest.raises(InputError, match="cannot be kept"):
        pickle.loads(pickle.dumps(diagnoser))(table)
    diagnoser = BatchDiagnoser(knowledge=base, language="it")
    assert pickle.loads(pickle.dumps(diagnoser))(table) == diagnoser(table)


def test_several_processes_give_what_one_gives(base: cr.KnowledgeBase, small_windows: int) -> None:
    rows = [{**row, "ticket": "Mails not sent" if n % 4 else None} for n, row in enumerate(incidents(60))]
    table = pa.Table.from_pylist(rows)
    assert diagnose_table(table, knowledge=base, processes=2) == diagnose_table(table, knowledge=base)


def test_rows_keep_their_order_however_they_are_batched(base: cr.KnowledgeBase, small_windows: int) -> None:
    table = pa.Table.from_pylist(incidents(95))
    whole = diagnose_table(table, knowledge=base)
    assert whole["id"].to_pylist() == table["id"].to_pylist()
    for size in (1, 7, 95):
        pieces = table.to_batches(max_chunksize=size)
        assert pa.Table.from_batches(diagnose_batches(pieces, knowledge=base)) == whole


def test_a_stream_is_read_only_a_little_ahead(base: cr.KnowledgeBase, small_windows: int) -> None:
    drawn = 0

    def endless() -> Iterator[Any]:
        nonlocal drawn
        while True:
            drawn += 1
            yield pa.RecordBatch.from_pylist([{"observations": ["mails-not-sent"]}])

    found = diagnose_batches(endless(), knowledge=base)
    for number in range(1, 6):
        assert next(found).num_rows == small_windows
        assert drawn <= (number + 3) * small_windows


def test_large_rows_are_looked_at_in_smaller_windows(
    base: cr.KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaign_rules.batch.incidents.BYTES", 10_000)
    table = pa.table({"ticket": ["mails not sent " * 100] * 50})
    sizes = [len(batch) for batch in diagnose_batches(table.to_batches(), knowledge=base)]
    assert sum(sizes) == 50
    assert max(sizes) <= 8


@pytest.mark.parametrize(
    "kind",
    [
        pa.list_(pa.string()),
        pa.large_list(pa.large_string()),
        pa.list_(pa.string_view()),
        pa.list_(pa.dictionary(pa.int32(), pa.string())),
        pa.list_(pa.large_string()),
    ],
    ids=str,
)
def test_lists_of_strings_of_any_kind(base: cr.KnowledgeBase, kind: Any) -> None:
    column = pa.array(SETS[:4], pa.list_(pa.string()))
    same = diagnose_table(pa.table({"observations": column}), knowledge=base)
    assert diagnose_table(pa.table({"observations": pa.array(SETS[:4], kind)}), knowledge=base) == same


def test_strings_with_spaces_between_are_lists(base: cr.KnowledgeBase) -> None:
    texts = pa.table({"observations": ["  mails-not-sent \t !stat-missing\n", "queue=5", " ", None]})
    lists = pa.table({"observations": [["mails-not-sent", "!stat-missing"], ["queue=5"], None, None]})
    assert diagnose_table(texts, knowledge=base) == diagnose_table(lists, knowledge=base)


def test_a_slice_is_its_own_rows_only(base: cr.KnowledgeBase) -> None:
    table = pa.Table.from_pylist(incidents(40))
    whole = diagnose_table(table, knowledge=base)
    assert diagnose_table(table.slice(13, 9), knowledge=base) == whole.slice(13, 9).combine_chunks()


def test_columns_by_other_names(base: cr.KnowledgeBase) -> None:
    table = pa.table({"seen": [["mails-not-sent"]], "text": ["stat"], "key": ["k"]})
    found = diagnose_table(table, knowledge=base, observations="seen", ticket="text", keep=["key"])
    assert found.column_names[:2] == ["key", "error"]
    assert found["root_module"].to_pylist() == ["mta"]


def test_an_empty_table_has_the_columns_of_any_other(base: cr.KnowledgeBase) -> None:
    table = pa.Table.from_pylist(incidents(9))
    empty = diagnose_table(table.slice(0, 0), knowledge=base)
    assert empty.schema == diagnose_table(table, knowledge=base).schema
    assert empty.schema == output_schema([pa.field("id", pa.string())])
    assert len(empty) == 0


@pytest.mark.parametrize("library", ["pandas", "polars", "duckdb"])
def test_frames_of_other_libraries(base: cr.KnowledgeBase, library: str) -> None:
    module = pytest.importorskip(library)
    table = pa.Table.from_pylist(incidents(30))
    makers: dict[str, Callable[[], Any]] = {
        "pandas": lambda: module.DataFrame(incidents(30)),
        "polars": lambda: module.DataFrame(incidents(30)),
        "duckdb": lambda: module.from_arrow(table),
    }
    found = diagnose_table(makers[library](), knowledge=base)
    expected = diagnose_table(table, knowledge=base)
    assert found.to_pylist() == expected.to_pylist()


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"observation": [["x"]]}, "no column 'observations' and .* 'ticket' .did you mean 'observation'"),
        ({"observations": [5]}, "column 'observations' is of type int64, but must hold lists of strings"),
        ({"observations": [[5]]}, "column 'observations' is of type list<.*int64>, but must"),
        ({"ticket": [[]]}, "column 'ticket' is of type list<.*null>, but must hold strings"),
    ],
)  # fmt: skip
def test_columns_that_are_missing_or_of_the_wrong_type(
    base: cr.KnowledgeBase, columns: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        diagnose_table(pa.table(columns), knowledge=base)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"keep": ["idd"]}, InputError, r"no column 'idd' to keep \(did you mean 'id'\?\)"),
        ({"keep": "id"}, InputError, "keep must be a list of columns"),
        ({"language": "fi"}, UnknownNameError, "unknown language 'fi'"),
        ({"processes": 0}, InputError, "processes must be 1 or more, not 0"),
        ({"remembered": 0}, InputError, "remembered must be 1 or more, not 0"),
    ],
)
def test_options_that_are_wrong(
    base: cr.KnowledgeBase, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        diagnose_table(pa.Table.from_pylist(incidents(1)), knowledge=base, **options)


def test_what_is_no_table(base: cr.KnowledgeBase) -> None:
    with pytest.raises(InputError, match="dict is no table that speaks the Arrow interface"):
        diagnose_table({"observations": [["mails-not-sent"]]}, knowledge=base)


def test_a_column_that_is_there_twice(base: cr.KnowledgeBase) -> None:
    column = pa.array([["mails-not-sent"]])
    table = pa.Table.from_arrays([column, column], ["observations", "observations"])
    with pytest.raises(InputError, match="'observations' is there twice"):
        diagnose_table(table, knowledge=base)


def test_the_death_of_a_worker_is_named(base: cr.KnowledgeBase) -> None:
    from campaign_rules.batch.work import Task
    from campaign_rules.batch.workers import Workers

    with Workers(Task(base), 2) as workers:
        (wait,) = workers.submit(_end_at_once, [1], 1)
        with pytest.raises(WorkerError, match="ended from outside"):
            wait()


def _end_at_once(task: Any, lot: Any) -> None:
    import os
    import signal

    os.kill(os.getpid(), signal.SIGTERM)
