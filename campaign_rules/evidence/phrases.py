"""Phrases of the knowledge base made ready: sets of concepts with a polarity, indexed by concept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from campaign_rules.errors import KnowledgeError
from campaign_rules.evidence.clauses import split_clauses
from campaign_rules.evidence.language import PRESENT, WELL, WORK, Concept, Lexicon, Vocabulary
from campaign_rules.evidence.terms import Names, Reader, make_reader
from campaign_rules.evidence.text_lines import plain
from campaign_rules.evidence.words import fold, split_words
from campaign_rules.model import ObservationType

_SAYING = frozenset({WORK, WELL, PRESENT})
_SHORT = 2
"""Words with a meaning up to which a phrase is looked at before its language is made ready."""


@frozen
class Phrase:
    """A phrase made ready: one set of meanings per word, and how it denies.

    `denies` says that it holds a negation word, `counts` that the word is one like "no" or "nothing",
    `reaches` that it holds a word like "after"; `value` is the word that it gives the observation.
    """

    observation: str
    elements: tuple[frozenset[Concept], ...]
    denies: bool = False
    counts: bool = False
    reaches: bool = False
    value: str | None = None

    @property
    def about(self) -> frozenset[str]:
        """Every concept that the phrase speaks of."""
        return frozenset(concept.name for element in self.elements for concept in element)


@frozen(eq=False)
class PhraseIndex:
    """All phrases, and for each concept the numbers of those that can use it."""

    phrases: tuple[Phrase, ...]
    by_concept: Mapping[str, tuple[int, ...]]


def index_phrases(observations: Iterable[ObservationType], lexicon: Lexicon) -> PhraseIndex:
    """Make the phrases of `observations` in the language of `lexicon` ready.

    Raises :class:`KnowledgeError` for one that says nothing: of filler words only, or the bare name of
    a common thing ("since the upgrade"), which any mention of it would match.
    """
    reader = make_reader(lexicon)
    common = _common(lexicon)
    phrases: dict[Phrase, None] = {}
    problems: list[str] = []
    for observation in sorted(observations, key=lambda entry: entry.id):
        for text in observation.signs.phrases.get(lexicon.code, ()):
            made = _phrases(observation, text, reader)
            problems.extend(_problems(observation, text, made, common))
            phrases |= dict.fromkeys(made)
    if problems:
        raise KnowledgeError(problems)
    index: dict[str, list[int]] = {}
    for number, phrase in enumerate(phrases):
        for name in sorted(phrase.about):
            index.setdefault(name, []).append(number)
    return PhraseIndex(tuple(phrases), {name: tuple(numbers) for name, numbers in index.items()})


def check_phrases(observations: Iterable[ObservationType], vocabularies: Mapping[str, Vocabulary]) -> None:
    """Refuse phrases of few words that say nothing, as far as their words as written show it.

    Raises :class:`KnowledgeError` as `index_phrases` does, and for a phrase in a language that is not
    among `vocabularies`.
    """
    lexicons = {code: _as_written(words) for code, words in sorted(vocabularies.items())}
    readers = {code: Reader(lexicon, str, str) for code, lexicon in lexicons.items()}
    common = {code: _common(lexicon) for code, lexicon in lexicons.items()}
    problems: list[str] = []
    for observation in sorted(observations, key=lambda entry: entry.id):
        for code, texts in sorted(observation.signs.phrases.items()):
            for text in texts:
                if code not in readers:
                    problems.append(f"observation {observation.id}: no language {code!r} to read {text!r} in")
                elif _content(text, vocabularies[code]) <= _SHORT:
                    made = _phrases(observation, text, readers[code])
                    problems.extend(_problems(observation, text, made, common[code]))
    if problems:
        raise KnowledgeError(problems)


def _content(text: str, words: Vocabulary) -> int:
    return sum((fold(word),) not in words.function for word in text.split())


def _as_written(words: Vocabulary) -> Lexicon:
    longest: dict[str, int] = {}
    for key in words.forms:
        longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return Lexicon(words.code, words.forms, {}, longest, words.whole, {})


def _common(lexicon: Lexicon) -> frozenset[str]:
    """Return the concepts that a single word stands for."""
    return frozenset(
        concept.name
        for key, meaning in lexicon.forms.items()
        if len(key) == 1
        for concept in meaning.concepts
    )


def _problems(
    observation: ObservationType, text: str, made: Iterable[Phrase], common: frozenset[str]
) -> Iterator[str]:
    where = f"observation {observation.id}: phrase {text!r}"
    phrases = list(made)
    if not phrases:
        yield f"{where} holds only filler words"
    for phrase in phrases[:1]:
        names = phrase.about & common
        if len(phrase.elements) == 1 and names and (not phrase.denies or names <= _SAYING):
            said = " or ".join(repr(name.removeprefix("@")) for name in sorted(names))
            yield f"{where} says no more than {said}, which any mention of it would match"


def _phrases(observation: ObservationType, text: str, reader: Reader) -> list[Phrase]:
    """Return `text` as phrases: with module names of several words whole, and again word by word."""
    made: list[Phrase] = []
    joined_name = False
    for names in (Names.WHOLE, Names.SPLIT):
        if names is Names.SPLIT and not joined_name:
            break
        terms = reader.terms(split_words(plain(text)), names)
        joined_name = any(term.meaning.module and term.width > 1 for term in terms)
        clauses = split_clauses(terms)
        elements = tuple(term.meaning.concepts for clause in clauses for term in clause.terms)
        if elements:
            made.append(
                Phrase(
                    observation.id,
                    elements,
                    denies=any(clause.denials for clause in clauses),
                    counts=any(clause.none for clause in clauses),
                    reaches=len(clauses) > 1 or any(max(clause.parts, default=0) for clause in clauses),
                    value=_value(observation, text),
                )
            )
    return made


def _value(observation: ObservationType, text: str) -> str | None:
    """Return the one of the type's values that stands in the phrase."""
    words = f" {fold(text)} ".replace("-", " ")
    return next(
        (value for value in observation.values if f" {fold(value)} ".replace("-", " ") in words), None
    )
