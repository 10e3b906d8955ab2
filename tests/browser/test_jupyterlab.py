"""A diagnosis shown in a JupyterLab page in real Chromium."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CELL = """\
import campaign_rules as cr

cr.diagnose(["process-missing-stat@prod", "mails-not-sent"])
"""


@pytest.fixture
def page_address(tmp_path: Path) -> Iterator[str]:
    """Serve a notebook with one cell that shows a diagnosis."""
    cell = {
        "cell_type": "code",
        "id": "one",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": CELL,
    }
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "cells": [cell],
    }
    (tmp_path / "incident.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        "JUPYTER_DATA_DIR": str(tmp_path / "data"),
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
        "IPYTHONDIR": str(tmp_path / "ipython"),
    }
    options = [
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=x",
        f"--ServerApp.root_dir={tmp_path}",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options], env=environment, stderr=subprocess.PIPE, text=True
    )
    assert server.stderr is not None
    for line in server.stderr:
        if re.search(r"Jupyter Server .* is running at", line):
            break
    yield f"http://127.0.0.1:{port}/lab/tree/incident.ipynb?token=x"
    server.terminate()
    server.communicate()


def test_a_cell_shows_the_root_cause_opens_the_proof_and_copies_a_command(
    browser: Any, page_address: str
) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(page_address)
    page.get_by_text("| Idle").wait_for()  # a cell that is run before its kernel is there is not run
    page.locator(".jp-Cell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    shown = page.locator(".campaign-rules")
    shown.locator("h1", has_text="stat@prod").wait_for()
    proof = shown.locator("summary", has_text="Proof").first
    proof.scroll_into_view_if_needed()
    proof.click()
    assert shown.get_by_text("stat-missing").first.is_visible()
    step = shown.locator(".step", has_text="Start stat on its host")
    step.get_by_role("button", name="Copy").click()
    step.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "nlserver start stat@prod"
    context.close()
