"""Every Python block, command output and file of the documentation is what it claims to be."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import campaign_rules as cr
from tests.documented import PAGES, ROOT, reader_folder, with_real_outputs


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_shows_what_really_comes_out(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    with reader_folder():
        assert with_real_outputs(text) == text, "run: python -m tests.documented"


@pytest.mark.parametrize(
    ("shown", "real"),
    [
        (
            "```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n",
            "```python\nprint(1 + 1)\n```\n\n```text\n2\n```\n",
        ),
        ("```python\nprint(5)\n```\n```text\n```\n", "```python\nprint(5)\n```\n```text\n5\n```\n"),
    ],
)
def test_a_wrong_output_is_replaced(shown: str, real: str) -> None:
    assert with_real_outputs(shown) == real


def test_blocks_of_a_page_share_their_names() -> None:
    page = "```python\nx = 5\n```\nand\n```python\nprint(x)\n```\n```text\n5\n```\n"
    assert with_real_outputs(page) == page


def test_a_text_block_that_is_no_output_is_left_alone() -> None:
    page = "```python\nprint(1)\n```\nA formula:\n```text\na = b\n```\n"
    assert with_real_outputs(page) == page


def test_a_failing_block_fails_its_page() -> None:
    with pytest.raises(ZeroDivisionError):
        with_real_outputs("```python\n1 / 0\n```\n")


def test_the_readme_shows_the_output_of_its_first_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command = readme.split("<!-- output: ")[1].split(" -->")[0]
    first = readme.split("<!-- command: diagnose -->")[1].split("```")[1]
    assert first.strip().endswith(command)


def test_the_result_schema_page_lists_the_keys_of_a_real_result() -> None:
    page = (ROOT / "docs" / "reference" / "result.md").read_text(encoding="utf-8")
    first, *parts = re.split(r"^## .*$", page, flags=re.MULTILINE)[1:]
    listed = [re.findall(r"^\| `(\w+)` \|", part, flags=re.MULTILINE) for part in (first, *parts)]
    result = cr.diagnose(["mails-not-sent", "process-missing-stat"]).to_dict()
    entries = [result[key][0] for key in ("observations", "suspects", "plan", "next_checks", "proof")]
    assert listed == [list(keys) for keys in (result, *entries)]


def test_every_page_is_in_the_navigation() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    listed = {page for page in _leaves(yaml.safe_load(text)["nav"]) if not page.startswith("catalogue/")}
    written = {page.relative_to(ROOT / "docs").as_posix() for page in PAGES[1:]}
    assert listed == written


def _leaves(entry: Any) -> list[str]:
    if isinstance(entry, str):
        return [entry]
    parts = entry.values() if isinstance(entry, dict) else entry
    return [leaf for part in parts for leaf in _leaves(part)]
