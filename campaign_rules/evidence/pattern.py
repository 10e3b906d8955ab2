"""Regular expressions of log signs: tolerant of white space, and the words each cannot do without."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import frozen

_AHEAD = "(?="
_OPTIONAL = ("?", "*", "{")
_GROUP = re.compile(r"\((?:\?:|\?P<\w+>|(?!\?))")
_ALL_DIGITS = re.compile(r"\{\d*,?\d*\}|0-9")
_AS_IT_STANDS = re.compile(r"\{\d*,?\d*\}|\(\?P<\w+>|\(\?[a-zA-Z-]+[:)]")
_DIGITS = re.compile(r"[0-9]-[0-9]|[0-9]")
_BOUND = re.compile(r"\\[ABZ]|[\^$]|\(\?-i")
_ODD_LETTERS = re.compile("[\u017f\u0130\u0131\u212a]|[A-Z]-[a-z]|\\\\[NuUx]")
_LARGE = re.compile(r"\\.|\(\?P|[A-Z]", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:x..|u.{4}|U.{8}|N\{[^}]*\}|\d+|.)?", re.DOTALL)


@frozen
class _Piece:
    """A piece of an expression: a literal character ("" for anything else), and its own text."""

    text: str
    literal: str = ""


def _pieces(expression: str) -> Iterator[_Piece]:
    """Cut `expression` at top level: literal characters, and groups, classes and escapes as a whole."""
    at = 0
    while at < len(expression):
        char = expression[at]
        if char == "\\":
            end = _ESCAPE.match(expression, at).end()  # type: ignore[union-attr]
            escaped = expression[at + 1 : end]
            yield _Piece(expression[at:end], "" if escaped[:1].isalnum() else escaped)
        elif char == "[":
            end = _class_end(expression, at)
            yield _Piece(expression[at:end])
        elif char == "(":
            end = _group_end(expression, at)
            yield _Piece(expression[at:end])
        elif char == "{":
            end = expression.find("}", at) + 1 or len(expression)
            yield _Piece(expression[at:end])
        else:
            end = at + 1
            yield _Piece(char, "" if char in ".^$*+?|)" else char)
        at = end


def _class_end(expression: str, at: int) -> int:
    end = at + 1
    if expression[end : end + 1] == "^":
        end += 1
    if expression[end : end + 1] == "]":
        end += 1
    while end < len(expression) and expression[end] != "]":
        end += 2 if expression[end] == "\\" else 1
    return end + 1


def _group_end(expression: str, at: int) -> int:
    depth = 0
    while at < len(expression):
        char = expression[at]
        if char == "\\":
            at += 2
            continue
        if char == "[":
            at = _class_end(expression, at)
            continue
        depth += (char == "(") - (char == ")")
        at += 1
        if not depth:
            break
    return at


def alternatives(expression: str) -> tuple[str, ...]:
    """Cut `expression` at its top-level bars."""
    parts = [""]
    for piece in _pieces(expression):
        if piece.text == "|":
            parts.append("")
        else:
            parts[-1] += piece.text
    return tuple(parts)


def flexible(expression: str) -> str:
    r"""Let every space of `expression`, outside character classes, match any white space (``\s+``)."""
    expression = re.sub(r"(?<!\\) +", " ", expression)
    made: list[str] = []
    at = 0
    while at < len(expression):
        char = expression[at]
        end = at + 1
        if char == "\\":
            end = at + 2
        elif char == "[":
            end = _class_end(expression, at)
        if char == " ":
            follows = expression[end : end + 1]
            made.append(r"\s*" if follows and follows in "?*" else r"\s+")
            end += bool(follows) and follows in "?*+"
        else:
            made.append(expression[at:end])
        at = end
    return "".join(made)


def required_words(expression: str) -> tuple[frozenset[str], ...]:
    """Return what a text with a match holds, in lower case: at least one word of each set.

    A word is a run of literal characters without space; a group of alternatives gives a set with one
    word for each. Sets with the longest words come first. Empty for an expression without literals.
    """
    found: set[frozenset[str]] = set()
    literal = ""
    pieces = list(_pieces(expression))
    for at, piece in enumerate(pieces):
        follows = pieces[at + 1].text if at + 1 < len(pieces) else ""
        needed = not follows.startswith(_OPTIONAL)
        literal += piece.literal if piece.literal and needed else " "
        if needed and piece.text.startswith(_AHEAD):
            ahead = alternatives(piece.text[len(_AHEAD) : -1])
            found.update(required_words(ahead[0]) if len(ahead) == 1 else {_any_word("|".join(ahead))})
        elif needed and (group := _GROUP.match(piece.text)):
            found.add(_any_word(piece.text[group.end() : -1]))
    found.update(frozenset({word}) for word in literal.lower().split())
    return tuple(
        sorted(found - {frozenset()}, key=lambda words: (-min(map(len, words)), len(words), sorted(words)))
    )


def _any_word(group: str) -> frozenset[str]:
    """Return one word for each alternative of a group; nothing if one of them has none."""
    words: set[str] = set()
    for part in alternatives(group):
        required = required_words(part)
        if not required:
            return frozenset()
        words |= required[0]
    return frozenset(words)


def tells_digits(expression: str) -> bool:
    r"""Tell whether `expression` may match one digit and not another: it names one, but for ``{80}``."""
    return bool(re.search(r"\d", _ALL_DIGITS.sub("", expression)))


def any_digits(expression: str) -> str:
    r"""Return an expression that takes any digit for another, and matches wherever `expression` does.

    Digits become ``\d``. What is negated becomes weaker: negative lookarounds go, and digits in classes
    like ``[^1-4]``.
    """
    made: list[str] = []
    at = 0
    while at < len(expression):
        char = expression[at]
        if char == "\\":
            end = _ESCAPE.match(expression, at).end()  # type: ignore[union-attr]
            made.append(expression[at:end])
        elif char == "[":
            end = _class_end(expression, at)
            made.append(_class_of_any_digits(expression[at:end]))
        elif expression.startswith(("(?!", "(?<!"), at):
            end = _group_end(expression, at)
            made.append("(?:)")
        elif found := _AS_IT_STANDS.match(expression, at):
            end = found.end()
            made.append(found[0])
        else:
            end = at + 1
            made.append(r"\d" if char in "0123456789" else char)
        at = end
    return "".join(made)


def of_masked(expression: str) -> str:
    r"""Return an expression for text in small letters whose digits are all 0, "" if there is none.

    It matches wherever `expression`, in any letters, matches the text as it was; it may match elsewhere too.
    What is bound to an end of the text, or tells letters apart by more than their size, has none.
    """
    if _BOUND.search(expression.replace("[^", "[")) or _ODD_LETTERS.search(expression):
        return ""
    return _LARGE.sub(
        lambda found: found[0].lower() if len(found[0]) == 1 else found[0], any_digits(expression)
    )


def _class_of_any_digits(text: str) -> str:
    if not (found := _DIGITS.findall(text)):
        return text
    rest = text
    for digits in found:
        rest = rest.replace(digits, "")
    if text.startswith("[^"):
        return r"[\s\S]" if rest == "[^]" else rest
    return rest[:-1] + "0-9]"
