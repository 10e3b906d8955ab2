"""Databases for what a worker remembers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tickets.postgresql import postgresql


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server of our own."""
    pytest.importorskip("psycopg")
    with postgresql() as url:
        yield url


@pytest.fixture
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database: parametrised with "sqlite" or "postgresql"; SQLite unless it is."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield f"sqlite:///{tmp_path / 'tickets.db'}"
        return
    url: str = request.getfixturevalue("server")
    yield url
    _empty(url)


def _empty(url: str) -> None:
    import sqlalchemy as sa

    from campaign_rules.tickets.state.tables import METADATA

    engine = sa.create_engine(url)
    METADATA.drop_all(engine)
    engine.dispose()
