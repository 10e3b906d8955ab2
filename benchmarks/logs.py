"""A log as large as wanted, the same for the same seed: what the modules of one machine write, merged.

Times, ids, addresses, amounts, names and user agents differ from line to line. Most lines show nothing. Those
that do are the log lines of the scenarios of the rule base, which show at least one log sign each.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from campaign_rules import knowledge
from campaign_rules.evidence.log_lines import read_log_line
from campaign_rules.evidence.log_matches import match_text
from campaign_rules.evidence.log_signs import LogSign

SHARE = 0.02
"""Share of the lines that show something."""

PIECE = 1 << 20
"""Bytes of the text that is made at once."""

_BEGIN = datetime(2026, 11, 2, tzinfo=UTC)
_NAMES = ("anna", "luca", "marie", "jonas", "carmen", "s.rossi", "p.durand", "k.weber", "j.smith", "m.costa")
_DOMAINS = ("gmail.com", "orange.fr", "libero.it", "web.de", "yahoo.com", "hotmail.com", "example.org")
_CAMPAIGNS = ("Autumn sale", "Welcome", "Loyalty points", "Newsletter 44", "Birthday", "Abandoned basket")
_LABELS = ("Targeting", "Affinities", "Purchases", "Segments", "Daily feed", "Regions")
_PAGES = ("/view/home", "/xtk/jsp/main.jsp", "/nl/jsp/soaprouter.jsp", "/webApp/APP12", "/res/img/logo.png")
_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{} Safari/537",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_{} like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7; rv:{}) Gecko/20100101 Firefox/132.0",
    "Mozilla/5.0 (Linux; Android {}; SM-G991B) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36",
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class _Draw:
    """Random numbers, names and addresses, and the time, which goes on."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.chance = self._random.random
        self.now = _BEGIN

    def number(self, below: int) -> int:
        return int(self.chance() * below)

    def one(self, of: Sequence[str]) -> str:
        return of[int(self.chance() * len(of))]

    def hexadecimal(self, digits: int) -> str:
        return f"{self._random.getrandbits(4 * digits):0{digits}x}"

    def uuid(self) -> str:
        text = self.hexadecimal(32)
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def address(self) -> str:
        bits = self._random.getrandbits(32)
        return f"{bits >> 24}.{bits >> 16 & 255}.{bits >> 8 & 255}.{bits & 255}"

    def mail(self) -> str:
        return f"{self.one(_NAMES)}{self.number(100_000)}@{self.one(_DOMAINS)}"

    def agent(self) -> str:
        return self.one(_AGENTS).format(self.number(140))


def _mta(draw: _Draw) -> str:
    return (
        f"Message {draw.number(10**9)} of delivery DM{draw.number(9000)} ({draw.one(_CAMPAIGNS)}) accepted "
        f"for {draw.mail()} by {draw.address()}: 250 2.0.0 OK {draw.number(10**10)} "
        f"{draw.hexadecimal(16)} - gsmtp"
    )


def _mta_child(draw: _Draw) -> str:
    return (
        f"mtachild {draw.number(30)}: part {draw.number(400)} of delivery {draw.number(10**8)}, "
        f"{draw.number(5000)} messages prepared in {draw.number(90_000)} ms"
    )


def _connection(draw: _Draw) -> str:
    domain = draw.one(_DOMAINS)
    return (
        f"MX mx{draw.number(9)}.{domain} ({draw.address()}) for {domain}: session {draw.hexadecimal(8)} "
        f"opened, preference {draw.number(50)}"
    )


def _workflow(draw: _Draw) -> str:
    return (
        f"WKF{draw.number(9000)} '{draw.one(_LABELS)}' (id {draw.number(10**7)}): {draw.number(10**6)} "
        f"record(s) written to wkf{draw.number(10**7)}_{draw.number(60)}_1 in {draw.number(50_000)} ms"
    )


def _query(draw: _Draw) -> str:
    return (
        f"SELECT R0.iRecipientId, R0.sEmail FROM NmsRecipient R0 WHERE R0.iFolderId = {draw.number(10**6)} "
        f"AND R0.tsLastModified >= TIMESTAMP WITH TIME ZONE '2026-11-{1 + draw.number(28):02d} 00:00:00' AND "
        f"R0.iRecipientId > {draw.number(10**8)} ORDER BY R0.iRecipientId LIMIT {draw.number(10_000)}"
    )


def _web(draw: _Draw) -> str:
    return (
        f"Page {draw.one(_PAGES)} served to operator '{draw.one(_NAMES)}' [{draw.uuid()}] "
        f"in {draw.number(4000)} ms, {draw.number(10**6)} bytes"
    )


def _in_mail(draw: _Draw) -> str:
    return (
        f"Mail <{draw.hexadecimal(24)}@{draw.one(_DOMAINS)}> from {draw.mail()} taken from account "
        f"'bounces', {draw.number(80_000)} bytes"
    )


