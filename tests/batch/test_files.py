"""Files of incidents: every format to every format, bad rows, interruption, and what is refused."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import campaign_rules as cr
from campaign_rules.batch import diagnose_file, diagnose_table
from campaign_rules.errors import InputError
from tests.batch.small_incidents import Rows, incidents, write_incidents

FORMATS = ["parquet", "csv", "jsonl"]


def read(path: Path) -> Rows:
    """Return the rows of a file as Python values."""
    if path.suffix == ".parquet":
        return list(pq.read_table(path).to_pylist())
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Stop(Exception):
    """Raised to interrupt a run."""


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("source", FORMATS)
def test_a_file_gives_what_a_table_gives(
    base: cr.KnowledgeBase, tmp_path: Path, small_windows: int, source: str, target: str
) -> None:
    rows = [{**row, "observations": row["observations"] or None} for row in incidents(5 * small_windows + 3)]
    expected = diagnose_table(pa.Table.from_pylist(rows), knowledge=base).to_pylist()
    written = write_incidents(tmp_path / f"in.{source}", rows)
    done = diagnose_file(written, tmp_path / f"out.{target}", knowledge=base)
    found = read(tmp_path / f"out.{target}")
    if target == "csv":
        assert [list(row) for row in found] == [list(row) for row in expected]
        pairs = zip(found, expected, strict=True)
        found = [{name: _value(row[name], like[name]) for name in row} for row, like in pairs]
    assert found == expected
    assert (done.rows, done.resumed) == (len(rows), 0)
    assert done.bad == sum(bool(row["error"]) for row in found) > 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        written.name,
        f"out.{target}",
        f"out.{target}.bad.jsonl",
    ]


def test_a_parquet_file_has_the_columns_of_a_table(base: cr.KnowledgeBase, tmp_path: Path) -> None:
    table = pa.table({"id": pa.array([5], pa.duration("s")), "observations": [["mails-not-sent"]]})
    pq.write_table(table, tmp_path / "in.parquet")
    diagnose_file(tmp_path / "in.parquet", tmp_path / "out.parquet", knowledge=base)
    found = pq.read_table(tmp_path / "out.parquet")
    assert found == diagnose_table(table, knowledge=base)


def _value(cell: str, like: Any) -> Any:
    """Return what a cell holds, where a value of the type of `like` is expected."""
    if isinstance(like, list):
        return json.loads(cell)
    if isinstance(like, float):
        return float(cell)
    return None if like is None and not cell else cell


def test_bad_rows_are_listed_beside_the_output(
    base: cr.KnowledgeBase, tmp_path: Path, small_windows: int
) -> None:
    source = write_incidents(tmp_path / "in.parquet", incidents(20))
    done = diagnose_file(source, tmp_path / "out.parquet", knowledge=base)
    listed = read(done.bad_rows)
    assert [(bad["row"], bad["id"]) for bad in listed] == [
        (n + 1, f"INC-{n}") for n in range(20) if n % 8 in (4, 6, 7)
    ]
    assert listed[1]["error"] == "unknown observation 'mails-not-snt' (did you mean 'mails-not-sent'?)"


def test_the_list_of_an_earlier_run_goes_when_no_row_is_bad(base: cr.KnowledgeBase, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    assert diagnose_file(write_incidents(tmp_path / "a.csv", incidents(8)), target, knowledge=base).bad
    done = diagnose_file(write_incidents(tmp_path / "b.csv", incidents(3)), target, knowledge=base)
    assert not done.bad
    assert not done.bad_rows.exists()


def test_lines_that_are_no_incidents_are_bad_rows(base: cr.KnowledgeBase, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    lines = [
        b'{"id": 1, "observations": ["mails-not-sent"]}',
        b"",
        b'{"id": 2, "observations": ["mails',
        b'{"id": 3, "observations": [5]}',
        b'{"id": 4, "ticket": 5}',
        b"[]",
        b'{"id": "\xff"}',
        b'{"id": {"a": "\\ud800"}, "observations": "mails-not-sent stat-missing"}',
        b'{"ticket": "mails not sent"}',
        b'{"id": null, "ticket": "mails not sent \\ud800"}',
    ]
    source.write_bytes(b"\n".join(lines))
    diagnose_file(source, tmp_path / "out.jsonl", knowledge=base)
    found = [(row["id"], (row["error"] or row["root_module"])[:37]) for row in read(tmp_path / "out.jsonl")]
    assert found == [
        (1, "mta"),
        (None, "line 3: no JSON: Unterminated string "),
        (3, "line 4: 'observations' must be a list"),
        (4, "line 5: 'ticket' must be a string"),
        (None, "line 6: no JSON object"),
        (None, "line 7: not UTF-8"),
        ({"a": "\ud800"}, "stat"),
        (None, "mta"),
        (None, "mta"),
    ]


def test_rows_of_csv_that_are_no_incidents(base: cr.KnowledgeBase, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    long = "mails not sent\n" + "x" * 200_000
    source.write_bytes(
        b"\xef\xbb\xbfid,observations,ticket\r\n"
        b"a,mails-not-sent  !stat-missing,\r\n"
        b"\r\n"
        b'b,"queue=5\nmails-not-sent",""\r\n'
        b"c,mails-not-sent\r\n"
        b"d,,,\r\n"
        b"\xe9,,mails not sent\r\n"
        b'e,,"' + long.encode() + b'"\r\n'
    )
    limit = csv.field_size_limit()
    diagnose_file(source, tmp_path / "out.csv", knowledge=base)
    assert csv.field_size_limit() == limit
    found = [(row["id"], row["error"] or row["observations"]) for row in read(tmp_path / "out.csv")]
    assert found == [
        ("a", '["mails-not-sent", "!stat-missing"]'),
        ("b", '["mails-not-sent", "queue=5"]'),
        ("c", "line 6: 2 cells instead of 3"),
        ("d", "line 7: 4 cells instead of 3"),
        ("\ufffd", "line 8: not UTF-8"),
        ("e", '["mails-not-sent"]'),
    ]


@pytest.mark.parametrize("target", FORMATS)
def test_kept_columns_have_their_types(base: cr.KnowledgeBase, tmp_path: Path, target: str) -> None:
    rows = [{"id": 5, "tags": ["a"], "observations": ["mails-not-sent"]}, {"id": None, "tags": None}]
    for source in ("parquet", "jsonl"):
        written = write_incidents(tmp_path / f"in.{source}", rows)
        diagnose_file(written, tmp_path / f"out.{target}", knowledge=base, keep=["tags", "id"])
        found = [[row["tags"], row["id"]] for row in read(tmp_path / f"out.{target}")]
        typed = source == target or (source, target) == ("parquet", "jsonl")
        assert found[0] == ([["a"], 5] if typed else ['["a"]', "5"])
        assert found[1] == (["", ""] if target == "csv" else [None, None])


@pytest.mark.parametrize("target", FORMATS)
def test_a_kept_column_of_categories(base: cr.KnowledgeBase, tmp_path: Path, target: str) -> None:
    names = pa.array(["a", "b", "a"]).dictionary_encode()
    table = pa.table({"id": names, "observations": [["mails-not-sent"]] * 3})
    pq.write_table(table, tmp_path / "in.parquet")
    diagnose_file(tmp_path / "in.parquet", tmp_path / f"out.{target}", knowledge=base)
    assert [row["id"] for row in read(tmp_path / f"out.{target}")] == ["a", "b", "a"]


@pytest.mark.parametrize("target", FORMATS)
def test_a_file_without_columns_to_keep(base: cr.KnowledgeBase, tmp_path: Path, target: str) -> None:
    rows = [{"observations": row["observations"]} for row in incidents(12)]
    source = write_incidents(tmp_path / "in.jsonl", rows)
    done = diagnose_file(source, tmp_path / f"out.{target}", knowledge=base)
    found = read(tmp_path / f"out.{target}")
    assert len(found) == 12
    assert next(iter(found[0])) == "error"
    assert [bad["row"] for bad in read(done.bad_rows)] == [5, 7, 8]


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("source", FORMATS)
@pytest.mark.parametrize("at", [("diagnosing", 30), ("writing", 20)], ids=str)
def test_an_interrupted_run_goes_on_and_writes_the_same_file(
    base: cr.KnowledgeBase,
    tmp_path: Path,
    small_windows: int,
    diagnosed_sets: list[tuple[str, ...]],
    source: str,
    target: str,
    at: tuple[str, int],
) -> None:
    rows = [{"id": str(n), "observations": [f"queue={n}"]} for n in range(55)]
    written = write_incidents(tmp_path / f"in.{source}", rows)
    whole, broken = tmp_path / f"whole.{target}", tmp_path / f"broken.{target}"
    diagnose_file(written, whole, knowledge=base)
    diagnosed_sets.clear()

    def progress(doing: str, done: int, total: int) -> None:
        assert done <= total
        if (doing, done) == at:
            raise Stop

    with pytest.raises(Stop):
        diagnose_file(written, broken, knowledge=base, progress=progress)
    assert not broken.exists()
    before = len(diagnosed_sets)
    done = diagnose_file(written, broken, knowledge=base)
    assert done.resumed == (30 if at[0] == "diagnosing" else 55)
    assert len(diagnosed_sets) - before == 55 - done.resumed
    assert broken.read_bytes() == whole.read_bytes()
    assert not list(tmp_path.glob("*.unfinished"))


def test_what_was_done_before_an_interruption_is_remembered(
    base: cr.KnowledgeBase, tmp_path: Path, small_windows: int, diagnosed_sets: list[tuple[str, ...]]
) -> None:
    source = write_incidents(tmp_path / "in.csv", incidents(60))

    def progress(doing: str, done: int, total: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        diagnose_file(source, tmp_path / "out.csv", knowledge=base, progress=progress)
    diagnosed_sets.clear()
    assert diagnose_file(source, tmp_path / "out.csv", knowledge=base).resumed == small_windows
    assert ("mails-not-sent",) not in diagnosed_sets


_KILLED = """
import os, signal, sys
import campaign_rules as cr
from campaign_rules.batch import diagnose_file, incidents

