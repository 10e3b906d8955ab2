"""A PostgreSQL server of the tests' own, in a folder that goes away with it."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ACCOUNT = "postgres"
"""Who runs the server where the tests run as root, which PostgreSQL refuses."""


def _program(name: str) -> str | None:
    """Return the path of a program of PostgreSQL: Debian keeps them away from PATH."""
    places = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), reverse=True)
    return shutil.which(name) or (places[0] if places else None)


def _has_account() -> bool:
    import pwd

    return any(one.pw_name == ACCOUNT for one in pwd.getpwall())


@contextmanager
def postgresql() -> Iterator[str]:
    """Yield the address of an empty database. Skips the test where PostgreSQL is not installed."""
    initdb, server = _program("initdb"), _program("pg_ctl")
    if initdb is None or server is None:
        pytest.skip("PostgreSQL (initdb and pg_ctl) is not here")
    if os.geteuid() == 0 and not _has_account():
        pytest.skip(f"PostgreSQL does not run as root, and there is no account {ACCOUNT}")
    folder = Path(tempfile.mkdtemp(prefix="campaign-rules-pg-"))
    data = folder / "data"
    account: dict[str, str] = {}
    if os.geteuid() == 0:
        shutil.chown(folder, ACCOUNT)
        account = {"user": ACCOUNT}
    try:
        _run([initdb, "--pgdata", str(data), "--username", "worker", "--auth", "trust", "--no-sync"], account)
        options = f"-c listen_addresses='' -k {folder} -c fsync=off"
        log = str(folder / "log")
        _run([server, "--pgdata", str(data), "--log", log, "--wait", "--options", options, "start"], account)
        try:
            yield f"postgresql+psycopg://worker@/postgres?host={folder}"
        finally:
            _run([server, "--pgdata", str(data), "--mode", "immediate", "--wait", "stop"], account)
    finally:
        shutil.rmtree(folder)


def _run(command: list[str], account: dict[str, str]) -> None:
    subprocess.run(
        command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/", **account
    )
