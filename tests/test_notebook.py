"""What notebooks show: HTML with its own style, and text where there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import campaign_rules as cr
from campaign_rules import notebook
from campaign_rules.errors import InputError, UnknownNameError

INCIDENT = Path(__file__).parent.parent / "examples" / "incidents" / "stat-down"


@pytest.fixture(scope="module")
def diagnosis() -> cr.Diagnosis:
    return cr.diagnose(cr.read_files([INCIDENT]))


def test_a_diagnosis_shows_itself(diagnosis: cr.Diagnosis) -> None:
    bundle = diagnosis._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert bundle["text/plain"].startswith("Root cause: stat@prod")
    assert bundle["text/html"] == diagnosis._repr_html_()
    for words in ("Suspects", "How the fault shows", "What to do", "Proof", "Observed"):
        assert words in bundle["text/html"]


@pytest.mark.parametrize(
    ("part", "text", "html"),
    [
        pytest.param(notebook.suspects, "stat@prod", 'class="suspect"', id="suspects"),
        pytest.param(notebook.graph, "flowchart LR", "<svg", id="graph"),
        pytest.param(notebook.plan, "nlserver start stat@prod", 'type="checkbox"', id="plan"),
        pytest.param(notebook.proof, "stat-missing", "stat-missing", id="proof"),
    ],
)
def test_a_part_shows_alone(
    diagnosis: cr.Diagnosis, part: Callable[[cr.Diagnosis], notebook.Shown], text: str, html: str
) -> None:
    shown = part(diagnosis)
    assert text in repr(shown)
    assert html in shown._repr_html_()
    assert shown._repr_mimebundle_() == {"text/plain": repr(shown), "text/html": shown._repr_html_()}
    assert len(shown._repr_html_()) < len(diagnosis._repr_html_())


def test_the_proof_of_a_module_by_name(diagnosis: cr.Diagnosis) -> None:
    assert "not among the suspects" in notebook.proof(diagnosis, "web").html
    with pytest.raises(UnknownNameError, match="did you mean 'stat'"):
        notebook.proof(diagnosis, "statt")
    with pytest.raises(InputError, match="no module is suspected"):
        notebook.proof(cr.diagnose([]))


def test_a_knowledge_base_is_counted(diagnosis: cr.Diagnosis) -> None:
    shown = notebook.knowledge_base(diagnosis.knowledge, "it")
    assert str(len(diagnosis.knowledge.rules)) in shown.html
    assert "regole" in shown.html
    assert len(repr(shown)) < 200


def test_ipython_learns_to_show_a_knowledge_base(diagnosis: cr.Diagnosis) -> None:
    known: dict[type, Callable[[Any], str]] = {}

    class Formatter:
        def for_type(self, kind: type, show: Callable[[Any], str]) -> None:
            known[kind] = show

    display = SimpleNamespace(formatters={"text/html": Formatter()})
    notebook.load_ipython_extension(SimpleNamespace(display_formatter=display))
    assert "trackinglogd" in known[cr.KnowledgeBase](diagnosis.knowledge)
