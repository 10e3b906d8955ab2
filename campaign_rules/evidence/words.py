"""Running text to sentences of words, before any language is known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from attrs import field, frozen

from campaign_rules.evidence.text_lines import Line
from campaign_rules.model import TOKEN

_FILE = r"\.(?:log|xml|conf|jssp|jsp|js|csv|txt|sh|so|exe|dll|html?|json|md)\b"
_WORD = re.compile(rf"{TOKEN}|[^\W_]+(?:'[^\W_]+)*(?:{_FILE})?", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?;]+(?=[\s)\"'\]]|$)|\n+")
_BULLET = re.compile(r"(?:[-*\u2022\u00b7\u2013]|\(?\d{1,2}[.)])\s")
_COMMA = re.compile(r"[,;]")
_PAUSE = re.compile(r"[,;:()\[\]\"|=]|\s[-\u2013\u2014]+\s|\u2014|->")

WRAP = 55
"""A line at least this long may go on in the next one; a shorter one ends its sentence."""

LONGEST_SENTENCE = 120
"""Words of one sentence; a longer one is cut, so that matching stays linear."""


@frozen
class Word:
    """A word as written: folded to lower case without accents, and its place in the sentence's text.

    `pause` says that punctuation stands between it and the word before, `comma` that a comma does.
    """

    folded: str
    start: int
    end: int
    pause: bool = False
    comma: bool = False


@frozen
class Sentence:
    """A sentence: its text, the number of its first line, its words, and whether it asks.

    `start` is where it begins in the text that the lines make when newlines join them; `around` is that text,
    with a space where a sentence goes on in the next line.
    """

    text: str
    line: int
    words: tuple[Word, ...]
    question: bool = False
    start: int = 0
    around: str = field(default="", repr=False)


def fold(text: str) -> str:
    """Return `text` in lower case, without accents: people and keyboards leave them out.

    A single letter keeps its accent, since Italian "è" (is) is not "e" (and).
    """
    if len(text) == 1 or text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def split_words(text: str) -> tuple[Word, ...]:
    """Cut `text` into words of letters and digits; file names and apostrophes inside a word stay."""
    words: list[Word] = []
    end = 0
    for found in _WORD.finditer(text):
        start = found.start()
        pause = bool(words) and text[end:start] != " " and bool(_PAUSE.search(text, end, start))
        comma = pause and bool(_COMMA.search(text, end, start))
        words.append(Word(fold(found[0]), start, found.end(), pause, comma))
        end = found.end()
    return tuple(words)


def split_elisions(words: Sequence[Word], whole: frozenset[str]) -> list[Word]:
    """Cut "l'invio" and "n'est" at the apostrophe; the words of `whole` ("don't") keep theirs."""
    cut: list[Word] = []
    for word in words:
        if "'" not in word.folded or word.folded in whole:
            cut.append(word)
            continue
        parts = word.folded.split("'")
        cut.extend(
            Word(part, word.start, word.end, word.pause and not at, word.comma and not at)
            for at, part in enumerate(parts)
            if part
        )
    return cut


def split_sentences(lines: Sequence[Line]) -> tuple[Sentence, ...]:
    """Cut lines into sentences. A wrapped line goes on; blank lines, bullets and short lines end one."""
    paragraphs = list(_paragraphs(lines))
    around = _around(lines, paragraphs)
    return tuple(sentence for one in paragraphs for sentence in _sentences(*one, around))


def _around(lines: Sequence[Line], paragraphs: Sequence[tuple[str, int, int]]) -> str:
    whole = "\n".join(line.text for line in lines)
    parts: list[str] = []
    at = 0
    for text, _, begin in paragraphs:
        parts += (whole[at:begin], text.replace("\v", " "))
        at = begin + len(text)
    return "".join((*parts, whole[at:]))


def _paragraphs(lines: Sequence[Line]) -> Iterator[tuple[str, int, int]]:
    """Yield each paragraph with the number of its first line and where it begins."""
    first, text, last = 0, "", 0
    begin = offset = 0
    for line in lines:
        goes_on = (
            text
            and line.number == last + 1
            and len(text) - text.rfind("\v") > WRAP
            and line.text[:1].islower()
            and not _BULLET.match(line.text)
        )
        if goes_on:
            text += "\v" + line.text
        else:
            if text:
                yield text, first, begin
            first, text, begin = line.number, line.text, offset
        last = line.number
        offset += len(line.text) + 1
    if text:
        yield text, first, begin


def _sentences(paragraph: str, first: int, begin: int, around: str) -> Iterator[Sentence]:
    start = 0
    line = first
    ends = [(found.start(), found.end()) for found in _SENTENCE_END.finditer(paragraph)]
    for stop, end in [*ends, (len(paragraph), len(paragraph))]:
        text = paragraph[start:stop].replace("\v", " ")
        words = split_words(text)
        for at in range(0, len(words), LONGEST_SENTENCE):
            chunk = words[at : at + LONGEST_SENTENCE]
            yield Sentence(text, line, chunk, "?" in paragraph[stop:end], begin + start, around)
        line += paragraph.count("\v", start, end)
        start = end
