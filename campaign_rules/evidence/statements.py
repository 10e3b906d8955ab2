"""Running text to statements: each sentence read in the languages that it may be written in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from attrs import frozen

from campaign_rules.evidence.clauses import Clause, split_clauses
from campaign_rules.evidence.recogniser import Recogniser
from campaign_rules.evidence.terms import Reader, Term, likely_languages, make_reader
from campaign_rules.evidence.text_lines import Line
from campaign_rules.evidence.words import Sentence, split_sentences


@frozen(eq=False)
class Statement:
    """A sentence read in the language `code`: its terms, and the clauses that say something."""

    sentence: Sentence
    code: str
    terms: tuple[Term, ...]
    clauses: tuple[Clause, ...]


def read_statements(lines: Sequence[Line], recogniser: Recogniser) -> tuple[Statement, ...]:
    """Read each sentence of `lines` in every language that knows most of its words."""

    @cache
    def reader(code: str) -> Reader:
        return make_reader(recogniser.tongue(code).lexicon)

    @cache
    def terms(code: str, at: int) -> tuple[Term, ...]:
        return tuple(reader(code).terms(sentences[at].words)) if at < len(sentences) else ()

    sentences = split_sentences(lines)
    return tuple(
        Statement(
            sentence,
            code,
            terms(code, at),
            split_clauses(terms(code, at), sentence.question, terms(code, at + 1)),
        )
        for at, (sentence, codes) in enumerate(zip(sentences, _languages(sentences, recogniser), strict=True))
        for code in codes
    )


def _languages(sentences: Sequence[Sentence], recogniser: Recogniser) -> Iterator[list[str]]:
    """Yield the languages of each sentence: those that know most of it, and then most of the text."""
    known = [recogniser.vocabularies[code] for code in sorted(recogniser.vocabularies)]
    overall = dict(likely_languages([word for sentence in sentences for word in sentence.words], known))
    for sentence in sentences:
        scores = likely_languages(sentence.words, known)
        best = [code for code, score in scores if score == scores[0][1]]
        most = max((overall[code] for code in best), default=0)
        yield [code for code in best if overall[code] == most]
