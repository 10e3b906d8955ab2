"""Redaction: secrets replaced by tokens, the same token for the same value.

Two ways. :func:`redact_text` replaces at once, numbering in the order of the text. For observations the
number of a token must not depend on the order of reading, and an excerpt must not cut a secret from what
gives it away. So :func:`seal` finds the secrets on the whole line and marks them in the excerpt, and
:func:`redact_observations` numbers them when everything is read: by kind from 1, in the order of the
places they are shown at, sorted by source, line and text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from attrs import evolve

from campaign_rules.evidence.redaction.detection import find_secrets
from campaign_rules.evidence.redaction.ledger import Ledger, Numbering
from campaign_rules.evidence.redaction.secret import Kind
from campaign_rules.model import Observation, Provenance

REACH = 2_000
"""Characters before and after an excerpt that are searched for secrets and for what gives them away."""

_OPEN, _MIDDLE, _CLOSE = "\ue000", "\ue001", "\ue002"
_FORGED = str.maketrans(dict.fromkeys((_OPEN, _MIDDLE, _CLOSE), "\ufffd"))
_SEAL = re.compile(rf"{_OPEN}([a-z]+){_MIDDLE}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_WORD = re.compile(r"[^\s\"'<>()\[\]{}=,;:&|@/\\]+")
_NAMES = (Kind.HOST, Kind.LOGIN, Kind.DATABASE)


def redact_text(text: str, ledger: Ledger = Ledger()) -> tuple[str, Ledger]:  # noqa: B008 (immutable)
    """Return `text` with its secrets replaced by tokens, and `ledger` with them added.

    Values that the ledger knows keep their token; new ones are numbered by kind in the order of `text`.
    Values that read like no word are replaced wherever they stand. Redacting twice changes nothing.
    """
    numbering = Numbering.after(ledger)
    redacted = _known_replaced(_replaced(seal(text, 0, len(text)), numbering), numbering, frozenset())
    return redacted, numbering.ledger()


def seal(text: str, first: int, last: int) -> str:
    """Return the characters of `text` from `first` to `last` with secrets sealed, for `redact_observations`.

    Secrets are found with `REACH` characters around, and sealed whole when only a part lies inside. A
    sealed text holds its secrets between marks: it must not leave before it is redacted.
    """
    text_from = max(0, first - REACH)
    around = text[text_from : last + REACH].translate(_FORGED)
    first, last = first - text_from, min(last - text_from, len(around))
    made: list[str] = []
    at = first
    for secret in find_secrets(around):
        if secret.end > first and secret.start < last:
            made.append(around[at : secret.start])
            made.append(f"{_OPEN}{secret.kind}{_MIDDLE}{around[secret.start : secret.end]}{_CLOSE}")
            at = secret.end
    made.append(around[at:last])
    return "".join(made)


def redact_observations(
    observations: Iterable[Observation],
    ledger: Ledger = Ledger(),  # noqa: B008 (immutable)
) -> tuple[tuple[Observation, ...], Ledger]:
    """Return `observations` with sealed excerpts and the names of their sources redacted, and the ledger.

    Ids, states and instances stay as they are, and so do values, which are numbers and words of the
    vocabulary: the diagnosis is the same. The name of an instance stays in excerpts too, even if it is
    the name of a host or an account as well, since commands must name it. Depends on the set of
    observations only, not on their order.
    """
    given = tuple(observations)
    instances = frozenset(observation.instance.casefold() for observation in given) - {""}
    numbering = Numbering.after(ledger)
    places = sorted({place for observation in given for place in observation.provenance})
    first = {place: _numbered(place, numbering, instances) for place in places}
    shown = {place: _swept(first[place], numbering, instances) for place in places}
    return (
        tuple(evolve(one, provenance=tuple(shown[place] for place in one.provenance)) for one in given),
        numbering.ledger(),
    )


def _numbered(place: Provenance, numbering: Numbering, instances: frozenset[str]) -> Provenance:
    source = _replaced(seal(place.source, 0, len(place.source)), numbering, instances)
    return evolve(place, source=source, text=_replaced(place.text, numbering, instances))


def _swept(place: Provenance, numbering: Numbering, instances: frozenset[str]) -> Provenance:
    source = _known_replaced(place.source, numbering, instances)
    return evolve(place, source=source, text=_known_replaced(place.text, numbering, instances))


def _replaced(sealed: str, numbering: Numbering, instances: frozenset[str] = frozenset()) -> str:
    def token(found: re.Match[str]) -> str:
        kind, value = Kind(found[1]), found[2]
        if kind in _NAMES and value.casefold() in instances:
            return value
        return numbering.token(kind, value)

    return _SEAL.sub(token, sealed)


def _known_replaced(text: str, numbering: Numbering, instances: frozenset[str]) -> str:
    def token(found: re.Match[str]) -> str:
        word = found[0].rstrip(".!?")
        kind = numbering.known.get(word)
        if kind is None or word.casefold() in instances:
            return found[0]
        return numbering.token(kind, word) + found[0][len(word) :]

    return _WORD.sub(token, text)
