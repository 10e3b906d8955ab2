"""The dependency graph on the command line."""

from __future__ import annotations

import json
import re

import campaign_rules as cr
from tests.cli.conftest import Line, Run


def test_every_dependency_is_a_line(run: Run) -> None:
    lines = run("graph").stdout.splitlines()
    assert len(lines) == len(cr.load_knowledge().dependencies)
    assert any(re.match(r"mta needs stat +\w+ +\S", line) for line in lines)


def test_around_a_module(run: Run) -> None:
    lines = run("graph", "stat", "--language", "it").stdout.splitlines()
    assert lines
    assert all("stat" in re.split(r" ha bisogno di | +", line)[:2] for line in lines)


def test_the_same_dependencies_in_every_format(run: Run) -> None:
    data = json.loads(run("graph", "mta", "--format", "json").stdout)
    pairs = {(one["module"], one["needs"]) for one in data["dependencies"]}
    assert all(0 < one["propagation"] <= 1 for one in data["dependencies"])
    dot = run("graph", "mta", "--format", "dot").stdout
    assert set(re.findall(r'"([^"]+)" -> "([^"]+)"', dot)) == pairs
    mermaid = run("graph", "mta", "--format", "mermaid").stdout
    names = dict(re.findall(r'(n\d+)\["([^"]+)"\]', mermaid))
    arrows = re.findall(r"(n\d+) -->\|[^|]+\| (n\d+)", mermaid)
    assert {(names[start], names[end]) for start, end in arrows} == pairs


def test_unknown_modules_and_formats_are_named(one_line: Line) -> None:
    assert "unknown module 'mtaa' (did you mean 'mta'?)" in one_line("graph", "mtaa")
    assert "unknown format 'svg'" in one_line("graph", "--format", "svg")
