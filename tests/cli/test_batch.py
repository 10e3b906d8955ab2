"""``campaign-rules batch`` as a person meets it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Done, Run
from tests.rule_bases import write_rule_base

CSV = "id,text,observations\n1,,mails-not-sent\n2,Mails not sent!,\n3,,mails-not-snt\n"


@pytest.fixture
def batch(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in a folder with the small rule base and a file of three incidents."""
    write_rule_base(tmp_path / "rules")
    (tmp_path / "in.csv").write_text(CSV)
    monkeypatch.chdir(tmp_path)

    def batch(*arguments: str) -> Done:
        return run("batch", "--rules", "rules", "--processes", "1", *arguments, cwd=tmp_path)

    return batch


def rows(path: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


def test_a_file_is_diagnosed_and_bad_rows_are_told(batch: Run) -> None:
    done = batch("in.csv", "out.jsonl", "--ticket", "text", "--keep", "text", "--keep", "id")
    assert (done.returncode, done.stdout) == (0, "out.jsonl: 3 rows\n")
    assert done.stderr == "campaign-rules: 1 of 3 rows have no diagnosis: out.jsonl.bad.jsonl tells why\n"
    assert [list(row)[:3] for row in rows("out.jsonl")] == [["text", "id", "error"]] * 3
    assert [row["root_module"] for row in rows("out.jsonl")] == ["mta", "mta", None]
    assert rows("out.jsonl.bad.jsonl") == [
        {
            "row": 3,
            "text": None,
            "id": "3",
            "error": "unknown observation 'mails-not-snt' (did you mean 'mails-not-sent'?)",
        }
    ]


def test_language_and_next_checks(batch: Run) -> None:
    assert batch("in.csv", "out.jsonl", "--language", "it", "--next-checks").returncode == 0
    first = rows("out.jsonl")[0]
    assert first["next_checks"][0]["question"] == "stat non gira?"  # type: ignore[index]


def test_an_interrupted_run_says_how_to_go_on(batch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from campaign_rules.batch import parts

    real = parts.Parts.read

    def stopping(self: parts.Parts) -> object:
        if self.files():
            raise KeyboardInterrupt
        return real(self)

    with monkeypatch.context() as patch:
        patch.setattr(parts.Parts, "read", stopping)
        done = batch("in.csv", "out.csv")
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "campaign-rules: interrupted; the same command goes on where this one stopped\n"
    assert batch("in.csv", "out.csv").stdout == "out.csv: 3 rows, 3 of them by an earlier run\n"


def test_an_unfinished_run_of_something_else_needs_restart(batch: Run) -> None:
    Path("out.csv.unfinished").mkdir()
    Path("out.csv.unfinished/run.json").write_text('{"input": "another"}')
    done = batch("in.csv", "out.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("campaign-rules: out.csv.unfinished: holds an unfinished run with another ")
    assert len(done.stderr.splitlines()) == 1
    assert batch("in.csv", "out.csv", "--restart").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["no.csv", "out.csv"], "no.csv: no such file"),
        (["in.csv", "out.parqet"], "out.parqet: unknown format '.parqet' (did you mean '.parquet'?)"),
        (["in.csv", "out.csv", "--keep", "idd"], "in.csv: no column 'idd' to keep (did you mean 'id'?)"),
        (["in.csv", "out.csv", "--observations", "x"], "in.csv: no column 'x' and no column 'ticket'"),
        (["in.csv", "out.csv", "--processes", "0"], "processes must be 1 or more, not 0"),
        (["in.csv", "out.csv", "--language", "fi"], "unknown language 'fi'"),
        (["in.csv"], "Missing argument 'OUT'."),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told_in_one_line(batch: Run, arguments: list[str], line: str) -> None:
    done = batch(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"campaign-rules: {line}")
    assert len(done.stderr.splitlines()) == 1


def test_a_missing_package_is_named(batch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("campaign_rules.batch.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = batch("in.csv", "out.csv")
    hint = "pip install 'campaign-rules[batch]'"
    assert done.stderr == f"campaign-rules: batch needs the package pyarrow: {hint}\n"
