"""What is published: the metadata, the files of the wheel, and an import that stays light."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.Path]:
    """The wheel, built from the sdist as an index user would."""
    folder = tmp_path_factory.mktemp("dist")
    _build("sdist", ROOT, folder)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    _build("wheel", folder / archive.name.removesuffix(".tar.gz"), folder)
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as opened:
        yield zipfile.Path(opened)


@pytest.mark.slow
def test_the_wheel_holds_the_rule_base_as_it_is_in_the_tree(wheel: zipfile.Path) -> None:
    rules = ROOT / "rules"
    files = [path.relative_to(rules).as_posix() for path in rules.rglob("*.yaml")]
    assert files
    for name in files:
        assert (wheel / "campaign_rules" / "rules" / name).read_bytes() == (rules / name).read_bytes()


@pytest.mark.slow
def test_the_wheel_is_typed_and_holds_the_package_only(wheel: zipfile.Path) -> None:
    assert (wheel / "campaign_rules" / "py.typed").exists()
    tops = {entry.name for entry in wheel.iterdir()}
    assert {name for name in tops if not name.endswith(".dist-info")} == {"campaign_rules"}


@pytest.mark.slow
def test_the_unpacked_wheel_diagnoses_away_from_the_tree(wheel: zipfile.Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    wheel.root.extractall(site)
    code = (
        "import campaign_rules as cr, pathlib\n"
        f"assert pathlib.Path(cr.__file__).is_relative_to({str(site)!r})\n"
        "print(cr.diagnose(['process-missing-stat']).suspects[0].module)"
    )
    assert _python(code, cwd=tmp_path, path=site) == "stat"


@pytest.mark.parametrize(
    ("python", "needed"), [("3.11", True), ("3.12", True), ("3.13", False), ("3.14", False)]
)
def test_durable_rules_is_required_only_where_it_imports(
    project: dict[str, Any], python: str, needed: bool
) -> None:
    (requirement,) = [
        found for found in map(Requirement, project["dependencies"]) if found.name == "durable-rules"
    ]
    assert requirement.marker is not None
    assert requirement.marker.evaluate({"python_version": python}) is needed


def test_every_requirement_has_a_lower_bound_and_a_pin(project: dict[str, Any]) -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = {canonicalize_name(Requirement(line).name) for line in lines if line and not line.startswith("#")}
    extras = project["optional-dependencies"].values()
    required = [
        Requirement(line) for line in (*project["dependencies"], *(one for extra in extras for one in extra))
    ]
    assert {canonicalize_name(one.name) for one in required} - {"campaign-rules"} <= pins
    for one in map(Requirement, project["dependencies"]):
        assert any(bound.operator == ">=" for bound in one.specifier), one


def test_an_import_loads_nothing_heavy() -> None:
    code = (
        "import sys; import campaign_rules\n"
        "heavy = 'attrs cattrs networkx yaml click rich snowballstemmer durable_rules_engine'\n"
        "print(*sorted(set(heavy.split()) & set(sys.modules)))"
    )
    assert _python(code, cwd=ROOT, path=ROOT) == ""


def _build(target: str, project: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    subprocess.run(command, cwd=project, check=True, capture_output=True)


def _python(code: str, *, cwd: Path, path: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(path)}
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=cwd, env=environment, check=True, capture_output=True, text=True)
    return run.stdout.strip()
