"""Files of any size to what they say, in one pass over each and in constant memory.

A file up to `WHOLE` bytes is read as a document: listings, probe replies, log lines and people's words. Of a
larger one the beginning is read for listings and the like, and all of it for log lines.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, cast

from campaign_rules.errors import InputError
from campaign_rules.evidence.artifact import measure
from campaign_rules.evidence.blocks import read_blocks
from campaign_rules.evidence.decode import decode_text, recognise
from campaign_rules.evidence.folders import File
from campaign_rules.evidence.log_matches import match_blocks
from campaign_rules.evidence.long_lines import OVERLAP
from campaign_rules.evidence.merge import Ranks, join
from campaign_rules.evidence.period import ALWAYS, Period
from campaign_rules.evidence.recogniser import Recogniser
from campaign_rules.evidence.streams import DAMAGED, Stream, open_streams
from campaign_rules.evidence.taken import as_of, moment, on_that_day
from campaign_rules.evidence.text_lines import Line, split_lines
from campaign_rules.evidence.ticket import document_ranks
from campaign_rules.evidence_file import SCHEMA, Artefact, artefacts_of
from campaign_rules.model import Note

WHOLE = 1 << 20
"""Bytes up to which a file is read as a document."""

BEGINNING = 1 << 19
"""Bytes of a larger file in which listings and the like are looked for."""

LARGEST_BUNDLE = 32 << 20
"""Bytes of the largest evidence file."""

CUT = "..."
"""The line that stands for what was left out: a listing that reaches it is not whole."""

Progress = Callable[[int], None]
"""Told the number of bytes whenever some of a file were read."""


def read_file(
    file: File, recogniser: Recogniser, period: Period = ALWAYS, progress: Progress | None = None
) -> tuple[Ranks, tuple[Note, ...]]:
    """Return what a file says, and notes on parts of it that cannot be read.

    Raises :class:`InputError` if the caller named the file and nothing of it can be read.
    """
    try:
        with open(file.name, "rb") as opened:
            ranks, notes, parts = _read(file.name, opened, recogniser, period, progress)
    except OSError as error:
        ranks, parts = Ranks(), 0
        notes = (Note(file.name, f"cannot be read: {error.strerror or error}"),)
    if file.named and notes and not parts:
        first = notes[0]
        raise InputError(f"{first.source}{'' if first.text.startswith('is ') else ':'} {first.text}")
    return ranks, notes


def read_stream(
    name: str, opened: BinaryIO, recogniser: Recogniser, period: Period = ALWAYS, named: bool = True
) -> tuple[Ranks, tuple[Note, ...]]:
    """Return what standard input, an attachment or the like says, and notes on what cannot be read.

    Raises :class:`InputError` if the caller `named` it and nothing of it can be read.
    """
    seekable = not named and opened.seekable()
    ranks, notes, parts = _read(name, opened, recogniser, period, None, seekable)
    if named and notes and not parts:
        raise InputError(f"{notes[0].source} {notes[0].text}")
    return ranks, notes


def _read(
    name: str,
    opened: BinaryIO,
    recogniser: Recogniser,
    period: Period,
    progress: Progress | None,
    seekable: bool = True,
) -> tuple[Ranks, tuple[Note, ...], int]:
    """Return what was read, notes, and the number of parts that could be read."""
    found: list[Ranks] = []
    notes: list[Note] = []
    part = name
    try:
        for part, stream in open_streams(name, Stream(opened, progress), opened if seekable else None):
            try:
                found.append(_read_part(part, stream, recogniser, period, notes))
            except InputError as error:
                notes.append(Note(part, str(error).removeprefix(part).lstrip(": ")))
    except DAMAGED as error:
        notes.append(Note(part, f"cannot be read: {error}"))
    return join(found), tuple(notes), len(found)


def _read_part(name: str, stream: Stream, recogniser: Recogniser, period: Period, notes: list[Note]) -> Ranks:
    encoding = recognise(stream.head, name)
    bundle = SCHEMA.encode() in stream.head
    limit = LARGEST_BUNDLE if bundle else WHOLE
    known = len(notes)
    content = _Rejoined(stream, name, notes)
    begin = content.read(limit + 1)
    if len(begin) > limit:
        content.put_back(begin)
        return _read_large(name, content, begin[:BEGINNING], encoding, recogniser, period)
    text = decode_text(begin, name)
    artefacts = artefacts_of(text) if bundle else None
    if artefacts is not None:
        return join(_read_artefact(one, name, recogniser, period, notes) for one in artefacts)
    return document_ranks(f"{text}\n{CUT}" if len(notes) > known else text, name, recogniser, period)


def _read_artefact(
    artefact: Artefact, bundle: str, recogniser: Recogniser, period: Period, notes: list[Note]
) -> Ranks:
    """Read one artefact of an evidence file; what was printed outside of `period` tells nothing."""
    name = f"{bundle}/{artefact.name}"
    time = moment(artefact.taken)
    if artefact.kind == "log" or not time:
        return document_ranks(artefact.text, name, recogniser, period)
    if not period.holds(time):
        notes.append(Note(name, f"was taken at {time}, outside of the period"))
    return as_of(document_ranks(artefact.text, name, recogniser, on_that_day(period, time)), time, period)


class _Rejoined:
    """A stream that takes bytes back; where it is damaged, it ends with a note."""

    def __init__(self, stream: Stream, name: str, notes: list[Note]) -> None:
        self._begin = b""
        self._stream = stream
        self._name = name
        self._notes = notes

    def put_back(self, begin: bytes) -> None:
        """Give back bytes that were read, to be read again."""
        self._begin = begin

    def read(self, size: int) -> bytes:
        begin, self._begin = self._begin[:size], self._begin[size:]
        parts, missing = [begin], size - len(begin)
        try:
            while missing and (more := self._stream.read(min(missing, 1 << 16))):
                parts.append(more)
                missing -= len(more)
        except DAMAGED as error:
            self._notes.append(Note(self._name, f"cut short: {error}"))
            self._stream = Stream(_NOTHING)
        return b"".join(parts)


class _Nothing:
    def read(self, size: int, /) -> bytes:
        return b""


_NOTHING = _Nothing()


def _read_large(
    name: str, rest: _Rejoined, begin: bytes, encoding: str, recogniser: Recogniser, period: Period
) -> Ranks:
    lines = split_lines(decode_text(begin, name), name)[:-1]
    measured = measure((*lines, Line(len(lines) + 1, CUT)), name, recogniser, period)
    blocks = read_blocks(cast(BinaryIO, rest), encoding, OVERLAP)
    logged = match_blocks(blocks, name, recogniser.logs, period)
    return Ranks(measured.observations, logged, unlisted=measured.unlisted)
