"""What a person reads: width, colour, languages, escaping, reasons."""

from __future__ import annotations

from pathlib import Path

import pytest

import campaign_rules as cr
from campaign_rules.report import render_markdown, render_text, wording
from campaign_rules.report.wording import languages
from tests.rule_bases import AREA, write_rule_base


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> cr.KnowledgeBase:
    return cr.load_knowledge(write_rule_base(tmp_path_factory.mktemp("base") / "rules"))


@pytest.fixture
def diagnosis(base: cr.KnowledgeBase) -> cr.Diagnosis:
    return cr.diagnose(["mails-not-sent", "stat-missing@prod", "queue=2000"], knowledge=base)


@pytest.mark.parametrize("width", [60, 80, 100])
def test_text_keeps_to_its_width(diagnosis: cr.Diagnosis, base: cr.KnowledgeBase, width: int) -> None:
    lines = render_text(diagnosis, base, width=width).splitlines()
    assert max(map(len, lines)) <= width
    assert lines[0].startswith("Root cause: stat@prod")
    assert "  stat is stopped" in lines
    assert "  explains: mta@prod" in lines


def test_colour_only_when_asked(diagnosis: cr.Diagnosis, base: cr.KnowledgeBase) -> None:
    assert "\x1b[" not in render_text(diagnosis, base)
    assert "\x1b[" in render_text(diagnosis, base, colour=True)


def test_the_command_names_the_instance(diagnosis: cr.Diagnosis, base: cr.KnowledgeBase) -> None:
    assert "nlserver start stat@prod" in render_text(diagnosis, base)
    assert "    nlserver start stat@prod" in render_markdown(diagnosis, base)


def test_italian(base: cr.KnowledgeBase) -> None:
    diagnosis = cr.diagnose(["stat-missing"], knowledge=base, language="it")
    text = render_text(diagnosis, base)
    assert text.startswith("Causa principale: stat")
    assert "Avviare stat" in text
    assert "amministratore" in render_markdown(diagnosis, base)


def test_every_language_has_every_word() -> None:
    keys = {language: set(wording(language)) for language in languages()}
    assert keys["en"] == keys["it"]
    for key in keys["en"]:
        assert wording("en")[key].count("{") == wording("it")[key].count("{")


def test_nothing_recognised_and_nothing_implicated_are_answers(base: cr.KnowledgeBase) -> None:
    nothing = cr.diagnose([], knowledge=base)
    assert "Nothing known was recognised" in render_text(nothing, base)
    assert "Nothing known was recognised" in render_markdown(nothing, base)
    healthy = cr.diagnose([cr.Observation("stat-missing", cr.State.ABSENT)], knowledge=base)
    assert "No module is implicated" in render_text(healthy, base)
    assert "No module is implicated" in render_markdown(healthy, base)


def test_what_no_rule_used_is_listed(base: cr.KnowledgeBase) -> None:
    diagnosis = cr.diagnose(["mails-not-sent", "queue=5"], knowledge=base)
    assert diagnosis.unused == ("queue",)
    assert "used by no rule: queue" in render_text(diagnosis, base)


HOSTILE = "**<script>alert(1)</script>** [x](http://x) | `rm` \x1b[31m\x07"


def test_markdown_shows_foreign_text_as_it_is(base: cr.KnowledgeBase) -> None:
    given = cr.Observation("mails-not-sent", provenance=(cr.Provenance(HOSTILE, 1),))
    page = render_markdown(cr.diagnose([given], knowledge=base), base)
    assert "<script>" not in page
    assert "[x](" not in page
    assert "\\*\\*\\<script\\>" in page


def test_text_shows_no_control_codes_from_outside(base: cr.KnowledgeBase) -> None:
    given = cr.Observation("mails-not-sent", provenance=(cr.Provenance(HOSTILE, 1),))
    text = render_text(cr.diagnose([given], knowledge=base), base, width=200)
    assert "<script>" in text
    assert "\x1b" not in text
    assert "\x07" not in text


def test_why_lists_terms_that_add_up_and_the_proof(diagnosis: cr.Diagnosis) -> None:
    why = diagnosis.why("stat")
    assert "stat-gone: supports stat-stopped (certain), impairs stat (likely)" in why
    assert "because stat does not run" in why
    assert "(through mta@prod)" in why


def test_why_follows_derived_facts_to_the_observation(base: cr.KnowledgeBase, tmp_path: Path) -> None:
    diagnosis = cr.diagnose(["queue=2000", "mails-not-sent"], knowledge=base)
    lines = diagnosis.why("mta").splitlines()
    derived = next(number for number, line in enumerate(lines) if "because The queue is long" in line)
    assert "long-queue: derives queue-long" in lines[derived + 1]
    assert "because Mails in the queue = 2000.0" in lines[derived + 2]


def test_why_not_tells_missing_from_contradicted(base: cr.KnowledgeBase) -> None:
    missing = cr.diagnose(["mails-not-sent"], knowledge=base).why_not("stat")
    assert "missing: stat does not run" in missing
    denied = cr.diagnose(["mails-not-sent", cr.Observation("stat-missing", cr.State.ABSENT)], knowledge=base)
    assert "contradicted: stat does not run" in denied.why_not("stat")
    assert "stat-runs: refutes stat-stopped (certain)" in denied.why_not("stat")


def test_json_keys_of_the_schema(diagnosis: cr.Diagnosis) -> None:
    result = diagnosis.to_dict()
    assert {
        "schema_version",
        "knowledge_version",
        "observations",
        "suspects",
        "plan",
        "next_checks",
        "unused",
        "proof",
    } <= set(result)
    assert {"id", "state", "value", "instance", "provenance"} <= set(result["observations"][0])
    assert {"module", "instance", "probability", "cause", "evidence"} <= set(result["suspects"][0])
    assert {"observation", "rule", "decibans"} <= set(result["suspects"][0]["evidence"][0])
    assert {"step", "action", "command", "performer", "disruption", "minutes", "addresses", "verify"} <= set(
        result["plan"][0]
    )


def test_why_not_tells_a_value_that_passes_from_one_that_does_not(tmp_path: Path) -> None:
    area = AREA.replace(
        "all: [{fact: queue, at_least: 1000}]", "all: [{fact: queue, at_least: 1000}, stat-missing]"
    ).replace(
        "then: [{derives: queue-long}]",
        "then: [{derives: queue-long}, {supports: mta-overloaded, strength: possible}]",
    )
    base = cr.load_knowledge(write_rule_base(tmp_path / "rules", area))
    passes = cr.diagnose(["queue=2000"], knowledge=base).why_not("mta")
    assert "missing: stat does not run" in passes
    assert "contradicted: Mails in the queue" not in passes
    assert "contradicted: Mails in the queue" in cr.diagnose(["queue=5"], knowledge=base).why_not("mta")
