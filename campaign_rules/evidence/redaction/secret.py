"""A secret found in a text: where it stands, what kind it is, and when two are the same."""

from __future__ import annotations

import ipaddress
import re
from bisect import bisect_right
from collections.abc import Iterable

from attrs import frozen

from campaign_rules.model import TOKEN, Kind

_TOKEN = re.compile(TOKEN)
_BLANK = re.compile(
    r"[Xx*#.\u2022\u2026_-]+|X{2,}[\w.]*|[xX](?:\.[xX])+|\$[({\w][^\s]*|%\w+%|#\w+#|\{\{?.*\}?\}"
)
_WORTH = re.compile(r"[^\W_]")


@frozen(order=True)
class Secret:
    """A secret at the characters from `start` to `end` of a text."""

    start: int
    end: int
    kind: Kind


def is_placeholder(value: str) -> bool:
    """Tell whether `value` only stands for one: ``XXX``, ``****``, ``x.x.x.x``, ``${x}``, ``<host-1>``."""
    return bool(_TOKEN.fullmatch(value) or _BLANK.fullmatch(value))


def lowered(text: str) -> str:
    """Return `text` in lower case with every character in its place."""
    lower = text.lower()
    return (
        lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    )


def identity(kind: Kind, value: str) -> str:
    """Return the form that equal values share, however they are written.

    Host names and addresses ignore case and the encoding of international names; numbers ignore their
    separators; everything else is itself.
    """
    if kind is Kind.IP:
        try:
            return str(ipaddress.ip_address(value))
        except ValueError:
            return value.casefold()
    if kind in (Kind.HOST, Kind.EMAIL):
        return _ascii(value.casefold().rstrip("."))
    if kind in (Kind.MAC, Kind.PHONE, Kind.CARD, Kind.IBAN):
        return "".join(char for char in value if char.isalnum()).casefold()
    return value


def resolve(text: str, found: Iterable[Secret]) -> tuple[Secret, ...]:
    """Return `found`, the most trusted first, without overlaps and sorted by place.

    What an earlier secret leaves of a later one stays a secret, so that every character found is covered.
    """
    taken: list[Secret] = []
    for secret in found:
        at = bisect_right(taken, secret.start, key=lambda one: one.end)
        begin, cursor = at, secret.start
        pieces: list[Secret] = []
        while at < len(taken) and taken[at].start < secret.end:
            pieces.append(Secret(cursor, max(cursor, taken[at].start), secret.kind))
            pieces.append(taken[at])
            cursor = taken[at].end
            at += 1
        if at == begin:
            taken.insert(begin, secret)
            continue
        pieces.append(Secret(cursor, max(cursor, secret.end), secret.kind))
        kept = set(taken[begin:at])
        taken[begin:at] = [one for one in pieces if one in kept or _WORTH.search(text, one.start, one.end)]
    return tuple(taken)


def _ascii(name: str) -> str:
    if name.isascii():
        return name
    local, at, domain = name.rpartition("@")
    try:
        return local + at + domain.encode("idna").decode("ascii")
    except UnicodeError:
        return name
