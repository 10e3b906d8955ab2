"""The columns that come out: those of the result schema, one row for each incident."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from campaign_rules.errors import InputError

TEXT, NUMBER = pa.string(), pa.float64()
TEXTS = pa.list_(TEXT)


def _list_of(**fields: pa.DataType) -> pa.DataType:
    return pa.list_(pa.struct(list(fields.items())))


RESULT = pa.schema(
    [
        ("error", TEXT),
        ("root_module", TEXT),
        ("root_instance", TEXT),
        ("root_probability", NUMBER),
        ("root_cause", TEXT),
        ("root_cause_label", TEXT),
        (
            "suspects",
            _list_of(
                module=TEXT,
                instance=TEXT,
                probability=NUMBER,
                cause=TEXT,
                cause_label=TEXT,
                cause_probability=NUMBER,
                explains=TEXTS,
                observed=pa.bool_(),
            ),
        ),
        ("none_probability", NUMBER),
        ("elsewhere_probability", NUMBER),
        (
            "plan",
            _list_of(
                step=TEXT,
                kind=TEXT,
                action=TEXT,
                command=TEXT,
                performer=TEXT,
                disruption=TEXT,
                minutes=NUMBER,
                addresses=TEXTS,
                warning=TEXT,
                verify=TEXT,
            ),
        ),
        ("expected_minutes", NUMBER),
        (
            "next_checks",
            _list_of(observation=TEXT, question=TEXT, how=TEXT, information_bits=NUMBER, minutes=NUMBER),
        ),
        ("unused", TEXTS),
        ("unexplained", TEXTS),
        ("observations", TEXTS),
        ("observations_digest", TEXT),
        ("knowledge_version", TEXT),
        ("knowledge_fingerprint", TEXT),
    ]
)
"""What is found for a set of observations. With an `error`, everything else is null."""


def output_schema(kept: Iterable[pa.Field] = ()) -> pa.Schema:
    """Return the columns of the output: those `kept` from the input, then the result.

    Raises InputError for a kept column that has the name of a result column.
    """
    kept = tuple(kept)
    for field in kept:
        if field.name in RESULT.names:
            raise InputError(
                f"column {field.name!r} cannot be kept: the result has a column of that name; rename it"
            )
    return pa.schema([*kept, *RESULT])
