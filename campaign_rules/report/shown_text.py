"""Values and names from outside as text that only shows."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return `text` on one line, with a question mark for what is no printable character.

    Control codes, and marks that turn the direction of writing, thus cannot act.
    """
    return "".join(char if char.isprintable() else "?" for char in " ".join(text.split()))


def shown(value: str | float) -> str:
    """Return the value of an observation as it is shown: numbers without needless digits."""
    return f"{value:g}" if isinstance(value, float) else printable(value)
