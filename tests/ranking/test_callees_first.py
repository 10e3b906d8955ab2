from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from campaign_rules.ranking.callees_first import callees_first, name_key

graphs = st.dictionaries(st.integers(0, 12), st.sets(st.integers(0, 12), max_size=4), max_size=12).map(
    lambda found: {
        node: found.get(node, set()) for node in {*found, *(n for to in found.values() for n in to)}
    }
)


@given(graphs)
def test_the_order_is_that_of_networkx(graph: dict[int, set[int]]) -> None:
    whole = nx.DiGraph()
    whole.add_nodes_from(graph)
    whole.add_edges_from((node, callee) for node, callees in graph.items() for callee in callees)
    condensed = nx.condensation(whole)
    members = {number: sorted(found, key=name_key) for number, found in condensed.nodes(data="members")}
    expected = nx.lexicographical_topological_sort(
        condensed.reverse(copy=False), key=lambda number: name_key(members[number][0])
    )
    edges = {node: dict.fromkeys(callees, 0.5) for node, callees in graph.items()}
    assert callees_first(edges) == [node for number in expected for node in members[number]]


def test_the_order_does_not_depend_on_how_the_edges_are_written() -> None:
    one = {"web": {"db": 0.5, "disk": 0.5}, "db": {"disk": 0.5}, "disk": {}, "mta": {"mta": 0.5}}
    turned = {node: dict(reversed(one[node].items())) for node in reversed(one)}
    assert callees_first(one) == callees_first(turned) == ["disk", "db", "mta", "web"]


def test_a_deep_chain_is_no_trouble() -> None:
    chain = {number: {number + 1: 0.5} for number in range(5000)} | {5000: {}}
    assert callees_first(chain) == list(range(5000, -1, -1))
