"""The simulation of faults: its exact posterior, the other methods, and a small form of every table."""

from __future__ import annotations

import itertools
import math
import random
import statistics

import networkx as nx
import pytest

import campaign_rules as cr
from benchmarks import calibration, graph_gain, peers, questions, ranking, repair, simulator
from benchmarks.simulator import SETTINGS, Incident, Noise
from campaign_rules.remediation import expected_cost
from tests.rule_bases import write_rule_base


def test_incidents_are_drawn_the_same_every_time_and_keep_their_promises() -> None:
    drawn = list(simulator.incidents(12, 20, SETTINGS[1], seed=4))
    again = list(simulator.incidents(12, 20, SETTINGS[1], seed=4))
    assert [(i.evidence, i.target, i.culprit) for i in drawn] == [
        (i.evidence, i.target, i.culprit) for i in again
    ]
    for incident in drawn:
        assert incident.evidence[incident.target] == 1.0
        assert (
            incident.culprit
            in incident.candidates
            == tuple(sorted(nx.descendants(incident.graph, incident.target)))
        )
        assert nx.is_directed_acyclic_graph(incident.graph)


def test_the_exact_posterior_is_that_of_all_states() -> None:
    for incident in simulator.incidents(7, 5, SETTINGS[1], seed=1, per_graph=1):
        ratios = simulator.likelihood_ratios(incident)
        for root, score in simulator.exact(incident):
            assert score == pytest.approx(math.log(likelihood(incident.graph, ratios, root)))


def likelihood(graph: nx.DiGraph, ratios: dict[int, float], root: int) -> float:
    total = 0.0
    others = [node for node in graph if node != root]
    for states in itertools.product((False, True), repeat=len(others)):
        impaired = {root, *(node for node, state in zip(others, states, strict=True) if state)}
        mass = math.prod(ratios.get(node, 1.0) for node in impaired)
        for node in others:
            spared = math.prod(1 - edge["propagation"] for to, edge in graph[node].items() if to in impaired)
            mass *= 1 - spared if node in impaired else spared
        total += mass
    return total


def test_particles_come_close_to_the_exact_posterior() -> None:
    (incident,) = simulator.incidents(10, 1, SETTINGS[1], seed=2)
    true = dict(simulator.exact(incident))
    for root, score in simulator.particles(incident, random.Random(1), 4000):
        assert score == pytest.approx(true[root], abs=0.2)


def chain() -> Incident:
    graph = nx.DiGraph()
    graph.add_edge(0, 1, propagation=0.9)
    graph.add_edge(1, 2, propagation=0.9)
    graph.add_edge(0, 3, propagation=0.9)
    return Incident(graph, {0: 1.0, 1: 1.0, 2: 1.0, 3: 0.0}, 0, 2, (1, 2, 3), Noise(0.9, 0.02, 0.0))


def test_every_method_finds_the_end_of_an_anomalous_path() -> None:
    incident = chain()
    for name, rank in ranking.methods(12).items():
        best = max((score, node) for node, score in rank(incident) if node in incident.candidates)
        assert best[1] == 2, name


def test_traversal_needs_an_unbroken_path_and_covering_does_not() -> None:
    incident = chain()
    gap = {**incident.evidence, 1: None}
    assert 2 not in dict(peers.traversal(incident.graph, gap, 0))
    scores = dict(peers.covering(incident.graph, gap, 0))
    assert scores[2] == 1.0 > scores[3]


def test_equal_scores_count_as_in_random_order() -> None:
    incident = chain()
    assert ranking.hits([(1, 0.0), (2, 0.0), (3, -1.0)], incident, 1) == 0.5
    assert ranking.hits([(1, 0.0), (2, 0.0), (3, -1.0)], incident, 3) == 1.0
    assert ranking.hits([(1, 0.0)], incident, 3) == 0.0


def test_calibration_error_is_the_mean_gap_by_tenths() -> None:
    found = [(0.95, True), (0.95, True), (0.25, False), (0.25, True)]
    assert calibration.calibration_error(found) == pytest.approx((0.1 + 0.5) / 4)
    assert "| 0.25 to 0.25 | 2 | 0.250 | 0.500 |" in calibration.calibration_table(found)


@pytest.mark.parametrize("noise", range(3))
def test_the_ranking_keeps_up_with_the_exact_posterior(noise: int) -> None:
    drawn = list(simulator.incidents(12, 60, SETTINGS[noise], seed=12))
    top = {
        name: statistics.fmean(ranking.hits(rank(i), i, 1) for i in drawn)
        for name, rank in ranking.methods(12).items()
        if name in ("exact posterior", "rank_root_causes, true parameters", "random walk")
    }
    exact, ours, walk = top.values()
    assert ours > exact - 0.02
    assert ours > walk


def test_a_fact_for_a_module_does_not_lower_its_posterior_on_trees() -> None:
    assert ranking.support(60, tree=True) == []


@pytest.mark.parametrize("setting", repair.SETTINGS, ids=str)
def test_the_optimum_is_that_of_all_orders_and_plans_come_close(setting: repair.Setting) -> None:
    draw = random.Random(3)
    problem = repair.random_problem(setting, draw)
    while len(problem.costs) > 6:
        problem = repair.random_problem(setting, draw)
    feasible = (
        order
        for order in itertools.permutations(problem.costs)
        if all(order.index(one) < order.index(other) for one, other in problem.precedence)
    )
    assert repair.optimum(problem) == pytest.approx(min(expected_cost(order, problem) for order in feasible))
    ratios = repair.compare(setting, 40)
    means = {name: statistics.fmean(values) for name, values in ratios.items()}
    assert min(ratios["ours"]) > 1 - 1e-9
    assert means["ours"] <= 1.001
    assert max(ratios["ours"]) <= 1.07
    assert means["ours"] <= min(means["likeliest first"], means["cheapest first"])


def test_simulated_incidents_of_a_knowledge_base_start_from_symptoms_of_what_is_impaired(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    base = cr.load_knowledge(write_rule_base(tmp_path_factory.mktemp("base") / "rules"))
    for incident in questions.simulated(base, 5, symptoms=1):
        assert incident.cause.module in incident.impaired
        assert all(incident.answers[id_] for id_ in incident.symptoms)
        assert 0 <= questions.questions_needed(base, incident, suggested=True) <= questions.MOST
    rows = list(graph_gain.on_simulated(base, 3)) if len(base.observations) > 20 else []
    assert all(0 <= top <= three <= 1 for _, top, three in rows)


def test_rules_alone_sum_what_the_rules_say() -> None:
    diagnosis = cr.diagnose(["mails-not-sent"])
    modules = graph_gain.rules_alone(diagnosis)
    assert modules
    assert set(modules) <= set(diagnosis.knowledge.modules)
    assert graph_gain.rules_alone(cr.diagnose([])) == []


@pytest.mark.slow
def test_the_quick_report_has_every_table() -> None:
    shown = ranking.report(quick=True)
    for part in (
        "### 12 modules",
        "### 50 modules",
        "calibration error",
        "on trees in 0 of",
        "least possible",
        "Questions until",
        "### CPU time",
        "| stat-down |",
    ):
        assert part in shown
