from __future__ import annotations

import math
import random

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_rules.errors import InputError, UnknownNameError
from campaign_rules.ranking import explain_root_cause, rank_root_causes

NODES = "abcdef"


def random_graphs():
    pairs = [(x, y) for x in NODES for y in NODES if x != y]
    return st.lists(st.sampled_from(pairs), unique=True, max_size=12)


def random_evidence():
    return st.fixed_dictionaries({node: st.none() | st.floats(0, 1) for node in NODES})


def graph_of(edges) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(NODES)
    graph.add_edges_from(edges)
    return graph


def test_the_deepest_anomalous_node_wins():
    graph = nx.DiGraph([("web", "app"), ("app", "db"), ("app", "cache")])
    ranked = rank_root_causes(graph, {"web": 1.0, "app": 1.0, "db": 1.0, "cache": 0.0}, "web")
    assert [node for node, _ in ranked] == ["db", "app", "cache", "web"]
    assert ranked[0][1] > ranked[1][1]


def test_nothing_implicated_is_an_empty_list():
    graph = nx.DiGraph([("a", "b")])
    assert rank_root_causes(graph, {"a": 0.0, "b": 0.1}, "a") == []
    assert rank_root_causes(graph, {"a": None, "b": 0.5}, "a") == []
    assert rank_root_causes(graph, {}) == []
    assert rank_root_causes(nx.DiGraph(), {}) == []


def test_only_the_target_and_what_it_needs_are_candidates():
    graph = nx.DiGraph([("a", "b"), ("c", "b")])
    assert {node for node, _ in rank_root_causes(graph, {"a": 1.0, "c": 1.0}, "a")} == {"a", "b"}
    assert {node for node, _ in rank_root_causes(graph, {"a": 1.0, "c": 1.0})} == {"a", "b", "c"}


def test_the_alarm_is_a_fact_about_the_target_once_something_is_implicated():
    graph = nx.DiGraph([("a", "b")])
    scores = dict(rank_root_causes(graph, {"b": 0.9}, "a"))
    assert scores["b"] == pytest.approx(math.log(9) + math.log(0.5 * 14 + 0.5))


def test_priors_and_edge_propagation_count():
    graph = nx.DiGraph()
    graph.add_edge("a", "b", propagation=1.0)
    graph.add_edge("a", "c", propagation=0.1)
    ranked = rank_root_causes(graph, {"a": 1.0}, "a", priors={"a": 0.01})
    assert [node for node, _ in ranked] == ["b", "c", "a"]


@given(random_graphs(), random_evidence(), st.sampled_from([None, *NODES]))
def test_terms_sum_to_the_score_on_any_graph(edges, degrees, target):
    graph = graph_of(edges)
    priors = {"a": 0.3}
    for node, score in rank_root_causes(graph, degrees, target, priors=priors):
        explained = explain_root_cause(graph, degrees, node, target, priors=priors)
        assert explained.score == pytest.approx(score, abs=1e-9)
        assert explained.log_prior + sum(explained.weights.values()) == pytest.approx(score, abs=1e-9)


@given(random_graphs(), random_evidence(), st.randoms(use_true_random=False))
def test_the_order_of_nodes_edges_and_evidence_does_not_matter(edges, degrees, random):
    nodes, shuffled, items = list(NODES), list(edges), list(degrees.items())
    for sequence in (nodes, shuffled, items):
        random.shuffle(sequence)
    again = nx.DiGraph()
    again.add_nodes_from(nodes)
    again.add_edges_from(shuffled)
    assert rank_root_causes(graph_of(edges), degrees) == rank_root_causes(again, dict(items))


@given(random_graphs(), random_evidence())
def test_unknown_is_the_same_as_missing_and_as_no_news(edges, degrees):
    known = {node: degree for node, degree in degrees.items() if degree is not None}
    even = {node: 0.5 if degree is None else degree for node, degree in degrees.items()}
    expected = rank_root_causes(graph_of(edges), degrees)
    assert rank_root_causes(graph_of(edges), known) == expected
    assert dict(rank_root_causes(graph_of(edges), even)) == pytest.approx(dict(expected))


