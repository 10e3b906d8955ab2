"""What redaction replaced: tokens, and what they stand for."""

from __future__ import annotations

from enum import StrEnum

from attrs import field, frozen

TOKEN = r"<[a-z]{2,12}-\d{1,9}>"
"""What stands for a secret, such as ``<host-1>``, as an expression."""


class Kind(StrEnum):
    """What a secret is; the word is the one in its token."""

    EMAIL = "email"
    HOST = "host"
    IP = "ip"
    MAC = "mac"
    LOGIN = "login"
    PASSWORD = "password"
    TOKEN = "token"
    KEY = "key"
    DATABASE = "database"
    ORGANISATION = "organisation"
    PHONE = "phone"
    CARD = "card"
    IBAN = "iban"


@frozen
class Entry:
    """One value that was replaced: its token, its kind, how often, and the value as first met."""

    token: str
    kind: Kind
    count: int
    value: str = field(repr=False)


@frozen
class Ledger:
    """What was replaced, by kind and number. Values show in `values` alone, never in a repr."""

    entries: tuple[Entry, ...] = ()

    @property
    def counts(self) -> dict[str, tuple[str, int]]:
        """Return token to kind and count, without values."""
        return {entry.token: (str(entry.kind), entry.count) for entry in self.entries}

    @property
    def values(self) -> dict[str, str]:
        """Return token to value: the key to what was hidden, for the eyes of who asks for it."""
        return {entry.token: entry.value for entry in self.entries}
