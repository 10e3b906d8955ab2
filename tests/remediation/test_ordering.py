from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_rules.remediation import RepairProblem, expected_cost, order_steps

FAULTS = "xyz"


def problems(size: int, overlapping: bool, precedence: bool):
    """Random problems; without overlap each step cures one fault and each fault is cured by one step."""

    def problem(probabilities, efficacies, costs, pairs):
        steps = [str(number) for number in range(size)]
        total = sum(probabilities) * 1.1
        faults = [f"f{number}" for number in range(size)]
        cures = {
            step: {
                fault: efficacies[i * size + j]
                for j, fault in enumerate(faults)
                if (overlapping and (i + j) % 3) or i == j
            }
            for i, step in enumerate(steps)
        }
        return RepairProblem(
            {fault: p / total for fault, p in zip(faults, probabilities, strict=True)},
            cures,
            dict(zip(steps, costs, strict=True)),
            tuple((str(a), str(b)) for a, b in pairs if a < b) if precedence else (),
        )

    positive = st.floats(0.05, 1.0)
    return st.builds(
        problem,
        st.lists(positive, min_size=size, max_size=size),
        st.lists(positive, min_size=size * size, max_size=size * size),
        st.lists(st.floats(0.5, 60.0), min_size=size, max_size=size),
        st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=5),
    )


def feasible(order, problem) -> bool:
    place = {step: number for number, step in enumerate(order)}
    return all(place[earlier] < place[later] for earlier, later in problem.precedence)


def optimum(problem) -> float:
    orders = itertools.permutations(sorted(problem.costs))
    return min(expected_cost(order, problem) for order in orders if feasible(order, problem))


def found(problem) -> float:
    order = order_steps(sorted(problem.costs), problem)
    assert sorted(order) == sorted(problem.costs)
    assert feasible(order, problem)
    return expected_cost(order, problem)


@given(problems(5, overlapping=False, precedence=False))
def test_it_is_optimal_without_precedence_and_with_one_fault_per_step(problem):
    assert found(problem) == pytest.approx(optimum(problem), rel=1e-9)


@given(problems(5, overlapping=True, precedence=True))
def test_it_is_near_the_optimum_with_precedence_and_overlap(problem):
    assert found(problem) <= 1.05 * optimum(problem)


def test_it_is_optimal_nearly_always():
    generator = random.Random(7)
    ratios = []
    for _ in range(60):
        size = generator.randint(4, 6)
        steps = [str(number) for number in range(size)]
        cures = {s: {f: generator.uniform(0.3, 1) for f in generator.sample(FAULTS, 2)} for s in steps}
        pairs = [(a, b) for a, b in itertools.combinations(steps, 2) if generator.random() < 0.3]
        problem = RepairProblem(
            {"x": 0.5, "y": 0.3, "z": 0.1},
            cures,
            {step: generator.lognormvariate(0, 1) for step in steps},
            tuple(pairs),
        )
        ratios.append(found(problem) / optimum(problem))
    assert sum(ratio < 1 + 1e-9 for ratio in ratios) >= 0.95 * len(ratios)


def test_expected_cost_counts_a_step_as_far_as_the_ones_before_it_failed():
    problem = RepairProblem({"x": 0.6, "y": 0.3}, {"a": {"x": 0.5}, "b": {"y": 1.0}}, {"a": 10.0, "b": 4.0})
    assert expected_cost(["a", "b"], problem) == pytest.approx(10 + 4 * 0.7)
    assert expected_cost(["b", "a"], problem) == pytest.approx(4 + 10 * 0.7)


def test_a_costly_gate_is_judged_with_what_it_unlocks():
    problem = RepairProblem(
        {"x": 0.9, "y": 0.1},
        {"gate": {}, "cure": {"x": 1.0}, "other": {"y": 1.0}},
        {"gate": 2.0, "cure": 1.0, "other": 1.0},
        (("gate", "cure"),),
    )
    assert order_steps(["other", "gate", "cure"], problem) == ("gate", "cure", "other")


def test_moving_single_steps_mends_a_tempting_first_choice():
    problem = RepairProblem(
        {"x": 0.5, "y": 0.4},
        {"a": {"y": 1.0}, "b": {"y": 1.0}, "c": {"x": 0.8, "y": 0.8}, "d": {"x": 0.8}},
        {"a": 2.0, "b": 3.0, "c": 2.0, "d": 1.0},
        (("b", "c"), ("b", "d"), ("c", "d")),
    )
    assert order_steps("abcd", problem) == ("b", "c", "d", "a")
    assert found(problem) == pytest.approx(optimum(problem))


def test_equal_value_keeps_the_given_order():
    problem = RepairProblem({"x": 0.4, "y": 0.4}, {"b": {"x": 1.0}, "a": {"y": 1.0}}, {"a": 5.0, "b": 5.0})
    assert order_steps(["b", "a"], problem) == ("b", "a")
    assert order_steps(["a", "b"], problem) == ("a", "b")


def test_a_pair_that_closes_a_circle_is_ignored():
    problem = RepairProblem(
        {"x": 0.5},
        {"a": {}, "b": {}, "c": {"x": 1.0}},
        {"a": 1.0, "b": 1.0, "c": 1.0},
        (("a", "b"), ("b", "c"), ("c", "a")),
    )
    assert order_steps(["a", "b", "c"], problem) == ("a", "b", "c")


def test_long_plans_keep_the_precedence():
    steps = [f"{number:02}" for number in range(30)]
    problem = RepairProblem(
        dict.fromkeys(steps, 1 / 40),
        {step: {step: 0.8} for step in steps},
        {step: 1.0 + int(step) % 7 for step in steps},
        tuple((later, earlier) for earlier, later in itertools.pairwise(steps) if int(later) % 3),
    )
    order = order_steps(steps, problem)
    assert sorted(order) == steps
    assert feasible(order, problem)


def test_nothing_to_order():
    assert order_steps([], RepairProblem({}, {}, {})) == ()
