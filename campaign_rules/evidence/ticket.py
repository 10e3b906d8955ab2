"""A ticket to observations: its prose, the machine lines quoted in it, and its attachments."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from campaign_rules.evidence.artifact import artifact_ranks, measure
from campaign_rules.evidence.gathering import gather
from campaign_rules.evidence.instances import named_instances
from campaign_rules.evidence.log_lines import read_log_line
from campaign_rules.evidence.log_matches import match_lines
from campaign_rules.evidence.matching import find_phrases
from campaign_rules.evidence.merge import Ranks
from campaign_rules.evidence.period import ALWAYS, Period
from campaign_rules.evidence.prose_search import match_prose
from campaign_rules.evidence.recogniser import Recogniser
from campaign_rules.evidence.statements import Statement, read_statements
from campaign_rules.evidence.text_lines import Line, excerpt, split_lines
from campaign_rules.evidence.words import Sentence
from campaign_rules.model import TOKEN, Evidence, Ledger, Observation, Provenance

TICKET = "ticket"

SHORTEST = 3
"""Words of the shortest sentence that is told as not understood; a shorter one is a greeting or a name."""

_DIGITS = re.compile(r"\d+")
_PRINTED = re.compile(rf"\s*(?:<(?:ip|phone|card)-|(?!{TOKEN})[\d<\[{{#|]|at [\w.$]+\(|-{{3}})")
"""How a line begins that a machine printed: with a number, a date, markup, or a stack frame."""


def read_ticket(
    text: str,
    attachments: Sequence[str],
    recogniser: Recogniser,
    *,
    redact: bool = True,
    ledger: Ledger | None = None,
) -> Evidence:
    """Return the observations in a ticket, and what was not understood.

    Phrases are looked for in the prose; listings, probe replies and log lines are read wherever they
    are quoted. `attachments` are texts, named "attachment 1" and so on. What a machine printed stands
    against what people say. Raises :class:`InputError` when something is not a string.
    """
    attached = [
        artifact_ranks(split_lines(attachment, name), attachment, name, recogniser)
        for number, attachment in enumerate(attachments, start=1)
        if (name := f"attachment {number}")
    ]
    ranks = [ticket_ranks(split_lines(text, TICKET), TICKET, recogniser), *attached]
    return gather(ranks, redact=redact, ledger=ledger)


def named_ticket_ranks(text: str, source: str, recogniser: Recogniser, period: Period) -> Ranks:
    """Return what the ticket called `source` says, whatever it looks like."""
    return ticket_ranks(split_lines(text, source), source, recogniser, period)


def ticket_ranks(
    lines: Sequence[Line], source: str, recogniser: Recogniser, period: Period = ALWAYS
) -> Ranks:
    """Return what a ticket says; what log lines quoted in it show only within `period`."""
    measured = measure(lines, source, recogniser, period)
    machine = [line for line in lines if line.number in measured.lines or _is_log(line)]
    numbers = {line.number for line in machine}
    prose = [line for line in lines if line.number not in numbers]
    logged = match_lines(machine, source, recogniser.logs, period)
    statements = read_statements(prose, recogniser)
    quoted = match_prose(prose, source, recogniser, statements)
    said, missed = read_prose(statements, source, recogniser, [one.start for one in quoted if one.tells])
    logs = [line for line in machine if line.number not in measured.lines]
    errors = _unknown_errors(logs, source, recogniser)
    return Ranks(
        measured.observations,
        (*logged, *(one.observation for one in quoted)),
        said,
        (*missed, *errors),
        unlisted=measured.unlisted,
    )


def read_document(
    text: str, source: str, recogniser: Recogniser, *, redact: bool = True, ledger: Ledger | None = None
) -> Evidence:
    """Return what is in a file: read as a ticket if people wrote it, else as an artefact.

    Raises :class:`InputError` when `text` is not a string.
    """
    return gather([document_ranks(text, source, recogniser)], redact=redact, ledger=ledger)


def document_ranks(text: str, source: str, recogniser: Recogniser, period: Period = ALWAYS) -> Ranks:
    """Return what a file says: people wrote it when at least half of its lines are not a machine's."""
    lines = split_lines(text, source)
    filled = [line for line in lines if line.text.strip()]
    printed = measure(filled, source, recogniser).lines
    by_machine = sum(
        line.number in printed or _is_log(line) or bool(_PRINTED.match(line.text)) for line in filled
    )
    if 2 * by_machine > len(filled):
        return artifact_ranks(lines, text, source, recogniser, period)
    return ticket_ranks(lines, source, recogniser, period)


def read_prose(
    statements: Iterable[Statement], source: str, recogniser: Recogniser, signs: Iterable[int] = ()
) -> tuple[tuple[Observation, ...], tuple[Provenance, ...]]:
    """Return what the phrases of the knowledge base find in running text, and the sentences they do not know.

    A sentence counts as known, too, if a sign was found in it that tells something: `signs` are the places
    where they begin.
    """
    readings = [tuple(group) for _, group in groupby(statements, key=lambda one: one.sentence.start)]
    signed = {bisect_right(readings, at, key=lambda one: one[0].sentence.start) - 1 for at in signs}
    found: list[Observation] = []
    missed: list[Provenance] = []
    for number, reading in enumerate(readings):
        said = [one for statement in reading for one in _read_statement(statement, source, recogniser)]
        found += said
        sentence = reading[0].sentence
        if not said and number not in signed and _says_something(sentence):
            missed.append(_place(sentence, source, 0, 0))
    return tuple(found), tuple(missed)


def _read_statement(statement: Statement, source: str, recogniser: Recogniser) -> Iterator[Observation]:
    sentence = statement.sentence
    instances = named_instances(sentence.text, statement.terms) or ("",)
    tongues = recogniser.tongues(statement.code)
    for clause in statement.clauses:
        for found in (hit for tongue in tongues for hit in find_phrases(clause, tongue.phrases)):
            place = _place(sentence, source, found.terms[0].start, found.terms[-1].end)
            for instance in instances:
                yield Observation(
                    found.phrase.observation, found.state, found.phrase.value, instance, (place,)
                )


def _place(sentence: Sentence, source: str, first: int, last: int) -> Provenance:
    shown = excerpt(sentence.text, first, last, around=sentence.around, at=sentence.start)
    return Provenance(source, sentence.line, shown)


def _says_something(sentence: Sentence) -> bool:
    """Tell whether a sentence is more than a greeting, a name or a number."""
    return sum(not word.folded.isdecimal() for word in sentence.words) >= SHORTEST


def _unknown_errors(lines: Iterable[Line], source: str, recogniser: Recogniser) -> Iterator[Provenance]:
    """Yield the quoted log lines that report an error of which nothing is known, alike ones once."""
    alike: dict[str, list[Line]] = {}
    for line in lines:
        if read_log_line(line.text).severity == "error":
            alike.setdefault(_DIGITS.sub("0", line.text), []).append(line)
    for first, *others in alike.values():
        if not match_lines([first], source, recogniser.logs):
            yield Provenance(source, first.number, excerpt(first.text), 1 + len(others))


def _is_log(line: Line) -> bool:
    return read_log_line(line.text).layout != "plain"
