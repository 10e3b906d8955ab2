"""Bytes of an artefact to text, whatever wrote them."""

from __future__ import annotations

import codecs

from campaign_rules.errors import InputError

SAMPLE = 65_536
"""Bytes from the beginning that tell what a file holds."""

_CONTROL_SHARE = 0.1
_NUL_SHARE = 0.001
_UTF_16_SHARE = 0.4
_PLAIN_CONTROLS = frozenset(b"\t\n\r\f\v\x1b")
_CONTROLS = bytes(byte for byte in range(32) if byte not in _PLAIN_CONTROLS)
_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def decode_text(data: bytes, source: str) -> str:
    """Decode `data`: UTF-8, UTF-16 with or without a byte order mark, Latin-1 where a line is no UTF-8.

    `source` names the artefact in the error. Raises :class:`InputError` for binary content.
    """
    encoding = recognise(data[:SAMPLE], source)
    if encoding:
        text = data.decode(encoding, "replace")
        return text.removeprefix("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "\n".join(decode_line(line) for line in data.removeprefix(codecs.BOM_UTF8).split(b"\n"))


def decode_line(line: bytes) -> str:
    """Decode one line: UTF-8, else Latin-1."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def recognise(sample: bytes, source: str) -> str:
    """Return "utf-16-le" or "utf-16-be" if the first bytes of a file are that, "" for 8-bit text.

    Raises :class:`InputError` for binary content: more than one NUL character in a thousand, or more than
    a tenth of control characters.
    """
    encoding = _MARKS.get(sample[:2]) or _unmarked(sample)
    if encoding:
        text = sample[: len(sample) // 2 * 2].decode(encoding, "replace").removeprefix("\ufeff")
        plain, size = text.encode("utf-8", "replace"), len(text)
        broken = len(sample) < SAMPLE and len(sample) % 2
        if broken or text.count("\ufffd") > _CONTROL_SHARE * size:
            raise InputError(f"{source} starts like UTF-16 text but is not")
    else:
        plain, size = sample, len(sample)
    controls = size and len(plain) - len(plain.translate(None, _CONTROLS))
    if plain.count(b"\0") > _NUL_SHARE * size or controls > _CONTROL_SHARE * size:
        raise InputError(f"{source} is a binary file")
    return encoding


def _unmarked(sample: bytes) -> str:
    """Tell UTF-16 of mostly Latin letters by its NUL bytes: every second one, on one side only."""
    size = len(sample) // 2
    if size < 2:
        return ""
    low, high = sample[0 : 2 * size : 2].count(0), sample[1 : 2 * size : 2].count(0)
    if high > _UTF_16_SHARE * size and not low:
        return "utf-16-le"
    if low > _UTF_16_SHARE * size and not high:
        return "utf-16-be"
    return ""
