"""What a note says, short enough for a ticket: a diagnosis, questions while it is open, or a known issue.

The same evidence gives the same document: it holds no time of day and nothing of the run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from campaign_rules.diagnosis import Diagnosis
from campaign_rules.model import NextCheck, Note, Observation, State, Suspect, Weight
from campaign_rules.report import named, wording
from campaign_rules.report import outline as sections
from campaign_rules.report.document import Block, Document, Entry, Heading, Items, Paragraph, Span
from campaign_rules.report.outline import bullets, more, paragraph
from campaign_rules.report.remarks import suspected
from campaign_rules.tickets.known_issues import KnownIssue

SUSPECTS, STEPS, QUESTIONS, REASONS, UNDERSTOOD = 4, 6, 3, 5, 6
"""The most that a note shows: suspects besides the first, steps, questions, evidence, observations."""

TELLING = 3.0
"""Decibans from which a piece of evidence is shown: those that make the suspect twice as likely."""

QUOTED = 100
"""Characters of a log line or sentence that a note shows."""


def diagnosed(diagnosis: Diagnosis, unread: Sequence[Note] = ()) -> Document:
    """Return the note on a diagnosis whose first suspect is to be acted on, and on what was not read."""
    return (
        *sections.headline(diagnosis, diagnosis.knowledge),
        *_evidence(diagnosis),
        *sections.others(diagnosis, diagnosis.knowledge, SUSPECTS),
        *_steps(diagnosis),
        *sections.unexplained(diagnosis),
        *_questions(diagnosis),
        *sections.missed(diagnosis),
        *_unread(unread, diagnosis.language),
        _writer(diagnosis),
    )


def undecided(diagnosis: Diagnosis, unread: Sequence[Note] = ()) -> Document:
    """Return the note on a diagnosis that is not to be acted on yet: what was understood, and what to ask."""
    left_out = tuple(_unread(unread, diagnosis.language))
    if not diagnosis.observations:
        return (*sections.nothing_recognised(diagnosis), *left_out, _writer(diagnosis))
    words = wording(diagnosis.language)
    title = words["unclear" if diagnosis.suspects else "nothing_implicated"]
    return (
        Heading(2, title),
        *_understood(diagnosis),
        *(_questions(diagnosis) or (paragraph(words["nothing_recognised_hint"]),)),
        *left_out,
        _writer(diagnosis),
    )


def known(diagnosis: Diagnosis, issue: KnownIssue) -> Document:
    """Return the note on a diagnosis whose first suspect is a known issue: why nothing is to be done."""
    words = wording(diagnosis.language)
    first = diagnosis.suspects[0]
    until = words["known_until_by" if issue.by else "known_until"].format(until=issue.until, by=issue.by)
    return (
        Heading(2, f"{words['known_issue']}: {named(first)}"),
        paragraph(suspected(first, diagnosis.knowledge, diagnosis.language)),
        Paragraph((Span(f"{words['reason']}:", strong=True), Span(f" {issue.reason}"))),
        paragraph(until),
        *_evidence(diagnosis),
        _writer(diagnosis),
    )


def _evidence(diagnosis: Diagnosis) -> Document:
    """Return the strongest evidence of the first suspect: where it was observed, and what stands there."""
    reasons: list[Entry] = []
    quoted: set[str] = set()
    for weight in _strongest(diagnosis.suspects[0]):
        item = _observed(weight, diagnosis)
        words = sections.observation(item, item.provenance[:2], diagnosis, diagnosis.knowledge)
        text = next((origin.text for origin in item.provenance if origin.text), "")
        quote = (Span(": "), Span(_cut(text), code=True)) if text and text not in quoted else ()
        quoted.add(text)
        reasons.append((Paragraph((Span(words), *quote)),))
    if not reasons:
        return ()
    return (Heading(3, wording(diagnosis.language)["evidence"]), Items(tuple(reasons)))


def _strongest(suspect: Suspect) -> list[Weight]:
    """Return the evidence that tells something, once for each observation, the strongest first."""
    best: dict[str, Weight] = {}
    for weight in sorted(suspect.evidence, key=lambda weight: -weight.decibans):
        if weight.decibans >= TELLING:
            best.setdefault(weight.observation, weight)
    return list(best.values())[:REASONS]


def _observed(weight: Weight, diagnosis: Diagnosis) -> Observation:
    """Return the observation behind a weight: that of the instance concerned, or else of none."""
    instance = weight.through.partition("@")[2] or diagnosis.suspects[0].instance
    return min(
        (item for item in diagnosis.observations if item.id == weight.observation),
        key=lambda item: (item.instance != instance, item.instance),
    )


def _steps(diagnosis: Diagnosis) -> Document:
    if not diagnosis.plan:
        return ()
    words = wording(diagnosis.language)
    title = f"{words['plan']} ({words['expected'].format(minutes=diagnosis.expected_minutes)})"
    return (
        Heading(3, title),
        sections.steps(diagnosis.plan[:STEPS], diagnosis.language),
        *more(diagnosis.plan, STEPS, diagnosis),
    )


def _understood(diagnosis: Diagnosis) -> Iterator[Block]:
    """Yield one line with what was observed, platform and subject left out where there is more to say."""
    kinds = diagnosis.knowledge.observations
    present = [item for item in diagnosis.observations if item.state is State.PRESENT]
    telling = [item for item in present if not kinds[item.id].context]
    labels = [sections.observation(item, (), diagnosis, diagnosis.knowledge) for item in telling or present]
    if labels:
        words = wording(diagnosis.language)
        rest = len(labels) - UNDERSTOOD
        shown = [*labels[:UNDERSTOOD], *([words["more"].format(count=rest)] if rest > 0 else [])]
        yield paragraph(f"{words['understood']}: {'; '.join(shown)}")


def _questions(diagnosis: Diagnosis) -> Document:
    if not diagnosis.next_checks:
        return ()
    words = wording(diagnosis.language)
    entries = tuple(_question(check, diagnosis.language) for check in diagnosis.next_checks[:QUESTIONS])
    return (
        Heading(3, words["questions"]),
        Items(entries, numbered=True),
        *more(diagnosis.next_checks, QUESTIONS, diagnosis),
        paragraph(words["reply"]),
    )


def _question(check: NextCheck, language: str) -> Entry:
    minutes = wording(language)["minutes"].format(minutes=check.minutes)
    first = Paragraph((Span(check.question, strong=True), Span(f" ({minutes})")))
    return (first, paragraph(check.how)) if check.how else (first,)


def _unread(unread: Sequence[Note], language: str) -> Iterator[Block]:
    """Yield which attachments, or parts of them, could not be read, and why."""
    if unread:
        yield Heading(3, wording(language)["not_read"])
        yield bullets([f"{note.source}: {note.text}" for note in unread])


def _writer(diagnosis: Diagnosis) -> Paragraph:
    words = wording(diagnosis.language)
    return paragraph(words["written_by"].format(version=sections.version(diagnosis)))


def _cut(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= QUOTED else f"{words[:QUOTED].rstrip()}…"
