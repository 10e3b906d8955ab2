"""``campaign-rules learn``: an overlay from a table of closed tickets."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import campaign_rules as cr
from campaign_rules.knowledge import differences
from tests.cli.conftest import Line, Lines, Run

HEADER = "id,observations,module,cause\n"
ROWS = "".join(f"{number},mails-not-sent,database,\n" for number in range(60))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "closed.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return path


def test_an_overlay_is_written_and_changes_what_is_announced(run: Run, table: Path, tmp_path: Path) -> None:
    folder = tmp_path / "learnt"
    done = run("learn", str(table), "--output", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    assert "60 tickets learnt from, 0 left out" in done.stdout
    assert "5-fold cross-validation  before  after" in done.stdout
    assert "it counts only where you give --rules" in done.stdout
    found = differences(cr.load_knowledge(), cr.load_knowledge(folder, cache=False))
    assert "database" in {one.id for one in found}
    for one in found:
        assert f"\n  {one.id}" in done.stdout
    assert run("rules", "check", str(folder)).returncode == 0
    observe = ("diagnose", "--observe", "mails-not-sent", "--format", "json")
    assert '"2026.11"' in run(*observe).stdout
    assert '"2026.11+learnt"' in run(*observe, "--rules", str(folder)).stdout


def test_rows_that_cannot_be_used_are_told_by_line(run: Run, table: Path, tmp_path: Path) -> None:
    table.write_text(f"{HEADER}a,mails-not-sent,statt,\nb,mails-not-sen,stat,\nc,,stat,\n{ROWS}")
    done = run("learn", str(table), "--output", str(tmp_path / "learnt"))
    assert done.returncode == 0
    assert "60 tickets learnt from, 3 left out" in done.stdout
    assert done.stderr.splitlines() == [
        f"campaign-rules: {table}:2: unknown module 'statt' (did you mean 'stat'?); left out",
        f"campaign-rules: {table}:3: unknown observation 'mails-not-sen' "
        "(did you mean 'mails-not-sent'?); left out",
        f"campaign-rules: {table}:4: neither a text nor an observation; left out",
    ]


def test_words_of_the_tracker_stand_for_modules(run: Run, table: Path, tmp_path: Path) -> None:
    table.write_text("Komponente;observations\n" + "Versand;mails-not-sent\n" * 10)
    names = tmp_path / "names.yaml"
    names.write_text("Versand: [mta, stat]")
    folder = str(tmp_path / "learnt")
    done = run(
        "learn", str(table), "--module-column", "Komponente", "--names", str(names), "--output", folder
    )
    assert done.returncode == 0
    assert "10 tickets learnt from, 0 left out" in done.stdout


def test_no_overlay_is_written_where_no_word_changes(run: Run, table: Path, tmp_path: Path) -> None:
    table.write_text(HEADER + "".join(ROWS.splitlines(keepends=True)[:2]))
    done = run("learn", str(table), "--folds", "2", "--output", str(tmp_path / "learnt"))
    assert done.returncode == 0
    assert "no overlay is written" in done.stdout
    assert not (tmp_path / "learnt").exists()


def test_a_folder_is_never_overwritten(one_line: Line, table: Path, tmp_path: Path) -> None:
    assert "is there already; name a new folder" in one_line("learn", str(table), "--output", str(tmp_path))


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("ticket,modul\n", (), "1: no column 'module' in ticket, modul (did you mean 'modul'?)"),
        (HEADER, (), "no ticket to learn from; 0 left out"),
        (HEADER + ROWS, ("--folds", "1"), "1 is not in the range x>=2"),
        (HEADER + ROWS, ("--folds", "61"), "60 tickets cannot be dealt into 61 folds"),
        (HEADER + ROWS, ("--names", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_unusable_input_is_one_line(
    one_line: Line, table: Path, tmp_path: Path, content: str, options: tuple[str, ...], message: str
) -> None:
    table.write_text(content)
    assert message in one_line("learn", str(table), "--output", str(tmp_path / "learnt"), *options)
    assert not (tmp_path / "learnt").exists()


def test_a_table_that_does_not_exist_is_named(one_line: Line, tmp_path: Path) -> None:
    assert "nowhere.csv" in one_line("learn", "nowhere.csv", "--output", str(tmp_path / "learnt"))


def test_a_table_without_any_usable_row_tells_each(fails: Lines, table: Path, tmp_path: Path) -> None:
    table.write_text(f"{HEADER}a,,stat,\nb,,mta,\n")
    lines = fails("learn", str(table), "--output", str(tmp_path / "learnt"))
    assert len(lines) == 3
    assert lines[-1].endswith("no ticket to learn from; 2 left out")


def test_a_bar_shows_how_far_it_is_on_a_terminal(
    run: Run, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    done = run("learn", str(table), "--output", str(tmp_path / "learnt"))
    assert done.returncode == 0
    assert "tickets  [" in done.stderr
    assert "100%" in done.stderr