def progress(doing, done, total):
    if done >= 30:
        os.kill(os.getpid(), signal.SIGKILL)

incidents.ROWS = 10
source, target, rules = sys.argv[1:]
diagnose_file(source, target, knowledge=cr.load_knowledge(rules), progress=progress)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_a_killed_run_goes_on_where_it_stopped(
    base: cr.KnowledgeBase, rules: Path, tmp_path: Path, small_windows: int
) -> None:
    source = write_incidents(tmp_path / "in.parquet", incidents(75))
    whole, killed = tmp_path / "whole.parquet", tmp_path / "killed.parquet"
    diagnose_file(source, whole, knowledge=base)
    run = subprocess.run([sys.executable, "-c", _KILLED, str(source), str(killed), str(rules)], check=False)
    assert run.returncode == -signal.SIGKILL
    assert diagnose_file(source, killed, knowledge=base).resumed == 30
    assert killed.read_bytes() == whole.read_bytes()


def test_a_part_that_was_being_written_does_not_count(
    base: cr.KnowledgeBase, tmp_path: Path, small_windows: int
) -> None:
    source = write_incidents(tmp_path / "in.csv", incidents(40))
    whole, target = tmp_path / "whole.csv", tmp_path / "out.csv"
    diagnose_file(source, whole, knowledge=base)
    _interrupt(source, target, base, 20)
    parts = tmp_path / "out.csv.unfinished"
    (parts / "000000000000020-000000000000030.arrow.draft").write_bytes(b"half of")
    (parts / "000000000000030-000000000000040.arrow").write_bytes(b"after a gap")
    assert diagnose_file(source, target, knowledge=base).resumed == 20
    assert target.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("input", "another input"),
        ("rules", "another rule base"),
        ("language", "another choice of options"),
        ("everything", "another input and another rule base and another choice of options"),
    ],
)
def test_an_unfinished_run_of_something_else_is_refused(
    base: cr.KnowledgeBase, rules: Path, tmp_path: Path, small_windows: int, change: str, named: str
) -> None:
    source, target = write_incidents(tmp_path / "in.csv", incidents(40)), tmp_path / "out.csv"
    _interrupt(source, target, base, 20)
    options: dict[str, Any] = {"knowledge": base}
    if change in ("input", "everything"):
        source.write_text(source.read_text().replace("INC-39", "INC-X"))
    if change in ("rules", "everything"):
        overlay = tmp_path / "overlay"
        overlay.mkdir()
        for path in rules.rglob("*.yaml"):
            (overlay / path.relative_to(rules)).parent.mkdir(exist_ok=True)
            (overlay / path.relative_to(rules)).write_text(path.read_text().replace('"1"', '"2"'))
        options["knowledge"] = cr.load_knowledge(overlay)
    if change in ("language", "everything"):
        options["language"] = "it"
    with pytest.raises(InputError, match=f"unfinished run with {named}; undo the change, or begin anew"):
        diagnose_file(source, target, **options)
    done = diagnose_file(source, target, **options, restart=True)
    assert (done.rows, done.resumed) == (40, 0)


