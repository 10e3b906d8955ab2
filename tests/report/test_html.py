"""The page for tickets and e-mails: what it says, that it is whole, and that nothing in it acts."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import campaign_rules as cr
from campaign_rules.report import render_fragment, render_html, wording
from tests.rule_bases import write_rule_base

HOSTILE = "</style></script><script>alert(1)</script><img src=x onerror=alert(1)> \x1b[31m \u202e {{ 7*7 }}"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> cr.KnowledgeBase:
    return cr.load_knowledge(write_rule_base(tmp_path_factory.mktemp("base") / "rules"))


@pytest.fixture
def diagnosis(base: cr.KnowledgeBase) -> cr.Diagnosis:
    return cr.diagnose(["mails-not-sent", "stat-missing@prod", "queue=2000"], knowledge=base)


def page(diagnosis: cr.Diagnosis) -> str:
    return render_html(diagnosis, diagnosis.knowledge, diagnosis.proof.derivation)


class Elements(HTMLParser):
    """Collects the elements with their attributes, and checks that each is closed where it should be."""

    VOID = frozenset({"meta", "input", "br", "img", "link", "path", "rect", "circle"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_the_page_names_root_cause_steps_and_proof(diagnosis: cr.Diagnosis) -> None:
    text = page(diagnosis)
    assert '<h1><span class="culprit">stat@prod</span>' in text
    assert "nlserver start stat@prod" in text
    assert "stat-gone" in text
    assert {tag for tag, _ in Elements(text).found} >= {"main", "svg", "details", "ol", "button"}


def test_the_page_stands_alone(diagnosis: cr.Diagnosis) -> None:
    for _, attributes in Elements(page(diagnosis)).found:
        assert not {"src", "href", "action", "data"} & set(attributes)
    assert "url(" not in page(diagnosis)
    assert "@import" not in page(diagnosis)


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_page_speaks_the_language(base: cr.KnowledgeBase, language: str) -> None:
    text = page(cr.diagnose(["stat-missing"], knowledge=base, language=language))
    assert f'<html lang="{language}">' in text
    for key in ("suspects", "plan", "observed", "proof", "blame", "copy"):
        assert wording(language)[key] in text


def test_nothing_recognised_and_nothing_implicated_are_pages(base: cr.KnowledgeBase) -> None:
    assert "Nothing known was recognised" in page(cr.diagnose([], knowledge=base))
    healthy = cr.diagnose([cr.Observation("stat-missing", cr.State.ABSENT)], knowledge=base)
    assert "No module is implicated" in page(healthy)


def test_a_fragment_is_no_page_of_its_own(diagnosis: cr.Diagnosis) -> None:
    text = render_fragment(diagnosis, diagnosis.knowledge, diagnosis.proof.derivation)
    names = {tag for tag, _ in Elements(text).found}
    assert not names & {"html", "head", "body", "main"}
    assert all(".campaign-rules" in rule for rule in _selectors(text))


def _selectors(text: str) -> list[str]:
    style = text[text.index("<style>") + len("<style>") : text.index("</style>")]
    return [one for one in re.findall(r"([^{}]+)\{", style) if not one.strip().startswith("@")]


def test_text_from_outside_does_not_act(base: cr.KnowledgeBase) -> None:
    plain = cr.diagnose(["mails-not-sent"], knowledge=base)
    given = cr.Observation("mails-not-sent", provenance=(cr.Provenance(HOSTILE, 1, HOSTILE),))
    text = page(cr.diagnose([given], knowledge=base))
    found = Elements(text).found
    assert [tag for tag, _ in found if tag == "script"] == ["script"]
    assert "img" not in {tag for tag, _ in found}
    assert not any(name.startswith("on") for _, attributes in found for name in attributes)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "{{ 7*7 }}" in text
    assert page(plain).count("<script>") == text.count("<script>")


def test_the_shipped_example_reads_well(tmp_path: Path) -> None:
    incident = Path(__file__).parents[2] / "examples" / "incidents" / "stat-down"
    text = page(cr.diagnose(cr.read_files([incident])))
    (picture,) = (attributes for tag, attributes in Elements(text).found if tag == "svg")
    assert str(picture["aria-label"]).startswith("stat@prod; ")
