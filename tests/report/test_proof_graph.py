"""The proof as a graph, in Mermaid and in the language of Graphviz."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import campaign_rules as cr
from campaign_rules.report import render_dot, render_mermaid
from tests.rule_bases import AREA, write_rule_base


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> cr.KnowledgeBase:
    return cr.load_knowledge(write_rule_base(tmp_path_factory.mktemp("base") / "rules"))


def mermaid(diagnosis: cr.Diagnosis) -> str:
    return render_mermaid(diagnosis, diagnosis.knowledge, diagnosis.proof.derivation)


def dot(diagnosis: cr.Diagnosis) -> str:
    return render_dot(diagnosis, diagnosis.knowledge, diagnosis.proof.derivation)


def arrows(text: str) -> set[tuple[str, str]]:
    """Return the edges of a flowchart by the labels of their ends."""
    labels = dict(re.findall(r"^    (n\d+)[\[({]+\"([^\"]*)\"", text, re.MULTILINE))
    edges = re.findall(r"^    (n\d+) -.*?>(?:\|[^|]*\|)? (n\d+)$", text, re.MULTILINE)
    return {(labels[start], labels[end]) for start, end in edges}


def test_observations_lead_through_causes_and_dependents_to_the_suspect(base: cr.KnowledgeBase) -> None:
    diagnosis = cr.diagnose(["mails-not-sent", "stat-missing@prod", "queue=2000"], knowledge=base)
    found = arrows(mermaid(diagnosis))
    suspect = next(end for _, end in found if end.startswith("stat@prod "))
    assert ("stat does not run @prod", "stat is stopped") in found
    assert ("stat is stopped", suspect) in found
    assert ("mta@prod", suspect) in found


def test_derived_facts_are_followed_to_what_was_observed(base: cr.KnowledgeBase) -> None:
    found = arrows(mermaid(cr.diagnose(["queue=2000", "mails-not-sent"], knowledge=base)))
    derived = next(end for start, end in found if start.startswith("Mails in the queue"))
    assert derived.startswith("The queue is long")
    assert any(start == derived for start, _ in found)


def test_what_speaks_against_is_dotted(base: cr.KnowledgeBase) -> None:
    given = ["mails-not-sent", cr.Observation("stat-missing", cr.State.ABSENT)]
    diagnosis = cr.diagnose(given, knowledge=base)
    assert '-.->|"stat-runs"|' in mermaid(diagnosis)
    assert "style=dashed" in dot(diagnosis)


def test_without_suspects_the_graph_is_empty(base: cr.KnowledgeBase) -> None:
    assert arrows(mermaid(cr.diagnose([], knowledge=base))) == set()
    assert dot(cr.diagnose([], knowledge=base)) == "digraph proof {\n    rankdir=LR\n}\n"


HOSTILE = "x']; click n1 javascript:alert(1) %% `b` <script> | end --> \u202e #quot; & { }"


def test_labels_stay_labels(tmp_path: Path) -> None:
    area = AREA.replace("en: No mail is sent", f"en: {json.dumps(HOSTILE)}")
    assert area != AREA
    diagnosis = cr.diagnose(
        ["mails-not-sent"], knowledge=cr.load_knowledge(write_rule_base(tmp_path / "rules", area))
    )
    lines = mermaid(diagnosis).splitlines()
    assert lines[0] == "flowchart LR"
    node = r'n\d+\W+"[\w .,:()/@%+>#;-]*"\W*(:::suspect)?'
    edge = r'n\d+ -\.?->(\|"[\w .,:()/@%+>#;-]*"\|)? n\d+'
    style = r"classDef suspect [\w:#,-]+"
    assert any("script" in line for line in lines)
    assert all(re.fullmatch(rf"    ({node}|{edge}|{style})", line) for line in lines[1:])
    quoted = r'"(?:[^"\\\n]|\\["\\])*"'
    node = rf'n\d+ \[label={quoted}, [^"\n]*(?:"rounded,dashed")?\]'
    edge = rf'n\d+ -> n\d+ \[label={quoted}[^"\n]*\]'
    assert all(
        re.fullmatch(rf"    ({node}|{edge}|rankdir=LR)", line) for line in dot(diagnosis).splitlines()[1:-1]
    )
