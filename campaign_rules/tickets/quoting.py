"""What a person wrote anew in a reply: without the messages it quotes, and without a signature."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from campaign_rules.evidence.log_lines import read_log_line

_LONGEST_INTRODUCTION = 4
"""Lines that "On ..., somebody wrote:" is wrapped into by mail programs."""

_LONGEST_SIGNATURE = 15
"""Lines with words below "-- " that are a signature still."""

_QUOTED = re.compile(r" ?>")
_LONGEST_HEAD = 60
"""Lines of a head of a message that are looked at."""

_ANGLED = re.compile(r" ?(?:>|<{1,3}\s|---$)")
_TRANSCRIPT = re.compile(r" ?(?:<|>{3,}\s*\w)")
"""One side of a diff or of a conversation with a server, such as ``<<< 550 ...``, or a prompt ``>>>``."""

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.\w")
_MOMENT = re.compile(
    r"\b(?:19|20)\d\d\b.*\b\d{1,2}[:.h]\d\d|\b\d{1,2}[./]\d{1,2}[./]\d\d\b.*\b\d{1,2}[:.h]\d\d"
)
_OPENING = re.compile(r"(?:On|Il|Am|Le|El)\b")
_WROTE = re.compile(r"\b(?:wrote|ha scritto|schrieb|a écrit|escribió)\b.{0,150}:$", re.IGNORECASE)

_SEPARATOR = re.compile(
    r"\W{3,}(?:original[ -](?:message|e?-?mail)|(?:messaggio|mensaje|message) original[e]?"
    r"|(?:ursprüngliche|original)[ -]nachricht|message d['’]origine)\W*$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"\W*(?:(?:begin )?forwarded message|(?:inizio )?messaggio inoltrato"
    r"|weitergeleitete nachricht|anfang der weitergeleiteten nachricht"
    r"|(?:début du )?message (?:transféré|réexpédié)|(?:inicio del )?mensaje reenviado)\W*$",
    re.IGNORECASE,
)

_FROM = frozenset({"from", "da", "von", "de"})
_WHEN = frozenset(
    {"sent", "date", "inviato", "data", "gesendet", "datum", "envoyé", "envoyé le", "enviado", "enviado el"}
    | {"fecha"}
)
_OTHER = frozenset(
    {"to", "a", "an", "à", "para", "cc", "bcc", "ccn", "cci", "cco", "subject", "oggetto", "betreff", "objet"}
    | {"asunto", "importance", "priorità", "wichtigkeit", "importancia", "attachments", "allegati", "anlagen"}
    | {"pièces jointes", "datos adjuntos", "reply-to", "organization"}
)
_TECHNICAL = re.compile(r"received|\w+(?:-\w+)+")
_FIELD = re.compile(r"[*_ ]{0,4}(\w[\w' -]{0,30}?)[\s*_]{0,4}:(?!//)")


def without_quotations(text: str) -> str:
    """Return the lines of a reply that are its author's own, in English, Italian, German, French and Spanish.

    Left out are lines after ``>``, what mail programs put below "On ..., somebody wrote:", below a head of
    From, Sent, To and Subject, and below "Original Message", and a signature below ``-- ``. What servers
    printed is kept: dialogues of ``>>>`` and ``<<<``, and heads with fields that no mail program quotes, such
    as Received. So is a forwarded message, which the thread does not have yet. A text of which nothing would
    be left is returned whole.
    """
    lines = text.splitlines()
    own = _without_signature(list(_unquoted(lines)))
    if len(own) == len(lines) or not any(line.strip() for line in own):
        return text
    return "\n".join(own).strip("\n")


def _unquoted(lines: Sequence[str]) -> Iterator[str]:
    angled = frozenset(_angled(lines))
    place = 0
    while place < len(lines):
        if _FORWARDED.match(lines[place]):
            yield from lines[place:]
            return
        if quoted := _quoted(lines, place, angled):
            place += quoted
        else:
            yield lines[place]
            place += 1


def _quoted(lines: Sequence[str], place: int, angled: frozenset[int]) -> int:
    """Return how many lines from `place` on are quoted for certain, none if that one is not."""
    if place in angled:
        return 1
    if _begins_quotation(lines, place):
        return len(lines) - place
    if not (introduction := _introduction(lines, place)):
        return 0
    after = place + introduction
    following = next((number for number in range(after, len(lines)) if lines[number].strip()), after)
    if following in angled:
        return introduction
    words = " ".join(lines[place:after])
    told = _ADDRESS.search(words) or (_MOMENT.search(words) and not _is_log(lines[following : following + 1]))
    return len(lines) - place if told else 0


def _angled(lines: Sequence[str]) -> Iterator[int]:
    """Yield the lines after ``>``, without those that a server, a prompt or a comparison has begun so."""
    for angled, group in groupby(range(len(lines)), lambda number: bool(_ANGLED.match(lines[number]))):
        run = list(group)
        answered = any(lines[number].lstrip().startswith("<") for number in run)
        if angled and not answered and not all(_TRANSCRIPT.match(lines[number]) for number in run):
            yield from (number for number in run if _QUOTED.match(lines[number]))


def _introduction(lines: Sequence[str], place: int) -> int:
    """Return how many lines "On ..., somebody wrote:" has at `place`."""
    longest = _LONGEST_INTRODUCTION if _OPENING.match(lines[place]) else 1
    for length in range(1, longest + 1):
        part = [line.strip() for line in lines[place : place + length]]
        if len(part) < length or not part[-1]:
            return 0
        if part[-1].endswith(":"):
            words = " ".join(part)
            dated = len(words) < 400 and any(letter.isdecimal() for letter in words)
            return length if dated and _WROTE.search(words) else 0
    return 0


def _begins_quotation(lines: Sequence[str], place: int) -> bool:
    """Tell whether a mail program has put the head of an earlier message at `place`."""
    if _SEPARATOR.match(lines[place]):
        below = next((number for number in range(place + 1, len(lines)) if lines[number].strip()), len(lines))
        names = _names(lines, below)
        return not names or _names_known(names)
    names = _names(lines, place)
    quotes = len(names) > 2 and names[0] in _FROM and _names_known(names)
    return quotes and not _within_head(lines, place)


def _within_head(lines: Sequence[str], place: int) -> bool:
    """Tell whether right above `place` are fields that mail programs do not quote."""
    for number in range(place - 1, max(place - _LONGEST_HEAD, 0) - 1, -1):
        if not lines[number].strip():
            return False
        if _TECHNICAL.fullmatch(_name(lines[number])):
            return True
    return False


def _names_known(names: Sequence[str]) -> bool:
    """Tell whether a head has no fields but those that mail programs quote, and says when it was sent."""
    return not _WHEN.isdisjoint(names) and set(names) <= _FROM | _WHEN | _OTHER


def _names(lines: Sequence[str], place: int) -> list[str]:
    """Return the names of the fields from `place` on, in lower case; values may go on in further lines."""
    names = []
    for line in lines[place : place + _LONGEST_HEAD]:
        if not line.strip():
            break
        if line[0].isspace():
            continue
        if name := _name(line):
            names.append(name)
        elif "@" not in line and ";" not in line:
            break
    return names


def _name(line: str) -> str:
    field = _FIELD.match(line)
    return field[1].strip().casefold() if field else ""


def _without_signature(lines: list[str]) -> list[str]:
    """Return the lines above a last ``-- ``, unless more is below it than a signature has."""
    for number in reversed(range(len(lines))):
        if lines[number].rstrip() == "--":
            below = [line for line in lines[number + 1 :] if line.strip()]
            return lines if len(below) > _LONGEST_SIGNATURE or _is_log(below) else lines[:number]
    return lines


def _is_log(lines: Sequence[str]) -> bool:
    return any(read_log_line(line).layout != "plain" for line in lines)
