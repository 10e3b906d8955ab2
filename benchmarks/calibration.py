"""Whether probabilities mean what they say: what was predicted beside how often it was right."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from benchmarks.tables import table

Predicted = Sequence[tuple[float, bool]]
"""The posterior of each first suspect, and whether it was the culprit."""


def calibration_error(found: Predicted, bins: int = 10) -> float:
    """Return the expected calibration error: mean difference of posterior and share, by tenths (Guo 2017)."""
    return math.fsum(abs(math.fsum(p - right for p, right in some)) for some in _tenths(found, bins)) / len(
        found
    )


def calibration_table(found: Predicted, bins: int = 10) -> str:
    """Return the mean posterior and the share that was right, by tenths of the posterior."""
    rows = [
        (
            f"{min(p for p, _ in some):.2f} to {max(p for p, _ in some):.2f}",
            len(some),
            statistics.fmean(p for p, _ in some),
            statistics.fmean(right for _, right in some),
        )
        for some in _tenths(found, bins)
    ]
    return table(["posterior of the first suspect", "cases", "mean posterior", "share right"], rows)


def _tenths(found: Predicted, bins: int) -> list[list[tuple[float, bool]]]:
    sorted_in: dict[int, list[tuple[float, bool]]] = {}
    for probability, right in found:
        sorted_in.setdefault(min(int(probability * bins), bins - 1), []).append((probability, right))
    return [some for _, some in sorted(sorted_in.items())]
