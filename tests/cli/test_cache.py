"""Whole processes: what the command line prints does not depend on what was kept, and little is loaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.rule_bases import write_rule_base

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_rule_base(tmp_path / "rules")


def python(code: str, cache: str, *arguments: str) -> bytes:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CAMPAIGN_RULES_CACHE": cache}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True).stdout


def test_a_diagnosis_is_the_same_byte_for_byte(folder: Path, tmp_path: Path) -> None:
    ticket = tmp_path / "ticket.txt"
    ticket.write_text("Mails not sent since this morning.", encoding="utf-8")
    code = "from campaign_rules.cli import main; main()"
    arguments = ["diagnose", "--rules", str(folder), "--ticket", str(ticket), "--format", "json"]
    without, cold, warm = (
        python(code, cache, *arguments) for cache in ("off", str(tmp_path / "kept"), str(tmp_path / "kept"))
    )
    assert json.loads(without)["suspects"][0]["module"] == "mta"
    assert without == cold == warm
    assert any((tmp_path / "kept").iterdir())


def test_a_kept_rule_base_needs_neither_yaml_nor_a_graph_library(folder: Path, tmp_path: Path) -> None:
    code = (
        "import sys; import campaign_rules as cr\n"
        "cr.diagnose(['mails-not-sent'], knowledge=cr.load_knowledge(sys.argv[1]))\n"
        "heavy = {'cattrs', 'networkx', 'yaml', 'rich', 'click', 'snowballstemmer'}\n"
        "print(*sorted(heavy & set(sys.modules)))"
    )
    cache = str(tmp_path / "kept")
    assert b"cattrs" in python(code, cache, str(folder))
    assert python(code, cache, str(folder)).strip() == b""


def test_help_loads_no_rules(tmp_path: Path) -> None:
    code = (
        "import atexit, sys\n"
        "heavy = {'cattrs', 'networkx', 'yaml', 'rich', 'snowballstemmer', 'durable_rules_engine'}\n"
        "atexit.register(lambda: print('loaded:', *sorted(heavy & set(sys.modules))))\n"
        "from campaign_rules.cli import main; main()"
    )
    shown = python(code, "off", "--help").decode()
    assert "diagnose" in shown
    assert shown.splitlines()[-1] == "loaded:"


def test_what_is_only_observed_loads_no_readers(folder: Path) -> None:
    code = (
        "import atexit, sys\n"
        "atexit.register(lambda: print('loaded:', *(name for name in sys.modules if '.readers' in name)))\n"
        "from campaign_rules.cli import main; main()"
    )
    arguments = ["diagnose", "--rules", str(folder), "--observe", "mails-not-sent"]
    assert python(code, "off", *arguments).splitlines()[-1] == b"loaded:"


def test_processes_that_start_at_once_with_an_empty_cache_agree(folder: Path, tmp_path: Path) -> None:
    cache = str(tmp_path / "kept")
    code = "from campaign_rules.cli import main; main()"
    arguments = ["diagnose", "--rules", str(folder), "--observe", "mails-not-sent", "--format", "json"]
    with ThreadPoolExecutor(4) as threads:
        given = list(threads.map(lambda _: python(code, cache, *arguments), range(4)))
    assert {*given, python(code, cache, *arguments), python(code, "off", *arguments)} == {given[0]}
    assert all(path.suffix == ".kept" for path in Path(cache).iterdir())
