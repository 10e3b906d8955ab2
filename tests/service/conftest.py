"""The service over a small rule base, asked in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import campaign_rules as cr
from tests.rule_bases import write_rule_base

pytest.importorskip("fastapi")

from starlette.testclient import TestClient

from campaign_rules.service import ServiceSettings, create_app

TOKEN, OTHER = "a-token-that-nobody-guesses", "another-token-that-is-known"

Serve = Callable[..., TestClient]


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> cr.KnowledgeBase:
    return cr.load_knowledge(write_rule_base(tmp_path_factory.mktemp("rules")))


@pytest.fixture(scope="session")
def shipped() -> cr.KnowledgeBase:
    return cr.load_knowledge()


@pytest.fixture
def serve(base: cr.KnowledgeBase) -> Serve:
    """Return a client of a service with the settings given, on loopback."""

    def serve(knowledge: cr.KnowledgeBase = base, **settings: object) -> TestClient:
        app = create_app(ServiceSettings(**settings), knowledge)  # type: ignore[arg-type]
        return TestClient(app, base_url="http://127.0.0.1:8765")

    return serve


@pytest.fixture
def client(serve: Serve) -> TestClient:
    return serve()


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return write_rule_base(tmp_path / "rules")
