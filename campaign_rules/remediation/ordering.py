"""The order of repair steps that costs least on average until the fault is gone.

One fault; steps are tried one after the other and each is followed by a look whether the fault is gone. A
step cures a fault with a given probability, independently of the other steps. Without precedence, and with
one fault per step, it is optimal to take the step with the highest probability of cure per cost (Kadane and
Simon, "Optimal strategies for a class of constrained sequential problems", 1977; Heckerman, Breese and
Rommelse, "Decision-theoretic troubleshooting", 1995). With precedence the problem is NP-hard; here each step
is valued together with the steps that must come before it, and short plans are then improved by moving
single steps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from attrs import frozen

SEARCHED_STEPS = 12
"""Plans of up to this many steps are improved by local search."""

GAIN = 1e-12
"""Differences of value below this are none."""


@frozen
class RepairProblem:
    """What is to be ordered.

    `probabilities` maps faults to their posteriors; what they lack to 1 is never cured by any step. `cures`
    maps a step to the faults of `probabilities` that it may cure, with the probability of doing so; `costs`
    maps every step to its cost, above 0. `precedence` holds pairs (earlier, later).
    """

    probabilities: Mapping[str, float]
    cures: Mapping[str, Mapping[str, float]]
    costs: Mapping[str, float]
    precedence: tuple[tuple[str, str], ...] = ()


def expected_cost(order: Iterable[str], problem: RepairProblem) -> float:
    """Return the expected cost of going through the steps in this order until the fault is gone."""
    left = dict(problem.probabilities)
    broken = 1.0
    total = 0.0
    for step in order:
        total += problem.costs[step] * broken
        broken -= _cure(step, left, problem)
    return total


def order_steps(steps: Sequence[str], problem: RepairProblem) -> tuple[str, ...]:
    """Return the steps in the order of least expected cost that was found.

    Between steps of equal value the one that comes first in `steps` goes first. Pairs of the precedence that
    close a circle with earlier pairs are ignored.
    """
    before = _predecessors(steps, problem.precedence)
    order = _best_chains_first(steps, problem, before)
    if len(order) <= SEARCHED_STEPS:
        order = _local_search(order, problem, before)
    return tuple(order)


def naive_order(
    steps: Sequence[str], problem: RepairProblem, value: Callable[[str], float]
) -> tuple[str, ...]:
    """Return the steps by descending `value`, each after what must come before it."""
    before = _predecessors(steps, problem.precedence)
    order: list[str] = []
    while len(order) < len(steps):
        free = [step for step in steps if step not in order and before[step].issubset(order)]
        order.append(max(free, key=lambda step: (value(step), -free.index(step))))
    return tuple(order)


def chance_of_cure(step: str, problem: RepairProblem) -> float:
    """Return the probability that a step cures, if it is the first."""
    return _cure(step, dict(problem.probabilities), problem)


def _cure(step: str, left: dict[str, float], problem: RepairProblem) -> float:
    """Take what the step cures out of `left` and return how much that was."""
    cured = 0.0
    for fault, probability in problem.cures.get(step, {}).items():
        part = left[fault] * probability
        left[fault] -= part
        cured += part
    return cured


def _predecessors(
    steps: Sequence[str], precedence: Iterable[tuple[str, str]]
) -> Mapping[str, frozenset[str]]:
    """Return everything that must come before each step."""
    before: dict[str, frozenset[str]] = {step: frozenset() for step in steps}
    for earlier, later in precedence:
        if earlier == later or earlier not in before or later not in before or later in before[earlier]:
            continue
        required = before[earlier] | {earlier}
        for step in steps:
            if step == later or later in before[step]:
                before[step] |= required
    return before


def _best_chains_first(
    steps: Sequence[str], problem: RepairProblem, before: Mapping[str, frozenset[str]]
) -> list[str]:
    """Take again and again the step whose chain, itself and what must precede it, cures most per cost."""
    order: list[str] = []
    waiting = list(steps)
    left = dict(problem.probabilities)
    while waiting:
        best: list[str] = []
        best_value = -1.0
        for step in waiting:
            chain = [each for each in waiting if each == step or each in before[step]]
            value = _value(chain, left, problem)
            if value > best_value + GAIN:
                best, best_value = chain, value
        taken = _start_of(best, left, problem, before)
        order.append(taken)
        waiting.remove(taken)
        _cure(taken, left, problem)
    return order


def _value(chain: Iterable[str], left: Mapping[str, float], problem: RepairProblem) -> float:
    """Return the probability that the chain cures, per cost."""
    remaining = dict(left)
    cured = 0.0
    cost = 0.0
    for step in chain:
        cured += _cure(step, remaining, problem)
        cost += problem.costs[step]
    return cured / cost


def _start_of(
    chain: Sequence[str],
    left: Mapping[str, float],
    problem: RepairProblem,
    before: Mapping[str, frozenset[str]],
) -> str:
    """Return the step of the chain that may go first and is worth most by itself."""
    members = set(chain)
    free = [step for step in chain if not before[step] & members]
    values = {step: _value([step], left, problem) for step in free}
    return max(free, key=lambda step: (round(values[step], 12), -free.index(step)))


def _local_search(
    order: list[str], problem: RepairProblem, before: Mapping[str, frozenset[str]]
) -> list[str]:
    """Move single steps to other places as long as that lowers the expected cost."""
    best, cost = order, expected_cost(order, problem)
    improved = True
    while improved:
        improved = False
        for step in order:
            for place in range(len(order)):
                moved = [each for each in best if each != step]
                moved.insert(place, step)
                if moved == best or not _feasible(moved, before):
                    continue
                moved_cost = expected_cost(moved, problem)
                if moved_cost < cost - GAIN:
                    best, cost, improved = moved, moved_cost, True
    return best


def _feasible(order: Sequence[str], before: Mapping[str, Collection[str]]) -> bool:
    done: set[str] = set()
    for step in order:
        if not done.issuperset(before[step]):
            return False
        done.add(step)
    return True
