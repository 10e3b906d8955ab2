"""Accuracy before and after, by cross-validation: each ticket is judged by what the others taught."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence

from attrs import frozen

from campaign_rules.diagnosis import weigh
from campaign_rules.errors import InputError
from campaign_rules.learning.closed import Studied
from campaign_rules.model import KnowledgeBase, Suspect
from campaign_rules.ranking import rank
from campaign_rules.scoring import Score, tally

Learner = Callable[[Sequence[Studied]], KnowledgeBase]
"""Makes a knowledge base of the tickets that it may see."""


@frozen
class Validation:
    """How good the ranking is with the shipped values, and with learnt ones, on tickets not learnt from.

    `gained` tickets have a right module first only after learning, `lost` ones only before. `p_value` is that
    of the exact McNemar test: how likely a difference of that size is if both are equally good.
    """

    folds: int
    before: Score
    after: Score
    gained: int
    lost: int

    @property
    def p_value(self) -> float:
        """The two-sided probability of `gained` and `lost` under even odds."""
        tosses = self.gained + self.lost
        tail = sum(math.comb(tosses, k) for k in range(min(self.gained, self.lost) + 1))
        return min(1.0, 2.0 * tail / 2.0**tosses)


def cross_validate(
    studied: Sequence[Studied], learner: Learner, *, folds: int = 5, seed: int = 0
) -> Validation:
    """Deal the tickets into folds, stratified by module, and judge each by what the other folds taught.

    The order of the tickets does not matter. Raises InputError for fewer than two folds, or fewer tickets
    than folds.
    """
    before: list[tuple[frozenset[str], tuple[Suspect, ...]]] = []
    after: list[tuple[frozenset[str], tuple[Suspect, ...]]] = []
    for taught, judged in _splits(studied, folds, seed):
        knowledge = learner(taught)
        for one in judged:
            diagnosis = one.diagnosis
            evidence = weigh(knowledge, diagnosis.firings, diagnosis.proof)
            before.append((one.closed.modules, diagnosis.suspects))
            after.append((one.closed.modules, rank(knowledge, evidence).suspects))
    hits = [
        [bool(found) and found[0].module in right for right, found in ranked] for ranked in (before, after)
    ]
    pairs = list(zip(*hits, strict=True))
    return Validation(
        folds, tally(before), tally(after), pairs.count((False, True)), pairs.count((True, False))
    )


def _splits(
    studied: Sequence[Studied], folds: int, seed: int
) -> Iterator[tuple[list[Studied], list[Studied]]]:
    """Yield the tickets to learn from and those to judge, fold by fold."""
    if folds < 2:
        raise InputError(f"{folds} folds cannot be compared; give 2 or more")
    if len(studied) < folds:
        raise InputError(f"{len(studied)} tickets cannot be dealt into {folds} folds; give fewer folds")
    shuffled = sorted(studied, key=lambda one: one.closed.id)
    random.Random(seed).shuffle(shuffled)
    dealt = sorted(shuffled, key=lambda one: min(one.closed.modules))
    for fold in range(folds):
        yield (
            [one for place, one in enumerate(dealt) if place % folds != fold],
            dealt[fold::folds],
        )
