"""A ledger being written: tokens numbered by kind, the same one for the same value."""

from __future__ import annotations

from attrs import define, evolve

from campaign_rules.evidence.redaction.product_words import is_product_word
from campaign_rules.evidence.redaction.secret import identity
from campaign_rules.model import Entry, Kind, Ledger

_SHORTEST = 5


@define
class Numbering:
    """A ledger being written. Holds the state of one redaction: make one for each.

    `known` are the values unlike any word, which are secrets wherever they stand.
    """

    entries: dict[tuple[Kind, str], Entry]
    latest: dict[Kind, int]
    known: dict[str, Kind]

    @classmethod
    def after(cls, ledger: Ledger) -> Numbering:
        """Return a numbering that goes on where `ledger` ends."""
        numbering = cls({}, {}, {})
        for entry in ledger.entries:
            numbering._remember(entry)
        return numbering

    def token(self, kind: Kind, value: str) -> str:
        """Return the token of `value`, the next number of its kind if it is new, and count it."""
        entry = self.entries.get((kind, identity(kind, value)))
        if entry is None:
            entry = Entry(f"<{kind}-{self.latest.get(kind, 0) + 1}>", kind, 0, value)
        self._remember(evolve(entry, count=entry.count + 1))
        return entry.token

    def ledger(self) -> Ledger:
        """Return what has been written."""
        return Ledger(
            tuple(sorted(self.entries.values(), key=lambda entry: (entry.kind, _number(entry.token))))
        )

    def _remember(self, entry: Entry) -> None:
        self.entries[entry.kind, identity(entry.kind, entry.value)] = entry
        self.latest[entry.kind] = max(self.latest.get(entry.kind, 0), _number(entry.token))
        if _is_telling(entry.value):
            self.known.setdefault(entry.value, entry.kind)


def _number(token: str) -> int:
    return int(token.rpartition("-")[2].rstrip(">"))


def _is_telling(value: str) -> bool:
    """Tell whether a value is unlike any word, so that it is the secret wherever it stands."""
    mixed = not value.isalpha() and not value.isdecimal()
    return len(value) >= _SHORTEST and mixed and not is_product_word(value)
