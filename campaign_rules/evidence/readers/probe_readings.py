"""The transcript of a probe to readings: does the front answer, and what do the pages of Campaign say.

What the pages show when all is well: production/using/monitoring-processes.md#r-test,
production/using/monitoring-processes.md#nl-jsp-ping-jsp and
production/using/failure-to-connect.md#failure-to-connect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from campaign_rules.evidence.readers.page_text import page_text
from campaign_rules.evidence.readers.probe_transcript import NOT_REQUESTED, Check, read_checks
from campaign_rules.evidence.readers.reader import Found, ProcessNames
from campaign_rules.evidence.text_lines import Line
from campaign_rules.model import Reading

SLOW_SECONDS = 5.0
"""From here on a page that answers is slow. It needs well below a second; this is our own threshold."""

_GATEWAY = frozenset({502, 503, 504})
"""What a balancer answers for a server that does not."""

_REFUSED = frozenset({401, 403})
_REDIR = re.compile(r"<redir\b", re.IGNORECASE)
_INPUT = re.compile(r"<(?:form|input|script|frame|iframe)\b", re.IGNORECASE)
_FORM = re.compile(r"<input\b[^<>]{0,500}\b(?:password|login)\b", re.IGNORECASE)
_JAVA = re.compile(
    r"JasperException|\bjavax?\.\w{1,40}\.\w|\borg\.apache\.\w|Apache Tomcat|HTTP Status 5\d\d", re.IGNORECASE
)
_ADDRESS = re.compile(r"<ip-\d|[0-9a-f]{1,4}[.:]|::", re.IGNORECASE)
_OK = re.compile(r"\W*OK\b")
_NOT_ALLOWED = re.compile(
    r"denied|not (?:allowed|authori[sz]ed)|forbidden|session ?token|log ?[io]n", re.IGNORECASE
)


def read_probe(lines: Sequence[Line], source: str, names: ProcessNames) -> Found:
    """Return the readings of the probe in `lines`, and the numbers of the lines that it fills.

    ``probe.name_resolution``, ``probe.port_<number>``, ``probe.certificate``, ``probe.front``,
    ``probe.rtest``, ``probe.ping``, ``probe.logon``, ``probe.relay`` and ``probe.pace`` are words; a reply
    of ``/r/test`` that holds no status has its HTTP status as ``redirection.status``. What was not
    tried, or is for other callers only, gives no reading.
    """
    checks, used = read_checks(lines, source)
    found = [reading for check in checks for reading in _KINDS[check.kind](check)]
    return (*found, *_front(checks)), used


def _resolve(check: Check) -> Iterator[Reading]:
    if check.outcome.startswith(("name not resolved", "timeout")):
        yield _word("name_resolution", "failed", check)
    elif _ADDRESS.match(check.outcome):
        yield _word("name_resolution", "ok", check)


def _connect(check: Check) -> Iterator[Reading]:
    """Read whether the network lets through. A refusal shows that it does, and that no program listens."""
    port = check.subject.rpartition(":")[2]
    outcome = re.split(r"[ :]", check.outcome)[0]
    if outcome in ("open", "timeout", "unreachable"):
        yield _word(f"port_{port}", outcome, check)


def _handshake(check: Check) -> Iterator[Reading]:
    if check.outcome.startswith("accepted"):
        yield _word("certificate", "valid", check)
    elif check.outcome.startswith(("not accepted", "failed")):
        yield _word("certificate", "invalid", check)


def _request(check: Check) -> Iterator[Reading]:
    if not check.outcome.startswith(NOT_REQUESTED):
        if check.path == "/r/test":
            yield from _rtest(check)
        elif check.path == "/nl/jsp/ping.jsp":
            yield from _ping(check)
        elif check.path == "/nl/jsp/logon.jsp":
            yield from _logon(check)
        if check.seconds >= SLOW_SECONDS:
            yield _word("pace", "slow", check)


def _rtest(check: Check) -> Iterator[Reading]:
    if not check.status or check.status in _GATEWAY:
        yield _word("rtest", "no-answer", check)
        return
    yield _word("rtest", "answers", check)
    if not _REDIR.search(check.text):
        yield Reading("redirection.status", f"HTTP {check.status}", provenance=check.place)


def _ping(check: Check) -> Iterator[Reading]:
    shown = page_text(check.text)
    if check.status == 200 and _OK.match(shown):
        if check.seconds < SLOW_SECONDS:
            yield _word("ping", "ok", check)
    elif not (
        check.status in _REFUSED or 300 <= check.status < 400 or (check.status and _NOT_ALLOWED.search(shown))
    ):
        yield _word("ping", "not-ok", check)


def _logon(check: Check) -> Iterator[Reading]:
    if check.status in (200, 403):
        yield _word("relay", "open" if check.status == 200 else "forbidden", check)
    if check.status and _JAVA.search(check.text) and not _FORM.search(check.text):
        yield _word("logon", "java-error", check)
    elif not check.status or check.status >= 500:
        yield _word("logon", "no-page", check)
    elif check.status == 200 and _FORM.search(check.text):
        if check.seconds < SLOW_SECONDS:
            yield _word("logon", "form", check)
    elif check.status == 200 and not page_text(check.text) and not _INPUT.search(check.text):
        yield _word("logon", "blank", check)


def _front(checks: Sequence[Check]) -> Iterator[Reading]:
    """Read whether the address answers at all: by any page, and silent if no connection or page does."""
    answered = [check for check in checks if check.status and check.status not in _GATEWAY]
    asked = [check for check in checks if check.kind == "GET"]
    tried = [check for check in asked if not check.outcome.startswith(NOT_REQUESTED)]
    if answered:
        yield _word("front", "answers", answered[0])
    elif tried and not any(check.status for check in tried):
        yield _word("front", "silent", tried[0])
    elif asked and not tried:
        obstacle = asked[0].outcome.partition(": ")[2]
        way = [check for check in checks if check.kind != "resolve" and check.outcome == obstacle]
        yield from (_word("front", "silent", check) for check in way[-1:])


def _word(name: str, value: str, check: Check) -> Reading:
    return Reading(f"probe.{name}", value, provenance=check.place)


_KINDS = {"resolve": _resolve, "connect": _connect, "handshake": _handshake, "GET": _request}