@given(st.floats(0, 1), st.floats(0, 1), st.lists(st.floats(0, 1), min_size=2, max_size=2))
def test_on_a_tree_more_anomaly_at_a_caller_never_lowers_the_score_of_the_root(first, second, others):
    graph = nx.DiGraph([("b", "a"), ("c", "b"), ("d", "b")])
    low, high = sorted((first, second))
    rest = {"a": 1.0, "b": others[0], "d": others[1]}
    before = dict(rank_root_causes(graph, {**rest, "c": low}))
    after = dict(rank_root_causes(graph, {**rest, "c": high}))
    assert after["a"] >= before["a"] - 1e-12


def test_equal_scores_go_by_name():
    graph = nx.DiGraph([("top", "z"), ("top", "m"), ("top", "a")])
    assert [node for node, _ in rank_root_causes(graph, {"top": 1.0}, "top")] == ["a", "m", "z", "top"]


def test_callers_that_are_impaired_together_are_followed_together():
    graph = nx.DiGraph()
    for caller, callee in [("top", "left"), ("top", "right"), ("left", "deep"), ("right", "deep")]:
        graph.add_edge(caller, callee, propagation=0.5)
    explained = explain_root_cause(graph, {"top": 1.0}, "deep", priors={"top": 1.0})
    both = 0.5 * 0.5 * 0.75 + 2 * 0.5 * 0.5 * 0.5
    assert explained.weights == {"top": pytest.approx(math.log1p(both * 13))}
    seen = explain_root_cause(graph, {"top": 1.0, "left": 1.0}, "deep")
    left = 7 / 7.5
    top = left * 0.5 * 0.75 + left * 0.5 * 0.5 + (1 - left) * 0.5 * 0.5
    assert seen.weights["top"] == pytest.approx(math.log1p(top * 13))


def test_nodes_may_be_anything_hashable():
    graph = nx.DiGraph([(("a", 1), 2), (2, "x")])
    assert rank_root_causes(graph, {2: 1.0, ("a", 1): 1.0})[0][0] == 2


def test_unexplained_anomalies_are_named():
    graph = nx.DiGraph([("a", "b"), ("c", "d")])
    explained = explain_root_cause(graph, {"a": 1.0, "b": 1.0, "c": 1.0}, "b")
    assert explained.unexplained == ("c",)
    assert set(explained.weights) == {"a", "b"}


@pytest.mark.parametrize("degree", [-0.1, 1.1, math.nan, math.inf, "high", [1]])
def test_evidence_out_of_range_is_refused_with_the_node(degree):
    with pytest.raises(InputError, match="evidence for a must be a number from 0 to 1"):
        rank_root_causes(nx.DiGraph([("a", "b")]), {"a": degree})


@pytest.mark.parametrize(
    "arguments",
    [
        {"evidence": {"databse": 1.0}},
        {"evidence": {}, "target": "databse"},
        {"evidence": {}, "priors": {"databse": 1.0}},
    ],
)
def test_a_node_that_the_graph_does_not_have_is_named_with_the_nearest(arguments):
    with pytest.raises(UnknownNameError, match=r"unknown node 'databse' .did you mean 'database'"):
        rank_root_causes(nx.DiGraph([("web", "database")]), **arguments)


@pytest.mark.parametrize(
    "settings",
    [
        {"propagation": 1.5},
        {"sensitivity": 0.05, "false_alarm": 0.7},
        {"false_alarm": 0.0},
        {"sensitivity": 1.0},
        {"priors": {"a": 0.0}},
        {"priors": {"a": math.nan}},
    ],
)
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(InputError):
        rank_root_causes(nx.DiGraph([("a", "b")]), {"a": 1.0}, **settings)


def test_edge_propagation_out_of_range_is_refused_with_the_edge():
    graph = nx.DiGraph()
    graph.add_edge("a", "b", propagation=2)
    with pytest.raises(InputError, match="edge a -> b"):
        rank_root_causes(graph, {"a": 1.0})


@pytest.mark.parametrize("graph", [nx.Graph([("a", "b")]), nx.MultiDiGraph([("a", "b")])])
def test_other_kinds_of_graph_are_refused(graph):
    with pytest.raises(InputError, match="DiGraph"):
        rank_root_causes(graph, {"a": 1.0})


def test_only_candidates_can_be_explained():
    with pytest.raises(UnknownNameError, match="unknown candidate 'c'"):
        explain_root_cause(nx.DiGraph([("a", "b"), ("c", "b")]), {"a": 1.0}, "c", "a")


