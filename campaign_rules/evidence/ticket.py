"""A ticket to observations: its prose, the machine lines quoted in it, and its attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from campaign_rules.evidence.artifact import artifact_ranks, measure
from campaign_rules.evidence.clauses import split_clauses
from campaign_rules.evidence.instances import named_instances
from campaign_rules.evidence.log_lines import read_log_line
from campaign_rules.evidence.log_search import match_lines
from campaign_rules.evidence.matching import find_phrases
from campaign_rules.evidence.merge import Ranks
from campaign_rules.evidence.period import ALWAYS, Period
from campaign_rules.evidence.prose_search import match_prose
from campaign_rules.evidence.recogniser import Recogniser
from campaign_rules.evidence.standing import settle_all
from campaign_rules.evidence.terms import Reader, likely_languages, make_reader
from campaign_rules.evidence.text_lines import Line, excerpt, split_lines
from campaign_rules.evidence.words import Sentence, split_sentences
from campaign_rules.model import Observation, Provenance

TICKET = "ticket"

_PRINTED = re.compile(r"\s*(?:[\d<\[{#|]|at [\w.$]+\(|-{3})")
"""How a line begins that a machine printed: with a number, a date, markup, or a stack frame."""


def read_ticket(
    text: str, attachments: Sequence[str], recogniser: Recogniser, source: str = TICKET
) -> tuple[Observation, ...]:
    """Return the observations in a ticket, sorted.

    Phrases are looked for in the prose; listings, probe replies and log lines are read wherever they
    are quoted. `attachments` are texts, named "attachment 1" and so on. What a machine printed stands
    against what people say. Raises :class:`InputError` when something is not a string.
    """
    attached = [
        artifact_ranks(split_lines(attachment, name), attachment, name, recogniser)
        for number, attachment in enumerate(attachments, start=1)
        if (name := f"attachment {number}")
    ]
    return settle_all([ticket_ranks(split_lines(text, source), source, recogniser), *attached])


def ticket_ranks(
    lines: Sequence[Line], source: str, recogniser: Recogniser, period: Period = ALWAYS
) -> Ranks:
    """Return what a ticket says; what log lines quoted in it show only within `period`."""
    measured = measure(lines, source, recogniser, period)
    machine = [line for line in lines if line.number in measured.lines or _is_log(line)]
    numbers = {line.number for line in machine}
    prose = [line for line in lines if line.number not in numbers]
    logged = match_lines(machine, source, recogniser.logs, period)
    quoted = match_prose(prose, source, recogniser.logs)
    said = read_prose(prose, source, recogniser)
    return Ranks(measured.observations, (*logged, *quoted), said, unlisted=measured.unlisted)


def read_document(text: str, source: str, recogniser: Recogniser) -> tuple[Observation, ...]:
    """Return the observations in a file, sorted: read as a ticket if people wrote it, else as an artefact.

    Raises :class:`InputError` when `text` is not a string.
    """
    return settle_all([document_ranks(text, source, recogniser)])


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


def read_prose(lines: Sequence[Line], source: str, recogniser: Recogniser) -> tuple[Observation, ...]:
    """Return what the phrases of the knowledge base find in running text."""
    sentences = split_sentences(lines)
    known = [recogniser.vocabularies[code] for code in sorted(recogniser.vocabularies)]
    overall = dict(likely_languages([word for sentence in sentences for word in sentence.words], known))
    readers: dict[str, Reader] = {}
    found: list[Observation] = []
    for sentence in sentences:
        scores = likely_languages(sentence.words, known)
        best = [code for code, score in scores if score == scores[0][1]]
        most = max((overall[code] for code in best), default=0)
        for code in best:
            if overall[code] == most:
                if code not in readers:
                    readers[code] = make_reader(recogniser.tongue(code).lexicon)
                found.extend(_read_sentence(sentence, source, readers[code], recogniser))
    return tuple(found)


def _read_sentence(
    sentence: Sentence, source: str, reader: Reader, recogniser: Recogniser
) -> Iterator[Observation]:
    terms = reader.terms(sentence.words)
    instances = named_instances(sentence.text, terms) or ("",)
    tongues = recogniser.tongues(reader.lexicon.code)
    for clause in split_clauses(terms, sentence.question):
        for found in (hit for tongue in tongues for hit in find_phrases(clause, tongue.phrases)):
            first, last = found.terms[0].start, found.terms[-1].end
            place = Provenance(source, sentence.line, excerpt(sentence.text, first, last))
            for instance in instances:
                yield Observation(
                    found.phrase.observation, found.state, found.phrase.value, instance, (place,)
                )


def _is_log(line: Line) -> bool:
    return read_log_line(line.text).layout != "plain"
