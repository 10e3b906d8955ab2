"""Bytes of an artefact to text, whatever wrote them."""

from __future__ import annotations

import codecs

from campaign_rules.errors import InputError

_SAMPLE = 65_536
_CONTROL_SHARE = 0.1
_PLAIN_CONTROLS = frozenset("\t\n\r\f\v\x1b")


def decode_text(data: bytes, source: str) -> str:
    """Decode `data`: UTF-8, UTF-16 with a byte order mark, else Latin-1.

    `source` names the artefact in the error. Raises :class:`InputError` for binary content: NUL
    characters, or more than a tenth of control characters.
    """
    text = _decoded(data, source)
    sample = text[:_SAMPLE]
    controls = sum(1 for char in sample if char < " " and char not in _PLAIN_CONTROLS)
    if "\0" in text or controls > _CONTROL_SHARE * len(sample):
        raise InputError(f"{source} is a binary file")
    return text


def _decoded(data: bytes, source: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise InputError(f"{source} starts like UTF-16 text but is not: {error.reason}") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
