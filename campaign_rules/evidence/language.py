"""What the words of a language mean: negation, well-being, fillers and concepts.

A concept is named by a key of `Language.synonyms`. A key that begins with ``not `` holds words that
deny the concept by themselves: ``not work: [fails, down, ...]``. Some concepts steer the reading:
``but`` begins a new clause and ``and`` may begin one, ``if`` turns what follows into mere mention,
``after`` begins what is said of another time or of a cause, ``why`` lets a question assert what it
asks about, ``none`` are the negations that count ("no", "nothing"), ``without`` those that deny only
what follows, ``on`` comes before the name of an instance and ``instance`` is that word. ``time`` are
words that tell when ("today"), ``it`` are pronouns that stand for what was spoken of before, and
``limit`` are words that keep a statement from holding for everything ("other", "sometimes"). ``work``
says that a thing is fine, ``present`` that it is there, and ``all`` that every one of its kind is meant.

Other concepts frame what is said, and leave a word its own meaning besides: ``when`` begins a condition
or an occasion, ``would`` is the mood of what is only supposed, ``inverted`` are verbs that begin a
condition where they begin a sentence ("had it failed, we would ..."), ``we`` are the speakers; ``claim``
are words of saying and thinking, ``true`` those of truth, ``doubt`` those of doubt, and ``that`` begins
what is said or true; ``manual`` is what describes the product and ``according`` comes before it;
``neither`` and ``nor`` go together; ``purpose`` begins what is to be brought about or avoided, ``aim``
does so at the beginning of a sentence, ``notice`` is about being told; ``solved`` says that something is
over, ``again`` that it is as before, ``past`` and ``now`` tell the times apart, ``although`` begins what
is so in vain, and ``problem`` stands for any fault.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from attrs import frozen

from campaign_rules.cache import digest
from campaign_rules.evidence.text_lines import plain
from campaign_rules.evidence.words import fold, split_elisions, split_words
from campaign_rules.model import Language, Module

BUT, AND, IF, AFTER, WHY, NONE, ON = "but", "and", "if", "after", "why", "none", "on"
WITHOUT, TIME, IT, LIMIT = "without", "time", "it", "limit"
WHEN, WOULD, WE, CLAIM, TRUE, THAT = "when", "would", "we", "claim", "true", "that"
MANUAL, ACCORDING, NEITHER, NOR = "manual", "according", "neither", "nor"
PURPOSE, AIM, NOTICE, SOLVED, AGAIN = "purpose", "aim", "notice", "solved", "again"
INVERTED, DOUBT = "inverted", "doubt"
PAST, NOW, ALTHOUGH, PROBLEM = "past", "now", "although", "problem"
INSTANCE, WORK, WELL, PRESENT, FIND, ALL = "instance", "work", "well", "present", "find", "all"
BASE = "en"
"""The product's own language: its words are understood inside every other."""

STEERING = frozenset({BUT, AND, IF, AFTER, WHY, NONE, ON, WITHOUT, TIME, IT, LIMIT})
"""Concepts of words that do nothing but steer the reading."""

FRAMES = frozenset(
    {
        WHEN,
        WOULD,
        WE,
        CLAIM,
        TRUE,
        THAT,
        MANUAL,
        ACCORDING,
        NEITHER,
        NOR,
        PURPOSE,
        AIM,
        NOTICE,
        INVERTED,
        DOUBT,
        SOLVED,
        AGAIN,
        PAST,
        NOW,
        ALTHOUGH,
        PROBLEM,
    }
)
"""Concepts of words that tell whether what stands near them is asserted, and may mean something besides."""

_STEMMERS = {
    "en": "english",
    "it": "italian",
    "fr": "french",
    "de": "german",
    "es": "spanish",
    "pt": "portuguese",
    "nl": "dutch",
}

Stem = Callable[[str], str]
Key = tuple[str, ...]


@frozen(cache_hash=True)
class Concept:
    """One meaning of a word. `denied` says that the word holds a negation, as "fails" denies "work"."""

    name: str
    denied: bool = False


@frozen
class Meaning:
    """What a word, or several in a row, may mean, and its part in the sentence."""

    concepts: frozenset[Concept] = frozenset()
    negation: bool = False
    filler: bool = False
    module: bool = False

    def joined(self, other: Meaning) -> Meaning:
        """Return what means either."""
        return Meaning(
            self.concepts | other.concepts,
            self.negation or other.negation,
            self.filler or other.filler,
            self.module or other.module,
        )


@frozen(eq=False)
class Signature:
    """What a language is recognised by: `singles`, its single words, and `function`, its function words."""

    code: str
    singles: frozenset[str]
    function: frozenset[Key]


@frozen(eq=False)
class Vocabulary(Signature):
    """The words of a language as written. `whole` are words that keep their apostrophe."""

    forms: Mapping[Key, Meaning]
    whole: frozenset[str]


