"""Orders of repair steps against the cheapest one, found by dynamic programming over sets of steps."""

from __future__ import annotations

import random

from attrs import frozen

from campaign_rules.remediation import RepairProblem, expected_cost, naive_order, order_steps
from campaign_rules.remediation.ordering import chance_of_cure


@frozen
class Setting:
    """Whether a step cures several faults, and how many pairs of steps have to keep an order."""

    overlapping: bool
    density: float

    def __str__(self) -> str:
        cures = "several faults a step" if self.overlapping else "one fault a step"
        return f"{cures}, precedence {self.density}"


SETTINGS = tuple(
    Setting(overlapping, density) for overlapping in (False, True) for density in (0, 0.15, 0.35)
)


def compare(setting: Setting, count: int, seed: int = 0) -> dict[str, list[float]]:
    """Return by order the expected cost of `count` problems of four to eight steps, over the least."""
    draw = random.Random(f"{setting} {seed}")
    ratios: dict[str, list[float]] = {"ours": [], "likeliest first": [], "cheapest first": []}
    for _ in range(count):
        problem = random_problem(setting, draw)
        steps = sorted(problem.costs)
        least = optimum(problem)
        orders = {
            "ours": order_steps(steps, problem),
            "likeliest first": naive_order(steps, problem, lambda step: chance_of_cure(step, problem)),  # noqa: B023
            "cheapest first": naive_order(steps, problem, lambda step: -problem.costs[step]),  # noqa: B023
        }
        for name, order in orders.items():
            ratios[name].append(expected_cost(order, problem) / least)
    return ratios


def random_problem(setting: Setting, draw: random.Random) -> RepairProblem:
    """Return a problem with four to eight steps and as many faults."""
    names = [f"step-{number}" for number in range(draw.randint(4, 8))]
    shares = [draw.gammavariate(0.5, 1.0) + 1e-12 for _ in names]
    faults = {f"fault-{number}": share / sum(shares) for number, share in enumerate(shares)}
    cures = {}
    for name, own in zip(names, faults, strict=True):
        cured = draw.sample(sorted(faults), draw.randint(1, 3)) if setting.overlapping else [own]
        cures[name] = {fault: draw.uniform(0.3 if setting.overlapping else 0.5, 1.0) for fault in cured}
    mixed = draw.sample(names, len(names))
    precedence = [
        (earlier, later)
        for place, earlier in enumerate(mixed)
        for later in mixed[place + 1 :]
        if draw.random() < setting.density
    ]
    return RepairProblem(
        faults, cures, {name: draw.lognormvariate(0, 1) for name in names}, tuple(precedence)
    )


def optimum(problem: RepairProblem) -> float:
    """Return the least expected cost of all orders that keep the precedence."""
    steps = sorted(problem.costs)
    needed = {step: {earlier for earlier, later in problem.precedence if later == step} for step in steps}
    best = {frozenset[str](): 0.0}
    for _ in steps:
        longer: dict[frozenset[str], float] = {}
        for done, cost in best.items():
            broken = _broken(problem, done)
            for step in steps:
                if step not in done and needed[step] <= done:
                    total = cost + problem.costs[step] * broken
                    longer[done | {step}] = min(total, longer.get(done | {step}, float("inf")))
        best = longer
    return best[frozenset(steps)]


def _broken(problem: RepairProblem, done: frozenset[str]) -> float:
    total = 1.0 - sum(problem.probabilities.values())
    for fault, probability in problem.probabilities.items():
        for step in done:
            probability *= 1 - problem.cures[step].get(fault, 0.0)
        total += probability
    return total
