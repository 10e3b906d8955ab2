"""How good a rule base is on incidents whose root cause is known: top-k, calibration and confusion."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from attrs import field, frozen

from campaign_rules.diagnosis import Diagnosis, diagnose
from campaign_rules.errors import UnknownNameError
from campaign_rules.model import KnowledgeBase, Suspect
from campaign_rules.observations import Given

NOBODY = ""
"""Stands for "no suspect" among the modules that were named."""

Ranked = tuple[frozenset[str], Iterable[Suspect]]
"""The modules any of which is right, and the suspects of the incident, the likeliest first."""


@frozen
class Case:
    """An incident: what was observed, and the modules any of which is right as its root cause."""

    observations: Iterable[Given]
    right: frozenset[str] = field(converter=frozenset)


@frozen
class Bin:
    """Cases whose first suspect had a probability from `low` to `high`: their mean, and the share right."""

    low: float
    high: float
    cases: int
    mean_probability: float
    share_right: float


@frozen
class Score:
    """What `score` found.

    `answered` is the share of cases with a suspect; `top` maps k to the share with a right module among the
    first k suspects. `confusion` counts for each pair of the right module (the first of them by name) and the
    module named first ("" for none) how often it happened. `calibration_error` is the mean distance of
    probability and share right over the bins, weighted by their cases (expected calibration error: Naeini,
    Cooper and Hauskrecht, AAAI 2015).
    """

    cases: int
    answered: float
    top: Mapping[int, float]
    calibration: tuple[Bin, ...]
    calibration_error: float
    confusion: Mapping[tuple[str, str], int]


def score(
    cases: Iterable[Case],
    *,
    knowledge: KnowledgeBase,
    top: Sequence[int] = (1, 3),
    bins: int = 10,
) -> Score:
    """Diagnose every case and compare the suspects with what is right.

    Raises UnknownNameError for a right module that the knowledge base does not have, and what `diagnose`
    raises.
    """
    return tally(((case.right, _diagnosed(case, knowledge).suspects) for case in cases), top=top, bins=bins)


def tally(ranked: Iterable[Ranked], *, top: Sequence[int] = (1, 3), bins: int = 10) -> Score:
    """Compare the suspects of incidents that are diagnosed already with what is right."""
    done = [(right, tuple(suspects)) for right, suspects in ranked]
    hits = {k: sum(not right.isdisjoint(_modules(found)[:k]) for right, found in done) for k in top}
    first = [(found[0].probability, found[0].module in right) for right, found in done if found]
    table = _calibration(first, bins)
    return Score(
        cases=len(done),
        answered=_share(len(first), len(done)),
        top={k: _share(count, len(done)) for k, count in hits.items()},
        calibration=table,
        calibration_error=math.fsum(
            abs(one.mean_probability - one.share_right) * one.cases / len(first) for one in table
        ),
        confusion=dict(
            sorted(Counter((min(right), (_modules(found) or (NOBODY,))[0]) for right, found in done).items())
        ),
    )


def _diagnosed(case: Case, knowledge: KnowledgeBase) -> Diagnosis:
    for module in sorted(case.right):
        if module not in knowledge.modules:
            raise UnknownNameError("module", module, knowledge.modules)
    return diagnose(case.observations, knowledge=knowledge)


def _modules(suspects: Iterable[Suspect]) -> tuple[str, ...]:
    """Return the suspected modules, each once, the likeliest first."""
    return tuple(dict.fromkeys(suspect.module for suspect in suspects))


def _calibration(first: Iterable[tuple[float, bool]], bins: int) -> tuple[Bin, ...]:
    grouped: dict[int, list[tuple[float, bool]]] = {}
    for probability, right in first:
        grouped.setdefault(min(int(probability * bins), bins - 1), []).append((probability, right))
    return tuple(
        Bin(
            number / bins,
            (number + 1) / bins,
            len(found),
            math.fsum(probability for probability, _ in found) / len(found),
            sum(right for _, right in found) / len(found),
        )
        for number, found in sorted(grouped.items())
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
