"""The database of a worker opened: SQLite or PostgreSQL, with tables that this program understands."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError, SQLAlchemyError

from campaign_rules.errors import InputError, TrackerError, did_you_mean
from campaign_rules.tickets.state.tables import METADATA, VERSION, versions

Mode = Literal["ro", "rw", "rwc"]
"""Read only; read and write what is there; make it if it is not there. The words are SQLite's."""

DIALECTS = ("sqlite", "postgresql")

BUSY_SECONDS = 30.0
"""How long SQLite waits for another process that writes."""

UNUSED = "no worker has used it yet"


def open_database(url: str, mode: Mode = "rwc") -> sa.Engine:
    """Return the engine for a state, whose tables are made if they are missing and `mode` is "rwc".

    Raises InputError for an address that is none, for a database that cannot be used, for tables of another
    version, and for a state that is not there and not to be made.
    """
    engine = _engine(_parsed(url), mode)
    try:
        if engine.dialect.name == "sqlite" and mode != "ro":
            _write_ahead(engine)
        with engine.begin() as connection:
            _check_version(connection, shown(url), mode)
    except SQLAlchemyError as error:
        engine.dispose()
        raise InputError(f"state {shown(url)}: cannot be used: {_reason(error)}") from None
    except BaseException:
        engine.dispose()
        raise
    return engine


def shown(url: str) -> str:
    """Return the address of a state without its password."""
    return _parsed(url).render_as_string(hide_password=True)


def unreachable(error: SQLAlchemyError) -> TrackerError:
    """Return what to tell of a database that does not answer: a temporary failure."""
    return TrackerError(f"the state cannot be used now: {_reason(error)}", temporary=True)


def _parsed(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
    except ArgumentError:
        raise InputError(
            "state: is no address of a database; "
            "write sqlite:///tickets.db or postgresql+psycopg://user@host/name"
        ) from None
    dialect = parsed.get_backend_name()
    if dialect not in DIALECTS:
        raise InputError(
            f"state: unknown database {dialect!r}{did_you_mean(dialect, DIALECTS)}; "
            f"use one of {', '.join(DIALECTS)}"
        )
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername == "postgresql" else parsed


def _engine(url: sa.URL, mode: Mode) -> sa.Engine:
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, mode)
    try:
        return sa.create_engine(url, pool_pre_ping=True, isolation_level="READ COMMITTED")
    except ModuleNotFoundError as missing:
        hint = "pip install 'campaign-rules[postgresql]'"
        raise InputError(f"this needs the package {missing.name}: {hint}") from None


def _sqlite(url: sa.URL, mode: Mode) -> sa.Engine:
    """Return the engine for a file, of which one process at a time gets the lock before it reads."""
    options: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}
    if url.database in (None, "", ":memory:"):
        options["poolclass"] = sa.StaticPool
    else:
        path = Path(str(url.database)).absolute()
        if mode == "rwc":
            _make_private(path)
        elif not path.exists():
            raise InputError(f"state {path}: {UNUSED}")
        query = {"mode": "ro" if mode == "ro" else "rw", "uri": "true"}
        url = sa.URL.create("sqlite", database=f"file:{quote(str(path))}", query=query)
    engine = sa.create_engine(url, **options)
    begin = "BEGIN" if mode == "ro" else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "connect")
    def leave_transactions_to_us(connection: Any, record: Any) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def take_the_lock_first(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _make_private(path: Path) -> None:
    """Make a new file that its owner alone can read."""
    try:
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise InputError(f"state {path}: cannot be written: {error.strerror}") from None


def _write_ahead(engine: sa.Engine) -> None:
    """Let readers and a writer work side by side. The file remembers it, so one process has to manage."""
    with contextlib.closing(engine.raw_connection()) as connection, contextlib.suppress(Exception):
        connection.cursor().execute("PRAGMA journal_mode=WAL")


def _check_version(connection: sa.Connection, where: str, mode: Mode) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(716302541)"))
    if not sa.inspect(connection).has_table(versions.name):
        if mode != "rwc":
            raise InputError(f"state {where}: {UNUSED}")
        METADATA.create_all(connection)
        connection.execute(versions.insert().values(version=VERSION))
        return
    found = connection.execute(sa.select(sa.func.max(versions.c.version))).scalar_one()
    if found != VERSION:
        raise InputError(
            f"state {where}: its tables are of version {found}, this program knows version {VERSION}; "
            "use the program that made them, or a later one"
        )


def _reason(error: SQLAlchemyError) -> str:
    """Return the first line of what the driver says, which names no statement and no value."""
    cause = getattr(error, "orig", None) if type(error) in (OperationalError, DatabaseError) else None
    text = str(cause or type(error).__name__).strip()
    return text.splitlines()[0] if text else type(error).__name__
