"""The tables in which workers keep where they are: in SQLite, or in PostgreSQL for several machines."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError

from campaign_rules.errors import InputError, TrackerError, did_you_mean

VERSION = 1
"""Raised with each change of the tables. A program refuses tables of a later version than its own."""

DIALECTS = ("sqlite", "postgresql")

BUSY_SECONDS = 30.0
"""How long SQLite waits for another process that writes."""

METADATA = sa.MetaData()

versions = sa.Table("campaign_rules_version", METADATA, sa.Column("version", sa.Integer, primary_key=True))

positions = sa.Table(
    "campaign_rules_positions",
    METADATA,
    sa.Column("tracker", sa.Text, primary_key=True),
    sa.Column("position", sa.Text, nullable=False),
)

tickets = sa.Table(
    "campaign_rules_tickets",
    METADATA,
    sa.Column("tracker", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("seen", sa.Text, nullable=False),
    sa.Column("done", sa.Text, nullable=False),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("edits", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("crashes", sa.Integer, nullable=False),
    sa.Column("due", sa.BigInteger, nullable=False),
    sa.Column("lease", sa.Text),
    sa.Column("lease_until", sa.BigInteger, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Index("campaign_rules_tickets_due", "tracker", "status", "due"),
)
"""One row a ticket. Instants are whole microseconds since 1970, which every database sorts alike.

`seen` is the revision that the tracker told of last, `done` the one that was read and dealt with last.
`generation` counts what was told, so that a change that comes while a ticket is worked on is not lost.
`edits` tells the edits that were made, `error` the kind of the last failure, `message` its message.
"""


def open_database(url: str, *, read_only: bool = False) -> sa.Engine:
    """Return the engine for a state, whose tables are made if they are missing.

    Raises InputError for an address that is none, for a database that cannot be used, and for tables of a
    later version.
    """
    engine = _engine(_parsed(url), read_only=read_only)
    try:
        if engine.dialect.name == "sqlite" and not read_only:
            _write_ahead(engine)
        with engine.begin() as connection:
            _check_version(connection, shown(url), read_only=read_only)
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
            "state: is no address of a database; write sqlite:///tickets.db or postgresql+psycopg://user@host/name"
        ) from None
    dialect = parsed.get_backend_name()
    if dialect not in DIALECTS:
        raise InputError(
            f"state: unknown database {dialect!r}{did_you_mean(dialect, DIALECTS)}; "
            f"use one of {', '.join(DIALECTS)}"
        )
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername == "postgresql" else parsed


def _engine(url: sa.URL, *, read_only: bool) -> sa.Engine:
    if url.get_backend_name() != "sqlite":
        try:
            return sa.create_engine(url, pool_pre_ping=True, isolation_level="READ COMMITTED")
        except ModuleNotFoundError as missing:
            raise InputError(
                f"this needs the package {missing.name}: pip install 'campaign-rules[postgresql]'"
            ) from None
    options: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}
    database = url.database or ":memory:"
    if database == ":memory:":
        options["poolclass"] = sa.StaticPool
    elif read_only:
        url = sa.make_url(f"sqlite:///file:{Path(database).absolute()}?mode=ro&uri=true")
    else:
        _make_private(Path(database))
    engine = sa.create_engine(url, **options)
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"

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


def _check_version(connection: sa.Connection, where: str, *, read_only: bool) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(716302541)"))
    if not sa.inspect(connection).has_table(versions.name):
        if read_only:
            raise InputError(f"state {where}: no worker has used it yet")
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
    cause = error.orig if isinstance(error, OperationalError) else None
    text = str(cause or type(error).__name__).strip()
    return text.splitlines()[0] if text else type(error).__name__