@frozen(eq=False)
class Lexicon:
    """A language made ready.

    `forms` holds words as written, `stems` the same stemmed, for the forms that nobody listed.
    The id of a module, if a single word, is known as written only: "stats" are not the module stat.
    `longest` is the number of words of the longest entry that begins with a word, and `known` are the
    stems of its words. `whole` are words that keep their apostrophe.
    """

    code: str
    forms: Mapping[Key, Meaning]
    stems: Mapping[Key, Meaning]
    longest: Mapping[str, int]
    whole: frozenset[str]
    known: Mapping[str, str]


def stemmer(code: str, known: dict[str, str] | None = None) -> Stem:
    """Return a stemming function that remembers in `known`. Stemmers hold state: one per thread and text."""
    name = _STEMMERS.get(code)
    if name is None:
        return str
    memory = {} if known is None else known
    made: list[Any] = []

    def stem(word: str) -> str:
        if word not in memory:
            if not made:
                made.append(_algorithm(name))
            memory[word] = made[0].stemWord(word)
        return memory[word]

    return stem


@cache
def stemmer_digest(code: str) -> str:
    """Return a digest of the code that stems the language `code`. Raises OSError where it is not in files."""
    name = _STEMMERS.get(code)
    if name is None:
        return ""
    modules = [sys.modules[kind.__module__] for kind in type(_algorithm(name)).__mro__]
    files = [file for module in modules if (file := getattr(module, "__file__", None))]
    return digest(Path(file).read_bytes() for file in files)


def _algorithm(name: str) -> Any:
    import snowballstemmer  # slow to import, and not needed for what machines print

    return snowballstemmer.stemmer(name)


def build_vocabulary(language: Language) -> Vocabulary:
    """Index the words of `language` as written."""
    steering = {name: words for name, words in language.synonyms.items() if name in STEERING}
    function_words = [
        *((word, Meaning(negation=True)) for word in language.negations),
        *((word, Meaning(filler=True)) for word in language.fillers),
        *((word, Meaning(frozenset({Concept(WELL)}))) for word in language.wellbeing),
        *(
            (word, Meaning(frozenset({Concept(name)})))
            for name, words in sorted(steering.items())
            for word in words
        ),
    ]
    whole = frozenset(fold(word) for word, _ in function_words if "'" in word and " " not in word)
    forms: dict[Key, Meaning] = {}
    for word, meaning in function_words:
        _add(forms, _key(word, whole), meaning)
    function = frozenset(forms)
    for word, meaning in _synonyms(language):
        _add(forms, _key(word, whole), meaning)
    singles = frozenset(key[0] for key in forms if len(key) == 1)
    return Vocabulary(language.code, singles, function, forms, whole)


def build_lexicon(language: Language, base: Language | None, modules: Iterable[Module]) -> Lexicon:
    """Make `language` ready for reading, with the words of `base` and the names of `modules` in it."""
    words = build_vocabulary(language)
    known: dict[str, str] = {}
    stem = stemmer(language.code, known)
    forms = dict(words.forms)
    stems: dict[Key, Meaning] = {}
    for word, meaning in _synonyms(language):
        key = _key(word, words.whole)
        if key not in words.function:
            _add(stems, _stemmed(key, stem), meaning)
    if base is not None and base.code != language.code:
        _borrow(base, forms, stems, stem)
    for module in modules:
        for name in (module.id, *module.aliases):
            key = _key(name, words.whole)
            meaning = Meaning(frozenset({Concept(f"@{module.id}")}), module=True)
            _add(forms, key, meaning)
            if name != module.id or len(key) > 1:
                _add(stems, _stemmed(key, stem), meaning)
    longest: dict[str, int] = {}
    for key in [*forms, *stems]:
        longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return Lexicon(language.code, forms, stems, longest, words.whole, known)


def _synonyms(language: Language) -> Iterator[tuple[str, Meaning]]:
    for name, words in sorted(language.synonyms.items()):
        if name not in STEERING:
            meaning = Meaning(frozenset({Concept(name.removeprefix("not "), name.startswith("not "))}))
            yield from ((word, meaning) for word in words)


def _borrow(base: Language, forms: dict[Key, Meaning], stems: dict[Key, Meaning], stem: Stem) -> None:
    """Add the synonyms of `base`, frames aside, that the language has no word of its own for."""
    own_forms, own_stems = frozenset(forms), frozenset(stems)
    for word, meaning in _synonyms(base):
        if any(concept.name in FRAMES for concept in meaning.concepts):
            continue
        key = _key(word, frozenset())
        stemmed = _stemmed(key, stem)
        if key not in own_forms and stemmed not in own_stems:
            _add(forms, key, meaning)
            _add(stems, stemmed, meaning)


def _add(index: dict[Key, Meaning], key: Key, meaning: Meaning) -> None:
    if key:
        index[key] = index[key].joined(meaning) if key in index else meaning


def _key(text: str, whole: frozenset[str]) -> Key:
    return tuple(word.folded for word in split_elisions(split_words(plain(text)), whole))


def _stemmed(key: Key, stem: Stem) -> Key:
    return tuple(stem(word) for word in key)
