"""Incidents for the small rule base, and files of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

SETS = (
    ["mails-not-sent"],
    ["mails-not-sent", "stat-missing@prod"],
    ["mails-not-sent", "!stat-missing"],
    ["queue=1200"],
    ["queue=12.5@", "mails-not-sent"],  # no notation
    [],
    ["mails-not-snt"],
    ["queue=much"],
)
"""Sets of observations; the fifth, the seventh and the eighth are bad."""

Rows = list[dict[str, Any]]


def incidents(count: int) -> Rows:
    """Return so many incidents, with the sets in turn and their order turned now and then."""
    return [
        {"id": f"INC-{n}", "observations": SETS[n % len(SETS)][:: -1 if n % 3 else 1]} for n in range(count)
    ]


def write_incidents(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Write incidents in the format that the name says; null observations become an empty cell in CSV."""
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(list(rows)), path, row_group_size=7)
    elif path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(rows[0])
            for row in rows:
                writer.writerow(" ".join(cell) if isinstance(cell, list) else cell for cell in row.values())
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
