"""The script that compares the rule base with a folder of domain facts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import campaign_rules as cr

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "domain_coverage.py"
MAPPING = yaml.safe_load(SCRIPT.with_suffix(".yaml").read_text(encoding="utf-8"))


def compare(folder: Path, **ids: list[str]) -> subprocess.CompletedProcess[str]:
    for kind in ("modules", "observations", "causes"):
        entries = [{"id": name} for name in (*(MAPPING.get(kind) or ()), *ids.get(kind, ()))]
        (folder / f"{kind}.yaml").write_text(yaml.safe_dump({kind: entries}), encoding="utf-8")
    pairs = [edge.split(" -> ") for edge in (*MAPPING["edges"], *ids.get("edges", ()))]
    edges = [{"from": one, "to": other} for one, other in pairs]
    (folder / "dependencies.yaml").write_text(yaml.safe_dump({"edges": edges}), encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(SCRIPT), str(folder)],
        cwd=SCRIPT.parents[1],
        env={"PYTHONPATH": str(SCRIPT.parents[1]), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_the_mapping_names_exists(tmp_path: Path) -> None:
    done = compare(tmp_path, modules=["mta"], observations=["ctx-os"], causes=["stat-stopped"])
    assert (done.returncode, done.stderr) == (0, "")
    assert not any(line.startswith("  stale") for line in done.stdout.splitlines())


@pytest.mark.parametrize(
    ("kind", "name"),
    [("modules", "no-such-module"), ("causes", "no-such-cause"), ("edges", "stat -> mta")],
)
def test_an_id_that_is_nowhere_is_missing(tmp_path: Path, kind: str, name: str) -> None:
    done = compare(tmp_path, **{kind: [name]})
    assert done.returncode == 1
    assert f"  missing   {name}" in done.stdout.splitlines()


def test_reasons_are_given_for_what_is_left_out() -> None:
    left_out = [
        entry["left_out"]
        for kind in MAPPING.values()
        for entry in (kind or {}).values()
        if isinstance(entry, dict) and "left_out" in entry
    ]
    assert left_out
    assert all(len(reason.split()) > 3 for reason in left_out)


def test_no_id_is_mapped_that_the_rule_base_has_itself() -> None:
    own = cr.load_knowledge()
    assert not set(MAPPING["causes"]) & set(own.causes)
    assert not set(MAPPING["observations"]) & {*own.observations, *own.facts}