def test_a_damaged_part_is_named(base: cr.KnowledgeBase, tmp_path: Path, small_windows: int) -> None:
    source, target = write_incidents(tmp_path / "in.csv", incidents(40)), tmp_path / "out.csv"
    _interrupt(source, target, base, 20)
    part = tmp_path / "out.csv.unfinished" / "000000000000000-000000000000010.arrow"
    part.write_bytes(part.read_bytes()[:100])
    with pytest.raises(InputError, match=f"{part.name}: damaged"):
        diagnose_file(source, target, knowledge=base)


def test_a_file_that_is_damaged_further_on(base: cr.KnowledgeBase, tmp_path: Path) -> None:
    source = write_incidents(tmp_path / "in.parquet", incidents(500))
    content = bytearray(source.read_bytes())
    content[200:5000] = bytes(4800)
    source.write_bytes(content)
    with pytest.raises(InputError, match=r"in\.parquet: cannot be read any further: ."):
        diagnose_file(source, tmp_path / "out.csv", knowledge=base)


def test_a_folder_of_somebody_else_is_left_alone(base: cr.KnowledgeBase, tmp_path: Path) -> None:
    folder = tmp_path / "out.csv.unfinished"
    folder.mkdir()
    (folder / "run.json").write_text("no JSON")
    (folder / "thesis.tex").write_text("years of work")
    with pytest.raises(InputError, match=r"run\.json: damaged; begin anew with --restart"):
        diagnose_file(
            write_incidents(tmp_path / "in.csv", incidents(3)), tmp_path / "out.csv", knowledge=base
        )
    assert (folder / "thesis.tex").exists()


