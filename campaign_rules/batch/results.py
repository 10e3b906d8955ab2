"""From diagnoses to Arrow columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import pyarrow as pa
from attrs import evolve

from campaign_rules.batch.schema import RESULT
from campaign_rules.diagnosis import Diagnosis
from campaign_rules.report import result_to_dict

Row = Mapping[str, Any]


def result_row(found: Diagnosis, observations: Sequence[str], next_checks: bool) -> Row:
    """Return a diagnosis as a row of the result.

    `observations` is the set it is of, in short notation; `next_checks` tells whether they were asked for.
    """
    content = result_to_dict(evolve(found, observations=(), firings=()), found.knowledge)
    first = content["suspects"][0] if content["suspects"] else {}
    return {
        **content,
        "root_module": first.get("module"),
        "root_instance": first.get("instance"),
        "root_probability": first.get("probability"),
        "root_cause": first.get("cause"),
        "root_cause_label": first.get("cause_label"),
        "next_checks": content["next_checks"] if next_checks else None,
        "observations": observations,
        "observations_digest": sha256("\n".join(observations).encode()).hexdigest(),
    }


def error_row(reason: str) -> Row:
    """Return the row of an incident that has no diagnosis."""
    return {"error": reason}


def result_batch(rows: Sequence[Row]) -> pa.RecordBatch:
    """Return rows as columns; what a row does not have is null."""
    arrays = [_array([row.get(field.name) for row in rows], field.type) for field in RESULT]
    return pa.RecordBatch.from_arrays(arrays, schema=RESULT)


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """Return what ``pa.array(values, kind)`` would, several times as fast for nested lists."""
    if pa.types.is_list(kind):
        items = [item for value in values if value is not None for item in value]
        sizes, end = [], 0
        for value in values:
            sizes.append(None if value is None else end)
            end += 0 if value is None else len(value)
        return pa.ListArray.from_arrays(
            pa.array([*sizes, end], pa.int32()), _array(items, kind.value_type), type=kind
        )
    if pa.types.is_struct(kind):
        fields = [_array([value[field.name] for value in values], field.type) for field in kind]
        return pa.StructArray.from_arrays(fields, fields=list(kind))
    return pa.array(values, kind)
