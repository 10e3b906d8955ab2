from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.tables import put, table


def test_numbers_stand_right_and_have_three_places() -> None:
    assert table(["a", "b"], [("x", 0.12345), ("y", 7)]) == "| a | b |\n|---|---:|\n| x | 0.123 |\n| y | 7 |"


def test_a_table_replaces_what_stood_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- one: begin -->\nold\n<!-- one: end -->\nafter\n", encoding="utf-8")
    put(page, "one", r"new \1")
    expected = "before\n<!-- one: begin -->\n\nnew \\1\n\n<!-- one: end -->\nafter\n"
    assert page.read_text(encoding="utf-8") == expected
    put(page, "one", r"new \1")
    assert page.read_text(encoding="utf-8") == expected
    with pytest.raises(ValueError, match="no marks for 'two'"):
        put(page, "two", "new")