def _interrupt(source: Path, target: Path, base: cr.KnowledgeBase, after: int) -> None:
    def progress(doing: str, done: int, total: int) -> None:
        if done >= after:
            raise Stop

    with pytest.raises(Stop):
        diagnose_file(source, target, knowledge=base, progress=progress)


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("no.csv", "out.csv", "no.csv: no such file"),
        ("in.txt", "out.csv", "in.txt: unknown format '.txt'; the name must end in .parquet, .pq, .csv"),
        ("in.csv", "out.parket", r"out.parket: unknown format '.parket' \(did you mean '.parquet'\?\)"),
        ("in.csv", "in.csv", "in.csv: is the input; write to another file"),
        ("in.csv", "no/out.csv", "out.csv: cannot be written: no such folder"),
        ("in.csv", "folder.csv", "folder.csv: cannot be written: .* or a folder itself"),
        ("folder.csv", "out.csv", "folder.csv: cannot be read: Is a directory"),
        ("broken.parquet", "out.csv", "broken.parquet: cannot be read as Parquet"),
        ("typed.parquet", "out.csv", "typed.parquet: column 'observations' is of type int64, but must"),
        (
            "other.csv",
            "out.csv",
            r"other.csv: no column 'observations' and no column 'ticket' \(did you mean",
        ),
        ("other.jsonl", "out.csv", "other.jsonl: no column 'observations' and no column 'ticket'"),
        ("empty.csv", "out.csv", "empty.csv: no column 'observations'"),
    ],
)
def test_files_that_cannot_be_used(
    base: cr.KnowledgeBase, tmp_path: Path, source: str, target: str, message: str
) -> None:
    write_incidents(tmp_path / "in.csv", incidents(3))
    write_incidents(tmp_path / "typed.parquet", [{"observations": 5}])
    write_incidents(tmp_path / "other.csv", [{"tickets": "x"}])
    write_incidents(tmp_path / "other.jsonl", [{"name": "x"}])
    (tmp_path / "in.txt").write_text("x")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "broken.parquet").write_text("x")
    (tmp_path / "folder.csv").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(InputError, match=message):
        diagnose_file(tmp_path / source, tmp_path / target, knowledge=base)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_column_that_would_hide_a_result_is_refused(base: cr.KnowledgeBase, tmp_path: Path) -> None:
    source = write_incidents(tmp_path / "in.csv", incidents(3))
    with pytest.raises(
        InputError, match="'observations' cannot be kept: the result has a column of that name"
    ):
        diagnose_file(source, tmp_path / "out.csv", knowledge=base, keep=["observations"])


def test_an_output_that_cannot_be_written(base: cr.KnowledgeBase, tmp_path: Path) -> None:
    source = write_incidents(tmp_path / "in.csv", incidents(3))
    (tmp_path / "out.csv.unfinished").write_text("a file where the folder should be")
    with pytest.raises(InputError, match=r"out\.csv: cannot be written: Not a directory"):
        diagnose_file(source, tmp_path / "out.csv", knowledge=base)