def test_the_target_is_seldom_the_culprit_unless_its_prior_is_given():
    graph = nx.DiGraph([("a", "b")])
    usual = dict(rank_root_causes(graph, {"a": 1.0, "b": 1.0}, "a"))
    given = dict(rank_root_causes(graph, {"a": 1.0, "b": 1.0}, "a", priors={"a": 1.0}))
    assert usual["a"] == pytest.approx(given["a"] + math.log(0.2))
    assert usual["b"] == given["b"]


@pytest.mark.parametrize("factor", [0.01, 1.0, 100.0])
def test_only_the_proportions_of_priors_count(factor):
    graph = nx.DiGraph([("a", "b"), ("a", "c")])
    priors = {"a": factor, "b": 0.5 * factor, "c": factor}
    assert rank_root_causes(graph, {}, "a", priors=priors) == []
    assert rank_root_causes(graph, {"b": 0.6}, "a", priors=priors) == []
    ranked = rank_root_causes(graph, {"b": 0.9}, "a", priors=priors)
    assert [node for node, _ in ranked] == ["b", "a", "c"]


def test_a_candidate_that_no_evidence_touches_keeps_its_prior():
    graph = nx.DiGraph([("a", "b"), ("x", "y")])
    scores = dict(rank_root_causes(graph, {"a": 1.0}, priors={"y": 0.5}))
    assert scores["y"] == math.log(0.5)
    assert scores["x"] == 0.0
    assert explain_root_cause(graph, {"a": 1.0}, "y", priors={"y": 0.5}).weights == {}


def random_case(draw):
    size = draw.randint(2, 9)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(size))
    for _ in range(draw.randint(0, 2 * size)):
        graph.add_edge(draw.randrange(size), draw.randrange(size), propagation=draw.random())
    evidence = {node: draw.choice([None, 0.0, 1.0, draw.random()]) for node in graph}
    target = draw.choice([None, draw.randrange(size)])
    return graph, evidence, target, {node: draw.uniform(0.1, 1.0) for node in graph}


CASES = pytest.mark.parametrize("cases", [300, pytest.param(10_000, marks=pytest.mark.slow)])


@CASES
def test_terms_sum_to_the_score_of_every_hypothesis_of_random_cases(cases):
    draw = random.Random(1)
    for _ in range(cases):
        graph, evidence, target, priors = random_case(draw)
        for node, score in rank_root_causes(graph, evidence, target, priors=priors):
            explained = explain_root_cause(graph, evidence, node, target, priors=priors)
            terms = [explained.log_prior, *explained.weights.values()]
            assert math.isclose(math.fsum(terms), score, abs_tol=1e-9)


@CASES
def test_neither_order_nor_unknown_facts_change_anything_in_random_cases(cases):
    draw = random.Random(3)
    for _ in range(cases):
        graph, evidence, target, priors = random_case(draw)
        again = nx.DiGraph()
        again.add_nodes_from(draw.sample(list(graph), len(graph)))
        again.add_edges_from(draw.sample(list(graph.edges(data=True)), graph.number_of_edges()))
        known = [(node, degree) for node, degree in evidence.items() if degree is not None]
        shuffled = dict(draw.sample(known, len(known)))
        expected = rank_root_causes(graph, evidence, target, priors=priors)
        assert rank_root_causes(again, shuffled, target, priors=priors) == expected


def posterior(graph, evidence, node):
    scores = dict(rank_root_causes(graph, evidence))
    if not scores:
        return 0.0
    return math.exp(scores[node]) / math.fsum(math.exp(score) for score in scores.values())


@CASES
def test_a_fact_for_a_module_never_lowers_its_posterior_on_a_tree(cases):
    draw = random.Random(2)
    for _ in range(cases):
        size = draw.randint(2, 9)
        graph = nx.DiGraph()
        graph.add_nodes_from(range(size))
        for node in range(1, size):
            graph.add_edge(draw.randrange(node), node, propagation=draw.uniform(0.1, 1.0))
        evidence = {node: draw.choice([None, 0.0, 1.0, draw.random()]) for node in graph}
        node = draw.randrange(size)
        before = posterior(graph, {**evidence, node: None}, node)
        assert posterior(graph, {**evidence, node: 1.0}, node) >= before - 1e-12
