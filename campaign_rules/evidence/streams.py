"""Files to streams of plain bytes: compressed files and archives are opened, whatever their names.

What a file holds shows in its first bytes: gzip, bzip2, xz, zip and tar, also within one another.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol, cast

from campaign_rules.evidence.decode import SAMPLE

DAMAGED = (
    EOFError,
    OSError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    tarfile.TarError,
    NotImplementedError,
    RuntimeError,
)
"""What reading a damaged or foreign compressed file may raise."""

DEEPEST = 4
"""Archives within one another that are opened."""

_GZIP, _BZIP2, _XZ = b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00"
_ZIP, _EMPTY_ZIP = b"PK\x03\x04", b"PK\x05\x06"
_TAR, _TAR_AT = b"ustar", 257


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Stream:
    """Bytes to be read once, whose first ones, `head`, can be looked at before.

    `reading` is told the number of bytes whenever some are read.
    """

    def __init__(self, raw: _Readable, reading: Callable[[int], None] | None = None) -> None:
        self._raw = raw
        self._reading = reading
        self.head = b""
        while len(self.head) < SAMPLE and (more := self._take(SAMPLE - len(self.head))):
            self.head += more
        self._rest = self.head

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes, fewer only at the end; all of them if it is negative."""
        parts = [self._rest if size < 0 else self._rest[:size]]
        self._rest = self._rest[len(parts[0]) :]
        missing = size - len(parts[0])
        while (size < 0 or missing > 0) and (more := self._take(missing if size >= 0 else 1 << 20)):
            parts.append(more)
            missing -= len(more)
        return b"".join(parts)

    def _take(self, size: int) -> bytes:
        data = self._raw.read(size)
        if self._reading and data:
            self._reading(len(data))
        return data


class TooDeepError(OSError):
    """An archive within too many archives."""


def open_streams(
    name: str, stream: Stream, seekable: BinaryIO | None, depth: int = 0
) -> Iterator[tuple[str, Stream]]:
    """Yield the name and the stream of what `stream` holds: itself, or the members of an archive.

    `seekable` is the file itself, where it can be read at any place, as zip demands. A stream is to be
    read before the next one is asked for. Raises one of `DAMAGED` for what cannot be opened.
    """
    head = stream.head
    unpack = _unpacker(head)
    if depth > DEEPEST and (unpack or _is_archive(head)):
        raise TooDeepError("an archive within too many archives")
    if unpack:
        yield from open_streams(name, Stream(unpack(stream)), None, depth + 1)
    elif head.startswith((_ZIP, _EMPTY_ZIP)):
        if seekable is None:
            raise zipfile.BadZipFile("a zip file within another archive is not read")
        with zipfile.ZipFile(seekable) as archive:
            for entry in sorted(archive.infolist(), key=lambda one: one.filename):
                if not entry.is_dir():
                    if entry.flag_bits & 1:
                        raise zipfile.BadZipFile("is encrypted")
                    with archive.open(entry) as member:
                        yield from open_streams(f"{name}/{entry.filename}", Stream(member), None, depth + 1)
    elif head[_TAR_AT:].startswith(_TAR):
        with tarfile.open(fileobj=cast(BinaryIO, stream), mode="r|") as bundle:
            for part in bundle:
                content = bundle.extractfile(part) if part.isfile() else None
                if content:
                    yield from open_streams(f"{name}/{part.name}", Stream(content), None, depth + 1)
    else:
        yield name, stream


def _unpacker(head: bytes) -> Callable[[Stream], _Readable] | None:
    if head.startswith(_GZIP):
        return lambda stream: gzip.GzipFile(fileobj=cast(BinaryIO, stream))
    if head.startswith(_BZIP2):
        return lambda stream: bz2.BZ2File(cast(BinaryIO, stream))
    if head.startswith(_XZ):
        return lambda stream: lzma.LZMAFile(cast(BinaryIO, stream))
    return None


def _is_archive(head: bytes) -> bool:
    return head.startswith((_ZIP, _EMPTY_ZIP)) or head[_TAR_AT:].startswith(_TAR)
