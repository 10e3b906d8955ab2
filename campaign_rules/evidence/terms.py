"""Words read as terms of a language, and the language that a sentence is written in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from attrs import frozen

from campaign_rules.evidence.language import (
    BASE,
    FRAMES,
    LIMIT,
    PRESENT,
    STEERING,
    WELL,
    WORK,
    Concept,
    Lexicon,
    Meaning,
    Signature,
    Stem,
    stemmer,
)
from campaign_rules.evidence.words import Word, split_elisions

_ASIDE = frozenset(Concept(name) for name in (LIMIT, *FRAMES))
"""Concepts beside which a word keeps its own meaning."""

VERDICTS = frozenset({WORK, WELL, PRESENT, "progress"})
"""Concepts that say how a thing is, and are none themselves."""

_OCCASIONS = frozenset({"execution", "day", "morning"})
NO_THINGS = STEERING | FRAMES | VERDICTS | _OCCASIONS
"""Concepts that do not name what a sentence speaks of."""


class Names(Enum):
    """How a module name of several words is read."""

    WHOLE = "whole"  # as the module alone
    SPLIT = "split"  # as its single words
    BOTH = "both"  # as the module, or all of its words


class Scope(Enum):
    """What a sentence does with the words of a stretch."""

    SAID = "said"  # asserts or denies what they say
    TRIED = "tried"  # tells what came of trying: what is wrong is asserted, what is well is not
    NEITHER = "neither"  # denies each of them
    FALSE = "false"  # denies what they say
    FOLLOWS = "follows"  # tells what follows from a condition
    MENTIONED = "mentioned"  # supposes, plans or reports it, or tells that it is over


@frozen
class Term:
    """A run of `width` words read as one: its meaning, its text, and its place in the sentence.

    `pause` says that punctuation stands before it, `comma` that a comma does. `parts` are the meanings
    of the words of a module name, which are only meant together. `scope` is that of its sentence.
    """

    meaning: Meaning
    text: str
    width: int
    start: int
    end: int
    pause: bool = False
    comma: bool = False
    parts: tuple[frozenset[Concept], ...] = ()
    scope: Scope = Scope.SAID

    @property
    def concepts(self) -> frozenset[Concept]:
        """What the term or any of its parts may mean."""
        return self.meaning.concepts.union(*self.parts) if self.parts else self.meaning.concepts

    @property
    def names(self) -> frozenset[str]:
        """The names of the concepts that the term as a whole may mean."""
        return frozenset(concept.name for concept in self.meaning.concepts)

    def means(self, name: str) -> bool:
        """Tell whether the term may mean the concept `name`."""
        return any(concept.name == name and not concept.denied for concept in self.meaning.concepts)


def is_ill(term: Term) -> bool:
    """Tell whether a word denies, or names something wrong."""
    return term.meaning.negation or any(concept.denied for concept in term.meaning.concepts)


def is_thing(term: Term) -> bool:
    """Tell whether a word may name what a sentence speaks of."""
    names = term.names
    return (
        not term.meaning.filler
        and VERDICTS.isdisjoint(names)
        and any(not name.startswith("~") for name in names - NO_THINGS)
    )


@frozen(eq=False)
class Reader:
    """Reads words in one language. Its stemmers hold state: make one for each text read."""

    lexicon: Lexicon
    stem: Stem
    base_stem: Stem

    def terms(self, words: Sequence[Word], names: Names = Names.BOTH) -> list[Term]:
        """Read `words` as terms, the longest first; an unknown word means its own stem."""
        words = split_elisions(words, self.lexicon.whole)
        terms: list[Term] = []
        at = 0
        while at < len(words):
            width, meaning = self._longest(words, at, names)
            covered = words[at : at + width]
            parts: tuple[frozenset[Concept], ...] = ()
            if width > 1 and meaning.module and names is Names.BOTH:
                inner = [self._longest([word], 0, names)[1] for word in covered]
                parts = tuple(part.concepts for part in inner if not part.filler)
            text = " ".join(word.folded for word in covered)
            first, last = covered[0], covered[-1]
            terms.append(Term(meaning, text, width, first.start, last.end, first.pause, first.comma, parts))
            at += width
        return terms

    def _longest(self, words: Sequence[Word], at: int, names: Names) -> tuple[int, Meaning]:
        lexicon = self.lexicon
        first = words[at].folded
        stemmed = self.stem(first)
        reach = max(lexicon.longest.get(first, 0), lexicon.longest.get(stemmed, 0))
        for width in range(min(reach, len(words) - at), 0, -1):
            run = words[at : at + width]
            if any(word.pause for word in run[1:]):
                continue
            meaning = lexicon.forms.get(tuple(word.folded for word in run))
            if meaning is None and lexicon.stems:
                meaning = lexicon.stems.get(tuple(self.stem(word.folded) for word in run))
            if meaning is not None and not (meaning.module and width > 1 and names is Names.SPLIT):
                return width, meaning.joined(self._own(first)) if _keeps_own(meaning) else meaning
        return 1, self._own(first)

    def _own(self, word: str) -> Meaning:
        return Meaning(frozenset({Concept(f"~{self.stem(word)}"), Concept(f"~{self.base_stem(word)}")}))


def _keeps_own(meaning: Meaning) -> bool:
    plain = not (meaning.filler or meaning.negation)
    return plain and bool(meaning.concepts) and meaning.concepts <= _ASIDE


def make_reader(lexicon: Lexicon) -> Reader:
    """Return a reader of the language of `lexicon`, for one text and one thread."""
    stem = stemmer(lexicon.code, dict(lexicon.known))
    return Reader(lexicon, stem, stem if lexicon.code == BASE else stemmer(BASE))


def likely_languages(words: Sequence[Word], vocabularies: Iterable[Signature]) -> tuple[tuple[str, int], ...]:
    """Return language codes with how many of `words` they know, function words counting double.

    Best first; languages of equal count in the order of their codes.
    """
    folded = [part for word in words for part in {word.folded, *word.folded.split("'")}]
    scores = [
        (known.code, sum((word in known.singles) + ((word,) in known.function) for word in folded))
        for known in vocabularies
    ]
    return tuple(sorted(scores, key=lambda score: (-score[1], score[0])))
