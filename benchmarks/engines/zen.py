"""zen-engine: a chain of decision tables, one per level of the rule base, for one instance at a time.

It has no working memory and no recursion: rules have to be sorted into levels beforehand, which the synthetic
rule bases are by their names. A row cannot tell which facts matched.
"""

import json
from collections import defaultdict
from itertools import pairwise

import zen

LEVELS = ("one", "two", "three")


class Contestant:
    def __init__(self, problem: dict) -> None:
        nodes = [_node("in", "inputNode")]
        for number, level in enumerate(LEVELS):
            clauses = [one for one in problem["clauses"] if one["rule"].startswith(f"{level}-")]
            nodes.append(_node(level, "decisionTableNode", _table(level, clauses, LEVELS[:number])))
        nodes.append(_node("out", "outputNode"))
        edges = [
            {"id": f"edge-{n}", "type": "edge", "sourceId": one["id"], "targetId": other["id"]}
            for n, (one, other) in enumerate(pairwise(nodes))
        ]
        content = {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}
        self.evaluate = zen.ZenEngine().create_decision(json.dumps(content)).evaluate

    def prepare(self, facts: list) -> dict:
        instances: dict = defaultdict(dict)
        for name, _, instance, value in facts:
            instances[instance][name] = value
        return instances

    def fire(self, instances: dict) -> list:
        return [(instance, self.evaluate({"o": values})["result"]) for instance, values in instances.items()]

    def conclusions(self, fired: list) -> list[tuple[str, str]]:
        return [(row["rule"], at) for at, result in fired for level in LEVELS for row in result[level]]


def _node(name: str, kind: str, content: dict | None = None) -> dict:
    node = {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}}
    return {**node, "content": content} if content else node


def _table(level: str, clauses: list, below: tuple[str, ...]) -> dict:
    rows = [
        {
            "_id": one["rule"],
            "when": _when(one, below),
            "rule": f"'{one['rule']}'",
            "head": f"'{one['heads'][0]}'",
        }
        for one in clauses
    ]
    return {
        "hitPolicy": "collect",
        "passThrough": True,
        "inputField": None,
        "outputPath": level,
        "executionMode": "single",
        "inputs": [{"id": "when", "name": "when"}],
        "outputs": [{"id": name, "name": name, "field": name} for name in ("rule", "head")],
        "rules": rows,
    }


def _when(clause: dict, below: tuple[str, ...]) -> str:
    def holds(fact: str) -> str:
        return " or ".join(f"('{fact}' in map({level}, #.head))" for level in below)

    tests = [
        f"o['{name}'] >= {operand}" if comparison else f"({holds(name)})"
        for name, _, comparison, operand in clause["positives"]
    ]
    return " and ".join(tests + [f"not ({holds(name)})" for name in clause["unless"]])
