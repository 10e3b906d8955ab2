"""Redaction: secrets replaced by tokens, the same token for the same value.

Two ways. :func:`redact_texts` replaces at once, numbering in the order of the texts. For what was read,
the number of a token must not depend on the order of reading, and an excerpt must not cut a secret from
what gives it away. So an :class:`Excerpt` knows the text around it, and :func:`redact_evidence` looks
there when everything is read. It numbers by kind from 1, in the order of the places, sorted by source, line
and text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TypeGuard

from attrs import evolve

from campaign_rules.evidence.redaction.detection import find_secrets
from campaign_rules.evidence.redaction.instance_names import instances_in
from campaign_rules.evidence.redaction.numbering import Numbering
from campaign_rules.evidence.redaction.secret import Secret
from campaign_rules.evidence.text_lines import REACH, Excerpt
from campaign_rules.model import TOKEN, Evidence, Kind, Ledger, Note, Value

_OPEN, _MIDDLE, _CLOSE = "\ue000", "\ue001", "\ue002"
_FORGED = str.maketrans(dict.fromkeys((_OPEN, _MIDDLE, _CLOSE), "\ufffd"))
_SEAL = re.compile(rf"{_OPEN}([a-z]+){_MIDDLE}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_WORD = re.compile(TOKEN + r"|[^\s\"'<>()\[\]{}=,;:&|@/\\]+")
_NAMES = (Kind.HOST, Kind.LOGIN, Kind.DATABASE)

_Find = Callable[[str], Sequence[Secret]]


def redact_text(text: str, ledger: Ledger = Ledger()) -> tuple[str, Ledger]:  # noqa: B008 (immutable)
    """Return `text` with its secrets replaced by tokens, and `ledger` with them added.

    Values that the ledger knows keep their token; new ones are numbered by kind in the order of `text`.
    Values that read like no word are replaced wherever they stand. Names of instances stay, even if a host
    or an account has the same name. Redacting twice changes nothing.
    """
    (redacted,), after = redact_texts((text,), ledger)
    return redacted, after


def redact_texts(
    texts: Iterable[str],
    ledger: Ledger = Ledger(),  # noqa: B008 (immutable)
) -> tuple[tuple[str, ...], Ledger]:
    """Redact several texts together: a value found in one is known in all of them. See `redact_text`."""
    texts = tuple(texts)
    instances = frozenset().union(*map(instances_in, texts))
    numbering = Numbering.after(ledger)
    numbered = [_replaced(seal(text, 0, len(text)), numbering, instances) for text in texts]
    return tuple(_swept(text, numbering, instances) for text in numbered), numbering.ledger()


def redact_evidence(evidence: Evidence, ledger: Ledger = Ledger()) -> Evidence:  # noqa: B008 (immutable)
    """Return what was read without secrets: excerpts, values, names of sources, and notes.

    Ids, states and instances stay as they are, and so do words of the vocabulary: the diagnosis is the same.
    The name of an instance stays in excerpts too, even if it is the name of a host or an account as well,
    since commands must name it. Depends on the set of observations only, not on their order.
    """
    instances = frozenset(one.instance.casefold() for one in evidence) - {""}
    numbering = Numbering.after(ledger)
    find = cache(find_secrets)

    def numbered(text: str) -> str:
        return _replaced(_sealed(text, find), numbering, instances)

    def swept(text: str) -> str:
        return _swept(text, numbering, instances)

    met = {place for one in evidence for place in one.provenance} | set(evidence.not_understood)
    places = {place: (numbered(place.source), numbered(place.text)) for place in sorted(met)}
    notes = {note: (numbered(note.source), numbered(note.text)) for note in sorted(set(evidence.notes))}
    words = {word: numbered(word) for word in sorted({one.value for one in evidence if _is_word(one.value)})}
    shown = {
        place: evolve(place, source=swept(source), text=swept(text))
        for place, (source, text) in places.items()
    }
    return Evidence(
        tuple(
            evolve(
                one,
                value=swept(words[one.value]) if one.value in words else one.value,
                provenance=tuple(shown[place] for place in one.provenance),
            )
            for one in evidence
        ),
        tuple(Note(*map(swept, notes[note])) for note in evidence.notes),
        tuple(shown[place] for place in evidence.not_understood),
        numbering.ledger(),
    )


def seal(text: str, first: int, last: int, find: _Find = find_secrets) -> str:
    """Return the characters of `text` from `first` to `last` with secrets between marks.

    Secrets are found with `REACH` characters around, and sealed whole when only a part lies inside. What is
    looked at begins and ends at multiples of `REACH`, so that `find` may remember what it found for the next
    excerpt of the same text.
    """
    begin = max(0, first // REACH - 1) * REACH
    around = text[begin : (last // REACH + 2) * REACH].translate(_FORGED)
    first, last = first - begin, min(last - begin, len(around))
    made: list[str] = []
    at = first
    for secret in find(around):
        if secret.end > first and secret.start < last:
            made.append(around[at : secret.start])
            made.append(f"{_OPEN}{secret.kind}{_MIDDLE}{around[secret.start : secret.end]}{_CLOSE}")
            at = secret.end
    made.append(around[at:last])
    return "".join(made)


def _is_word(value: Value) -> TypeGuard[str]:
    return isinstance(value, str)


def _sealed(text: str, find: _Find) -> str:
    if isinstance(text, Excerpt):
        return seal(text.around, text.first, text.first + len(text), find)
    return seal(text, 0, len(text), find)


def _replaced(sealed: str, numbering: Numbering, instances: frozenset[str]) -> str:
    def token(found: re.Match[str]) -> str:
        kind, value = Kind(found[1]), found[2]
        if kind in _NAMES and value.casefold() in instances:
            return value
        return numbering.token(kind, value)

    return _SEAL.sub(token, sealed)


def _swept(text: str, numbering: Numbering, instances: frozenset[str]) -> str:
    """Replace the values that are known by now and unlike any word, wherever they stand."""

    def token(found: re.Match[str]) -> str:
        word = found[0].rstrip(".!?")
        kind = numbering.known.get(word)
        if kind is None or word.casefold() in instances:
            return found[0]
        return numbering.token(kind, word) + found[0][len(word) :]

    return _WORD.sub(token, text) if numbering.known else text
