"""The chores, one short word each: ``nox -s lint``, ``types``, ``test``, ``docs``, ``bench``.

Bare ``nox`` runs what a change has to pass: lint, types, test and docs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import nox

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]

nox.needs_version = ">=2024.4.15"
nox.options.sessions = ["lint", "types", "test", "docs"]
nox.options.error_on_missing_interpreters = False
nox.options.reuse_existing_virtualenvs = True
os.environ["PIP_CONSTRAINT"] = str(Path(__file__).with_name("constraints.txt"))


def _show_pyenv_interpreters() -> None:
    """Put pyenv's interpreters before its shims, which fail for versions that are not selected."""
    if shutil.which("pyenv") is None:
        return
    root = subprocess.run(["pyenv", "root"], capture_output=True, text=True, check=True).stdout.strip()
    folders = [str(folder) for folder in sorted(Path(root, "versions").glob("3.*/bin"), reverse=True)]
    os.environ["PATH"] = os.pathsep.join([*folders, os.environ["PATH"]])


_show_pyenv_interpreters()


@nox.session
def lint(session: nox.Session) -> None:
    session.install("ruff")
    session.run("ruff", "check", *session.posargs)
    session.run("ruff", "format", "--check")


@nox.session
def types(session: nox.Session) -> None:
    session.install(".[batch,collect,mcp,service]", "mypy", "types-PyYAML")
    session.run("mypy", *session.posargs)


@nox.session(python=PYTHONS)
def test(session: nox.Session) -> None:
    session.install(".[test]")
    session.run("pytest", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    session.install(".[docs]")
    session.run("mkdocs", "build", "--strict", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    session.install(".")
    session.run("python", "-m", "benchmarks.diagnosis", *session.posargs)
