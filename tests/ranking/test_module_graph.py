from __future__ import annotations

from campaign_rules.model import Dependency, Module, Scope
from campaign_rules.ranking import module_graph
from campaign_rules.ranking.module_graph import label
from tests.ranking.small_base import knowledge_base


def test_one_node_per_instance_and_edges_within_it():
    graph = module_graph(knowledge_base(), ["prod", "dev"])
    assert ("db", "") in graph
    assert ("mta", "") not in graph
    assert set(graph.successors(("mta", "prod"))) == {("db", ""), ("stat", "prod")}
    assert graph["mta", "prod"]["stat", "prod"] == {"propagation": 0.5}


def test_without_instances_there_is_the_unnamed_one():
    assert set(module_graph(knowledge_base()).successors(("wf", ""))) == {("mta", "")}


def test_a_machine_wide_module_needs_every_instance():
    base = knowledge_base(
        modules=[Module("cron", {}, Scope.MACHINE), Module("mta", {}, Scope.INSTANCE)],
        dependencies=[Dependency("cron", "mta", "weak")],
    )
    graph = module_graph(base, ["a", "b"])
    assert set(graph.successors(("cron", ""))) == {("mta", "a"), ("mta", "b")}


def test_label():
    assert label(("mta", "prod")) == "mta@prod"
    assert label(("db", "")) == "db"
