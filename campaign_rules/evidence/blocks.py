"""A stream of bytes to blocks of whole lines, in constant memory, however long a line is."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from attrs import frozen

SIZE = 1 << 19
"""Bytes read at once."""


@frozen
class Block:
    r"""Lines in UTF-8 or another 8-bit encoding, ended by "\n" only.

    `inside` says that it begins within a line, repeating the last bytes of the block before; a block whose
    last line goes on has no "\n" at its end.
    """

    data: bytes
    inside: bool = False


def read_blocks(stream: BinaryIO, encoding: str, overlap: int) -> Iterator[Block]:
    """Yield the blocks of `stream`, which holds UTF-16 of the given `encoding`, or 8-bit text if that is "".

    A line longer than a block is cut, and `overlap` bytes are repeated.
    """
    rest, inside = b"", False
    for piece in _plain(stream, encoding):
        data = rest + piece
        end = data.rfind(b"\n") + 1
        if end:
            yield Block(data[:end], inside)
            rest, inside = data[end:], False
        elif len(data) > SIZE:
            yield Block(data, inside)
            rest, inside = data[-overlap:], True
        else:
            rest = data
    if rest:
        yield Block(rest, inside)


def _plain(stream: BinaryIO, encoding: str) -> Iterator[bytes]:
    r"""Yield the bytes of `stream` as 8-bit text, with "\n" as the only end of a line."""
    decoder = codecs.getincrementaldecoder(encoding)("replace") if encoding else None
    held, first = b"", True
    while chunk := stream.read(SIZE):
        piece = decoder.decode(chunk).encode("utf-8", "replace") if decoder else chunk
        if first:
            piece, first = piece.removeprefix(codecs.BOM_UTF8), False
        if held or b"\r" in piece:
            piece = held + piece
            held = b"\r" if piece.endswith(b"\r") else b""
            piece = piece.removesuffix(b"\r").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        yield piece
    if decoder:
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")
    if held:
        yield b"\n"
