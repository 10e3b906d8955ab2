"""A result as a document: every section, in the result's language, for any markup."""

from __future__ import annotations

import pytest
from attrs import evolve

import campaign_rules as cr
from campaign_rules.model import Provenance, StepKind
from campaign_rules.report.document import Code, Document, Heading, Items, Paragraph, Span, Table
from campaign_rules.report.markup import to_adf, to_html, to_markdown, to_textile
from campaign_rules.report.outline import headline, observed, others, outline, plan
from tests.rule_bases import write_rule_base


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> cr.KnowledgeBase:
    return cr.load_knowledge(write_rule_base(tmp_path_factory.mktemp("base") / "rules"))


@pytest.fixture
def diagnosis(base: cr.KnowledgeBase) -> cr.Diagnosis:
    return cr.diagnose(["mails-not-sent", "stat-missing@prod", "queue=2000"], knowledge=base)


def titles(document: Document) -> list[str]:
    """Return the headings of a document."""
    return [block.text for block in document if isinstance(block, Heading)]


def test_the_sections_in_their_order(diagnosis: cr.Diagnosis, base: cr.KnowledgeBase) -> None:
    first, *rest = titles(outline(diagnosis, base))
    assert first.startswith("Root cause: stat@prod (")
    assert rest[:3] == ["Observed", "Suspects", "What to do (expected 10 minutes)"]


@pytest.mark.parametrize("writer", [to_markdown, to_html, to_textile, to_adf])
def test_any_markup_has_it_all(diagnosis: cr.Diagnosis, base: cr.KnowledgeBase, writer: object) -> None:
    page = str(writer(outline(diagnosis, base)))  # type: ignore[operator]
    for words in (
        "Root cause",
        "stat does not run",
        "Start stat",
        "nlserver start stat@prod",
        "Mails in the queue",
    ):
        assert words in page


def test_a_step_has_its_command_in_its_own_entry(diagnosis: cr.Diagnosis, base: cr.KnowledgeBase) -> None:
    (steps,) = (block for block in plan(diagnosis) if isinstance(block, Items))
    assert steps.numbered
    first, *rest = steps.entries[0]
    assert first.spans[0] == Span("Start stat", strong=True)
    assert "disruption: low" in first.spans[1].text
    assert rest == [Code("nlserver start stat@prod")]


def test_a_check_is_told_from_an_act_and_a_warning_stands_out(diagnosis: cr.Diagnosis) -> None:
    step = evolve(diagnosis.plan[0], kind=StepKind.CHECK, warning="Mails wait", verify="Mails leave")
    (_, steps) = plan(evolve(diagnosis, plan=(step,)))
    assert isinstance(steps, Items)
    first, _, warning, verify = steps.entries[0]
    assert isinstance(first, Paragraph)
    assert first.spans[0] == Span("Check: ")
    assert warning == Paragraph((Span("Caution:", strong=True), Span(" Mails wait")))
    assert verify == Paragraph((Span("Then: Mails leave"),))


def test_an_observation_names_each_place_once(base: cr.KnowledgeBase) -> None:
    places = (Provenance("a.log", 3, "x"), Provenance("a.log", 3, "y"), Provenance("b.txt"))
    given = cr.Observation("queue", value=5.0, instance="prod", provenance=places)
    (_, items) = observed(cr.diagnose([given], knowledge=base), base)
    assert items == Items(((Paragraph((Span("Mails in the queue = 5 @prod — a.log:3, b.txt"),)),),))


def test_other_suspects_are_cut_and_counted(diagnosis: cr.Diagnosis, base: cr.KnowledgeBase) -> None:
    many = evolve(diagnosis, suspects=(diagnosis.suspects[0],) * 4)
    title, table, rest = others(many, base, 2)
    assert isinstance(table, Table)
    assert (title, len(table.rows)) == (Heading(3, "Other suspects"), 2)
    assert rest == Paragraph((Span("and 1 more"),))
    assert others(evolve(diagnosis, suspects=diagnosis.suspects[:1]), base, 2) == ()


def test_no_suspect_stands_out_below_a_tenth(diagnosis: cr.Diagnosis, base: cr.KnowledgeBase) -> None:
    first = evolve(diagnosis.suspects[0], probability=0.09)
    assert headline(evolve(diagnosis, suspects=(first,)), base) == (Heading(2, "No cause stands out yet"),)


def test_nothing_recognised_says_what_to_send(base: cr.KnowledgeBase) -> None:
    nothing = outline(cr.diagnose([], knowledge=base, language="it"), base)
    assert titles(nothing) == ["Nel testo non è stato riconosciuto nulla di noto."]
    assert "nlserver pdump" in to_markdown(nothing)
