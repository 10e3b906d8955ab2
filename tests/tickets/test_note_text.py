"""What a note says: enough to act on, short enough for a ticket, and the same for the same evidence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

import campaign_rules as cr
from campaign_rules.model import Provenance
from campaign_rules.report.markup import to_markdown
from campaign_rules.tickets import Markup, Note, rendered
from campaign_rules.tickets.known_issues import KnownIssue
from campaign_rules.tickets.note_text import diagnosed, known, undecided

INCIDENT = Path(__file__).parents[2] / "examples" / "incidents" / "stat-down"
ISSUE = KnownIssue(module="stat", reason="It *moves*", until=date(2027, 1, 31), by="A. Rossi")


def read(language: str = "en") -> cr.Diagnosis:
    """Return the diagnosis of the incident."""
    words = (INCIDENT / "ticket.txt").read_text(encoding="utf-8")
    listing = (INCIDENT / "pdump.txt").read_text(encoding="utf-8")
    return cr.diagnose(cr.read_ticket(words, [listing]), language=language)


@pytest.fixture(scope="module")
def found() -> cr.Diagnosis:
    return read()


@pytest.fixture(scope="module")
def vague() -> cr.Diagnosis:
    return cr.diagnose(cr.read_ticket("No e-mail leaves."))


def section(page: str, title: str) -> str:
    """Return what stands below a heading."""
    return page.partition(f"\n### {title}")[2].partition("\n##")[0]


def test_a_diagnosis_names_the_cause_the_evidence_and_the_steps(found: cr.Diagnosis) -> None:
    page = to_markdown(diagnosed(found))
    assert page.startswith("## Root cause: stat@prod (> 99 %)\n\nstat is not running")
    assert "- No e-mail is sent any more — ticket:1, ticket:4: `Subject" in section(page, "Why")
    assert "The mta process" not in section(page, "Why")
    todo = section(page, "What to do (expected 9 minutes)")
    assert "nlserver start stat@prod" in todo
    assert "**Caution:**" in todo
    assert "Then: nlserver pdump lists stat@prod" in todo
    assert "Nobody changed anything in the templates" in section(page, "Not understood")
    assert f"knowledge base {found.knowledge_version}" in page


def test_evidence_is_the_strongest_first_and_no_line_is_quoted_twice(found: cr.Diagnosis) -> None:
    place = Provenance("mta.log", 41, "a " * 100)
    made = tuple(evolve(item, provenance=(place,)) for item in found.observations)
    reasons = section(to_markdown(diagnosed(evolve(found, observations=made))), "Why")
    assert reasons.index("The stat process is not running") < reasons.index("No e-mail is sent")
    assert reasons.count("mta.log:41") == 3
    assert reasons.count("`") == 2
    assert "a a…`" in reasons


def test_what_is_long_is_cut_and_counted(found: cr.Diagnosis, vague: cr.Diagnosis) -> None:
    many = evolve(
        found,
        suspects=found.suspects * 9,
        plan=found.plan * 3,
        next_checks=vague.next_checks[:4],
        not_understood=found.not_understood * 7,
    )
    page = to_markdown(diagnosed(many))
    assert section(page, "Other suspects").count("**stat@prod**") == 4
    assert "and 4 more" in section(page, "Other suspects")
    assert "6. " in section(page, "What to do")
    assert "7. " not in section(page, "What to do")
    assert "and 3 more" in section(page, "What to do")
    assert section(page, "To find out next").count("min)") == 3
    assert "and 1 more" in section(page, "To find out next")
    assert "and 2 more" in section(page, "Not understood")


def test_what_is_undecided_only_asks(vague: cr.Diagnosis) -> None:
    assert vague.plan
    page = to_markdown(undecided(vague))
    assert page.startswith("## No cause stands out yet\n\nUnderstood: No e-mail is sent any more\n")
    questions = section(page, "To find out next")
    assert (
        "1. **Do the web pages of Campaign fail in a browser?** (1 min)\n\n    Open the web access"
        in questions
    )
    assert "Reply with the answers" in questions
    assert "What to do" not in page
    assert all(step.action not in page for step in vague.plan)
    assert all(f"**{suspect.module}" not in page for suspect in vague.suspects)


def test_what_was_understood_is_one_line_without_the_platform() -> None:
    given = ["ctx-os=linux", "mails-not-sent@prod", "!process-missing-stat"]
    page = to_markdown(undecided(cr.diagnose(given)))
    assert "\nUnderstood: No e-mail is sent any more \\@prod\n" in page
    assert "linux" in to_markdown(undecided(cr.diagnose(["ctx-os=linux"])))


def test_much_that_was_understood_is_cut(found: cr.Diagnosis) -> None:
    (line,) = (line for line in to_markdown(undecided(found)).splitlines() if line.startswith("Understood"))
    assert line.count(";") <= 6
    many = evolve(found, observations=found.observations * 9)
    assert "more" in next(line for line in to_markdown(undecided(many)).splitlines() if "Understood" in line)


def test_nothing_implicated_and_nothing_to_ask_says_what_to_send() -> None:
    page = to_markdown(undecided(evolve(cr.diagnose(["ctx-os=linux"]), next_checks=())))
    assert page.startswith("## No module is implicated")
    assert "add the output of nlserver pdump" in page


def test_nothing_recognised_says_what_to_send() -> None:
    page = to_markdown(undecided(cr.diagnose(cr.read_ticket("Please dance."))))
    assert page.startswith("## Nothing known was recognised")
    assert "add the output of nlserver pdump" in page


def test_a_known_issue_has_its_reason_and_end_and_no_step(found: cr.Diagnosis) -> None:
    page = to_markdown(known(found, ISSUE))
    assert page.startswith("## Known issue: stat@prod\n\nstat is not running")
    assert "**Reason:** It \\*moves\\*\n\nHolds until 2027-01-31, says A. Rossi.\n" in page
    assert "The stat process is not running" in section(page, "Why")
    assert "nlserver start" not in page
    assert "Holds until 2027-01-31.\n" in to_markdown(known(found, evolve(ISSUE, by="")))


def test_italian() -> None:
    page = to_markdown(diagnosed(read("it")))
    for words in (
        "Causa principale: stat@prod",
        "### Perché",
        "### Che cosa fare",
        "amministratore",
        "Scritto da",
    ):
        assert words in page
    page = to_markdown(undecided(cr.diagnose(cr.read_ticket("No e-mail leaves."), language="it")))
    for words in ("Nessuna causa emerge ancora", "Compreso: ", "### Da verificare ora", "Rispondere qui"):
        assert words in page
    assert "Vale fino al 2027-01-31, secondo A. Rossi." in to_markdown(known(read("it"), ISSUE))


def test_the_same_evidence_gives_the_same_note(found: cr.Diagnosis) -> None:
    assert Note(diagnosed(read())).digest == Note(diagnosed(found)).digest
    less = found.without("delivery-start-pending@prod")
    assert Note(diagnosed(less)).digest != Note(diagnosed(found)).digest


@pytest.mark.parametrize("markup", Markup)
def test_foreign_words_only_show(found: cr.Diagnosis, markup: Markup) -> None:
    hostile = "</pre><script>alert(1)</script> | *a* `b` @all \x1b\u202e"
    made = tuple(evolve(item, provenance=(Provenance(hostile, 1, hostile),)) for item in found.observations)
    missed = (Provenance(hostile, 1, hostile),)
    page = str(rendered(Note(diagnosed(evolve(found, observations=made, not_understood=missed))), markup))
    assert "\x1b" not in page
    assert "\u202e" not in page
    if markup is Markup.HTML:
        assert "<script" not in page
