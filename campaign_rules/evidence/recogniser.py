"""The knowledge base made ready for reading evidence: kept, and shared between threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from attrs import frozen

from campaign_rules.evidence.language import BASE, Lexicon, Vocabulary, build_lexicon, build_vocabulary
from campaign_rules.evidence.log_signs import LogSign, log_signs
from campaign_rules.evidence.phrases import PhraseIndex, check_phrases, index_phrases
from campaign_rules.evidence.process_readings import ProcessNames, process_names
from campaign_rules.evidence.reading_signs import ReadingSigns, reading_signs
from campaign_rules.model import KnowledgeBase


@frozen(eq=False)
class Tongue:
    """A language made ready: its lexicon, and the phrases written in it."""

    lexicon: Lexicon
    phrases: PhraseIndex


@frozen(eq=False)
class Recogniser:
    """What the readers need to know. Holds no state of any reading.

    `tongue` makes a language ready when a sentence in it is first met, and remembers it. It raises
    :class:`KnowledgeError` for a phrase that says nothing.
    """

    processes: ProcessNames
    readings: ReadingSigns
    logs: tuple[LogSign, ...]
    vocabularies: Mapping[str, Vocabulary]
    tongue: Callable[[str], Tongue]

    def tongues(self, code: str) -> tuple[Tongue, ...]:
        """Return the language `code`, and the product's own if it is another."""
        codes = dict.fromkeys((code, *((BASE,) if BASE in self.vocabularies else ())))
        return tuple(self.tongue(code) for code in codes)


def make_recogniser(knowledge: KnowledgeBase) -> Recogniser:
    """Make `knowledge` ready for reading.

    Raises :class:`KnowledgeError` for a phrase that says nothing, and for a phrase in a language that
    the knowledge base does not describe.
    """
    types = [knowledge.observations[name] for name in sorted(knowledge.observations)]
    modules = [knowledge.modules[name] for name in sorted(knowledge.modules)]
    languages = dict(sorted(knowledge.languages.items()))
    vocabularies = {code: build_vocabulary(language) for code, language in languages.items()}
    check_phrases(types, vocabularies)

    @cache
    def tongue(code: str) -> Tongue:
        lexicon = build_lexicon(languages[code], languages.get(BASE), modules)
        return Tongue(lexicon, index_phrases(types, lexicon))

    return Recogniser(process_names(modules), reading_signs(types), log_signs(types), vocabularies, tongue)