def _module(text: Callable[[_Draw], str]) -> Callable[[_Draw], str]:
    """Return a maker of lines that begin with time, process, thread, severity and channel, tab separated."""

    def line(draw: _Draw) -> str:
        return f"{_iso(draw)}\t{draw.number(90_000)}\t{draw.number(90_000)}\t1\tinfo\tlog\t{text(draw)}"

    return line


def _older(text: Callable[[_Draw], str]) -> Callable[[_Draw], str]:
    """Return a maker of lines that begin as older builds write them."""

    def line(draw: _Draw) -> str:
        return f"{_iso(draw).replace('T', ' ')} {draw.hexadecimal(8).upper()} 1 info log {text(draw)}"

    return line


def _iso(draw: _Draw) -> str:
    draw.now += timedelta(milliseconds=draw.number(40))
    return f"{draw.now.isoformat()[:19]}.{draw.now.microsecond // 1000:03d}Z"


def _apache(draw: _Draw) -> str:
    now = draw.now
    target = (
        f"/r/?id=h{draw.hexadecimal(7)},{draw.hexadecimal(7)},{draw.hexadecimal(7)}&p1={draw.number(10**8)}"
        if draw.number(3)
        else f"{draw.one(_PAGES)}?session={draw.uuid()}"
    )
    return (
        f"{draw.address()} - - [{now.day:02d}/{_MONTHS[now.month - 1]}/{now.year}:{now:%H:%M:%S} +0000] "
        f'"GET {target} HTTP/1.1" {"302" if draw.number(5) else "200"} {draw.number(40_000)} "-" '
        f'"{draw.agent()}"'
    )


def _tracking(draw: _Draw) -> str:
    return "\t".join(
        (
            f"50x{draw.number(10**10):016X}",
            _iso(draw).removesuffix("Z"),
            *(draw.hexadecimal(8) for _ in range(3)),
            "0",
            draw.uuid(),
            "h",
            draw.agent(),
            draw.address(),
        )
    )


def _tomcat(draw: _Draw) -> str:
    now = draw.now
    return (
        f"{now.day:02d}-{_MONTHS[now.month - 1]}-{now.year} {now:%H:%M:%S}.{now.microsecond // 1000:03d} "
        f"INFO [http-nio-8080-exec-{draw.number(200)}] org.apache.coyote.http11.Http11Processor.service "
        f"Request {draw.hexadecimal(12)} took {draw.number(3000)} ms"
    )


def _console(draw: _Draw) -> str:
    return (
        f"{draw.now:%H:%M:%S} >   {draw.number(10**6)} rows of {draw.one(_LABELS)} read, {draw.number(100)} %"
    )


_LINES: tuple[tuple[int, Callable[[_Draw], str]], ...] = (
    (22, _module(_mta)),
    (6, _module(_mta_child)),
    (10, _module(_connection)),
    (8, _module(_workflow)),
    (4, _module(_query)),
    (8, _module(_web)),
    (4, _module(_in_mail)),
    (4, _older(_workflow)),
    (3, _older(_mta_child)),
    (14, _apache),
    (10, _tracking),
    (4, _tomcat),
    (3, _console),
)
"""Kinds of lines that show nothing, and how many of each hundred."""


def showing_lines(signs: Sequence[LogSign]) -> tuple[str, ...]:
    """Return the messages of the scenarios' attachments that show a sign each."""
    lines = {
        read_log_line(line.strip()).message
        for entry in knowledge.read_scenarios(knowledge.shipped_rules())
        for attachment in entry.value.attachments
        for line in attachment.splitlines()
    }
    return tuple(line for line in sorted(lines) if match_text(line, "", signs))


def pieces(size: int, showing: Sequence[str], seed: int = 1) -> Iterator[bytes]:
    """Yield about `size` bytes of a log, piece by piece, each ending with a line."""
    draw = _Draw(seed)
    kinds = [make for weight, make in _LINES for _ in range(weight)]
    made = 0
    while made < size:
        lines: list[str] = []
        length = 0
        while length < min(PIECE, size - made):
            if draw.chance() < SHARE:
                at = draw.number(90_000)
                line = f"{_iso(draw)}\t{at}\t{at + 7}\t1\terror\tlog\t{draw.one(showing)}"
            else:
                line = kinds[draw.number(len(kinds))](draw)
            lines.append(line)
            length += len(line) + 1
        piece = ("\n".join(lines) + "\n").encode()
        made += len(piece)
        yield piece


def write_log(path: Path, size: int, showing: Sequence[str], seed: int = 1) -> None:
    """Write about `size` bytes of a log to `path`."""
    with path.open("wb") as file:
        file.writelines(pieces(size, showing, seed))
