"""The way in: tickets, artefacts and files to observations, with a rule base that knows their signs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from os import PathLike
from typing import BinaryIO

from campaign_rules import evidence
from campaign_rules.cache import Choice, chosen
from campaign_rules.model import Evidence, KnowledgeBase, Ledger
from campaign_rules.rule_base import shipped_knowledge


def read_ticket(
    text: str,
    attachments: Sequence[str] = (),
    *,
    knowledge: KnowledgeBase | None = None,
    redact: bool = True,
    ledger: Ledger | None = None,
    cache: Choice = True,
) -> Evidence:
    """Return what a ticket's text and its attachments (log text, command output) say, as observations.

    Addresses, names of hosts and accounts, and secrets are replaced by tokens in all that is returned,
    unless `redact` is false. Their numbers go on where `ledger`, that of another reading, ends. What makes
    the knowledge base ready for reading is kept as `load_knowledge` tells.
    """
    recogniser = _recogniser(knowledge or shipped_knowledge(cache), cache)
    with evidence.redacted_errors(redact):
        return evidence.read_ticket(text, attachments, recogniser, redact=redact, ledger=ledger)


def read_artifact(
    text: str,
    source: str,
    *,
    knowledge: KnowledgeBase | None = None,
    redact: bool = True,
    ledger: Ledger | None = None,
    cache: Choice = True,
) -> Evidence:
    """Return what one artefact says: log text, command output, an HTTP reply, or somebody's words.

    `source` is its name in the provenance. What it is shows in its content. `redact` and `ledger` are those
    of `read_ticket`. What makes the knowledge base ready for reading is kept as `load_knowledge` tells.
    """
    recogniser = _recogniser(knowledge or shipped_knowledge(cache), cache)
    with evidence.redacted_errors(redact):
        return evidence.read_document(text, source, recogniser, redact=redact, ledger=ledger)


def read_files(
    paths: Iterable[str | PathLike[str]],
    *,
    knowledge: KnowledgeBase | None = None,
    tickets: Mapping[str, str] | None = None,
    since: evidence.Moment | None = None,
    until: evidence.Moment | None = None,
    at: evidence.Moment | None = None,
    day: date | None = None,
    streams: Mapping[str, BinaryIO] | None = None,
    attachments: Mapping[str, BinaryIO] | None = None,
    progress: Callable[[int, int], None] | None = None,
    redact: bool = True,
    ledger: Ledger | None = None,
    cache: Choice = True,
) -> Evidence:
    """Return what files and all files in folders say: observations, and notes on what cannot be read.

    What a file is shows in its content: text in UTF-8, UTF-16 or Latin-1, also compressed or in an archive.
    Binary files that lie in a folder or an archive are left out with a note. The order of `paths` does not
    matter. `tickets` are texts that people wrote, by their names, read together with the files.

    Log lines, and measurements that tell their time, count if they are from `since` to `until`, or where
    these are not given within a day of the incident `at`: ISO text, or values of `datetime`. What tells no
    time counts. What a log shows to have been over by `at`, or `until`, does not. `day` is the day of lines
    that tell only the hour, in files that tell no day. `streams` are read like files that are named, and
    `attachments` like files that lie in a folder, by their names. `progress` is told the bytes read and to be
    read. `redact` and `ledger` are those of `read_ticket`.

    Raises InputError for a path that does not exist, for a file that is named and cannot be read, and for
    what is no time.
    """
    with evidence.redacted_errors(redact):
        period = evidence.make_period(since, until, at, day)
        files, notes = evidence.find_files(paths)
        if not (files or streams or attachments or tickets):
            return Evidence((), tuple(sorted(set(notes))))
        recogniser = _recogniser(knowledge or shipped_knowledge(cache), cache)
        total, done = sum(file.size for file in files), 0

        def reading(size: int) -> None:
            nonlocal done
            done += size
            if progress:
                progress(done, total)

        read = [evidence.read_file(file, recogniser, period, reading) for file in files]
        for opened, named in ((streams or {}, True), (attachments or {}, False)):
            for name, stream in sorted(opened.items()):
                read.append(evidence.read_stream(name, stream, recogniser, period, named))
        ranks = [found for found, _ in read]
        for name, text in sorted((tickets or {}).items()):
            ranks.append(evidence.named_ticket_ranks(text, name, recogniser, period))
    found = {*notes, *(note for _, more in read for note in more)}
    return evidence.gather(ranks, found, at=period.at, redact=redact, ledger=ledger)


@lru_cache(maxsize=16)
def _recogniser(base: KnowledgeBase, cache: Choice) -> evidence.Recogniser:
    return evidence.make_recogniser(base, chosen(cache))
