"""Values and names from outside as text that only shows."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return `text` on one line, with a question mark for what is no printable character.

    Control codes, and marks that turn the direction of writing, thus cannot act.
    """
    return "".join(char if char.isprintable() else "?" for char in " ".join(text.split()))


def printable_lines(text: str) -> tuple[str, ...]:
    """Return the lines of `text` with their blanks, and else as `printable` does."""
    lines = (line.expandtabs(4).rstrip() for line in text.splitlines())
    return tuple("".join(char if char.isprintable() else "?" for char in line) for line in lines)


def shown(value: str | float) -> str:
    """Return the value of an observation as it is shown: numbers without needless digits."""
    return f"{value:g}" if isinstance(value, float) else printable(value)
