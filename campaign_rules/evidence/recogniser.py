"""The knowledge base made ready for reading evidence: kept, and shared between threads."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache as remembered

from attrs import frozen

from campaign_rules.cache import Cache, code_digest, digest
from campaign_rules.codec import Codec
from campaign_rules.evidence.language import (
    BASE,
    Concept,
    Lexicon,
    Meaning,
    Signature,
    build_lexicon,
    build_vocabulary,
    stemmer_digest,
)
from campaign_rules.evidence.log_signs import LogSign, log_signs, prose_signs
from campaign_rules.evidence.phrases import PhraseIndex, check_phrases, index_phrases
from campaign_rules.evidence.readers.reader import ProcessNames, process_names
from campaign_rules.evidence.reading_signs import ReadingSigns, reading_signs
from campaign_rules.kept import kept
from campaign_rules.model import KnowledgeBase, Language, Module, ObservationType


@frozen(eq=False)
class Tongue:
    """A language made ready: its lexicon, and the phrases written in it."""

    lexicon: Lexicon
    phrases: PhraseIndex


@frozen(eq=False)
class Basis:
    """What every reading needs, whatever its language. The phrases have been looked at."""

    vocabularies: Mapping[str, Signature]
    logs: tuple[LogSign, ...]
    topics: tuple[LogSign, ...]


@frozen(eq=False)
class Recogniser:
    """What the readers need to know. Holds no state of any reading.

    `tongue` makes a language ready when a sentence in it is first met, and remembers it. It raises
    :class:`KnowledgeError` for a phrase that says nothing.
    """

    processes: ProcessNames
    readings: ReadingSigns
    logs: tuple[LogSign, ...]
    topics: tuple[LogSign, ...]
    vocabularies: Mapping[str, Signature]
    tongue: Callable[[str], Tongue]

    def tongues(self, code: str) -> tuple[Tongue, ...]:
        """Return the language `code`, and the product's own if it is another."""
        codes = dict.fromkeys((code, *((BASE,) if BASE in self.vocabularies else ())))
        return tuple(self.tongue(code) for code in codes)


def make_recogniser(knowledge: KnowledgeBase, cache: Cache | None = None) -> Recogniser:
    """Make `knowledge` ready for reading, or take from `cache` what that gave before.

    Raises :class:`KnowledgeError` for a phrase that says nothing, and for a phrase in a language that
    the knowledge base does not describe.
    """
    types = [knowledge.observations[name] for name in sorted(knowledge.observations)]
    modules = [knowledge.modules[name] for name in sorted(knowledge.modules)]
    languages = dict(sorted(knowledge.languages.items()))
    base = languages.get(BASE)
    basis = kept(
        cache,
        "reading",
        Codec(Basis, by_id=(ObservationType,)),
        lambda: _basis_key(types, languages),
        lambda: _basis(types, languages),
        {ObservationType: {entry.id: entry for entry in types}},
    )

    @remembered
    def tongue(code: str) -> Tongue:
        def make() -> Tongue:
            lexicon = build_lexicon(languages[code], base, modules)
            return Tongue(lexicon, index_phrases(types, lexicon))

        codec = Codec[Tongue](Tongue, shared=(frozenset[Concept], Meaning))
        return kept(cache, "tongue", codec, lambda: _tongue_key(languages[code], base, modules, types), make)

    return Recogniser(
        process_names(modules), reading_signs(types), basis.logs, basis.topics, basis.vocabularies, tongue
    )


def _basis(types: Sequence[ObservationType], languages: Mapping[str, Language]) -> Basis:
    vocabularies = {code: build_vocabulary(language) for code, language in languages.items()}
    check_phrases(types, vocabularies)
    signatures = {
        code: Signature(code, words.singles, words.function) for code, words in vocabularies.items()
    }
    return Basis(signatures, log_signs(types), prose_signs(types))


def _basis_key(types: Iterable[ObservationType], languages: Mapping[str, Language]) -> str:
    words = [(code, _words(language)) for code, language in languages.items()]
    signs = [
        (
            one.id,
            one.values,
            sorted(one.signs.phrases.items()),
            one.signs.log,
            one.signs.prose,
            one.signs.recovered,
        )
        for one in types
    ]
    return digest([code_digest("evidence"), json.dumps([words, signs])])


def _tongue_key(
    language: Language, base: Language | None, modules: Iterable[Module], types: Iterable[ObservationType]
) -> str:
    code = language.code
    words = [_words(one) for one in (language, base) if one]
    names = [(module.id, module.aliases) for module in modules]
    phrases = [(one.id, one.values, one.signs.phrases.get(code, ())) for one in types]
    stemmers = [stemmer_digest(one) for one in (code, BASE)]
    return digest([code_digest("evidence"), *stemmers, json.dumps([words, names, phrases])])


def _words(language: Language) -> object:
    return (
        language.code,
        language.negations,
        language.wellbeing,
        language.fillers,
        sorted(language.synonyms.items()),
    )
