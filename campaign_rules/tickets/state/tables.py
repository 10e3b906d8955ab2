"""The tables in which workers keep where they are: in SQLite, or in PostgreSQL for several machines."""

from __future__ import annotations

import sqlalchemy as sa

VERSION = 1
"""Raised with each change of the tables. A program refuses tables of a later version than its own."""

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
