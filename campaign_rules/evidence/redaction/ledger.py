"""The ledger: which token stands for which value, of which kind, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attrs import define, evolve, field, frozen

from campaign_rules.evidence.redaction.product_words import is_product_word
from campaign_rules.evidence.redaction.secret import Kind, identity

_SHORTEST = 5


@frozen
class Entry:
    """One value that was replaced: its token, its kind, how often, and the value as first met."""

    token: str
    kind: Kind
    count: int
    value: str = field(repr=False)


@frozen
class Ledger:
    """What was replaced, by kind and canonical value. The values show in `values` alone, never in a repr."""

    entries: Mapping[tuple[Kind, str], Entry] = field(factory=lambda: MappingProxyType({}), repr=False)

    @property
    def counts(self) -> dict[str, tuple[str, int]]:
        """Return token to kind and count, without values, in the order of kinds and numbers."""
        return {entry.token: (str(entry.kind), entry.count) for entry in self._sorted()}

    @property
    def values(self) -> dict[str, str]:
        """Return token to value: the key to what was hidden, for the eyes of who asks for it."""
        return {entry.token: entry.value for entry in self._sorted()}

    def _sorted(self) -> list[Entry]:
        return sorted(self.entries.values(), key=lambda entry: (entry.kind, _number(entry.token)))


@define
class Numbering:
    """A ledger being written. Holds the state of one redaction: make one for each."""

    entries: dict[tuple[Kind, str], Entry]
    latest: dict[Kind, int]
    known: dict[str, Kind]

    @classmethod
    def after(cls, ledger: Ledger) -> Numbering:
        """Return a numbering that goes on where `ledger` ends."""
        numbering = cls({}, {}, {})
        for key, entry in ledger.entries.items():
            numbering._remember(key, entry)
        return numbering

    def token(self, kind: Kind, value: str) -> str:
        """Return the token of `value`, the next number of its kind if it is new, and count it."""
        key = (kind, identity(kind, value))
        entry = self.entries.get(key)
        if entry is None:
            entry = Entry(f"<{kind}-{self.latest.get(kind, 0) + 1}>", kind, 0, value)
        self._remember(key, evolve(entry, count=entry.count + 1))
        return entry.token

    def ledger(self) -> Ledger:
        """Return what has been written."""
        return Ledger(MappingProxyType(dict(self.entries)))

    def _remember(self, key: tuple[Kind, str], entry: Entry) -> None:
        self.entries[key] = entry
        self.latest[entry.kind] = max(self.latest.get(entry.kind, 0), _number(entry.token))
        if _is_telling(entry.value):
            self.known.setdefault(entry.value, entry.kind)


def _number(token: str) -> int:
    return int(token.rpartition("-")[2].rstrip(">"))


def _is_telling(value: str) -> bool:
    """Tell whether a value is unlike any word, so that it is the secret wherever it stands."""
    mixed = not value.isalpha() and not value.isdecimal()
    return len(value) >= _SHORTEST and mixed and not is_product_word(value)
