"""The service does what its own OpenAPI document says, whatever it is sent."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import campaign_rules as cr
from campaign_rules.service import ServiceSettings, create_app
from tests.service.conftest import TOKEN
from tests.service.running import running

pytest.importorskip("schemathesis")

CONFIG = """\
[checks.positive_data_acceptance]
# Which ids there are is data of the rule base: an unknown one has the right form and is refused with 422.
expected-statuses = ["2xx", "401", "404", "422"]
"""


@pytest.mark.slow
def test_schemathesis_finds_no_failure(shipped: cr.KnowledgeBase, tmp_path: Path) -> None:
    settings = ServiceSettings(
        tokens=(TOKEN,), webhook_secrets=("a-secret-of-webhooks",), requests_per_minute=10**6
    )
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG, encoding="utf-8")
    with running(create_app(settings, shipped)) as address:
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config)),
            *("run", f"{address}/openapi.json", "--header", f"Authorization: Bearer {TOKEN}"),
            *("--checks", "all", "--seed", "1", "--max-examples", "20", "--no-color"),
        ]
        run = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, cwd=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
