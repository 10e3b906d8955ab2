"""What ``ss`` and ``netstat`` print, on Linux and Windows: which ports the machine listens on, and who does.

The ports of Campaign: production/using/general-architecture.md#list-of-open-ports.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from attrs import frozen

from campaign_rules.evidence.readers.listing import Listing, Shape, find_listings
from campaign_rules.evidence.readers.reader import Found, ProcessNames, place
from campaign_rules.evidence.text_lines import Line
from campaign_rules.model import Provenance, Reading

PORTS = (("tcp", 8005), ("tcp", 8080), ("udp", 6666), ("udp", 7777))
"""The ports that are looked for: those of Tomcat, of syslogd and of stat."""

_HEADING = re.compile(
    r"(?:Netid\s+)?State\s+Recv-Q\s+Send-Q\s|Active Internet connections\b"
    r"|Proto\s+(?:Recv-Q\s|Local Address\b)"
)
_ADDRESS = re.compile(r"(?P<host>[\w.:*%\[\]<>-]{0,80}):(?P<port>\d{1,5}|\*|[a-z][\w-]{0,30})$")
_FIRST = re.compile(r"(?:tcp|udp)(?:6|4|46)?$|(?:LISTEN|UNCONN|ESTAB)$", re.IGNORECASE)
_USERS = re.compile(r'users:\(\("(?P<program>[^"]{1,60})"')
_OWNER = re.compile(r"\d{1,10}/(?P<program>[\w.-]{1,60})")
_CAMPAIGN = re.compile(r"nlserver|java(?:w)?$", re.IGNORECASE)
_LIKE_A_ROW = re.compile(r"(?:tcp|udp|LISTEN|UNCONN|ESTAB|Proto|Netid|State)", re.IGNORECASE)


@frozen
class _Socket:
    protocol: str
    port: str
    program: str
    line: Line


def read_open_ports(lines: Sequence[Line], source: str, names: ProcessNames) -> Found:
    """Return ``port.<number>.listening`` (yes, no) and ``port.<number>.program`` (campaign, other).

    "no" needs a listing that is neither cut nor filtered, with numeric ports of that protocol.
    """
    readings: list[Reading] = []
    used: set[int] = set()
    for listing in find_listings(lines, _SHAPE):
        sockets = [socket for row in listing.rows if (socket := _socket(row))]
        if not sockets and listing.arguments is None:
            continue
        used |= listing.numbers
        readings.extend(_readings(listing, sockets, source))
    return tuple(readings), frozenset(used)


def _readings(listing: Listing, sockets: list[_Socket], source: str) -> Iterator[Reading]:
    for protocol, port in PORTS:
        holders = [entry for entry in sockets if (entry.protocol, entry.port) == (protocol, str(port))]
        name = f"port.{port}"
        for holder in holders[:1]:
            yield Reading(f"{name}.listening", "yes", "", place(source, holder.line))
        for holder in [entry for entry in holders if entry.program][:1]:
            program = "campaign" if _CAMPAIGN.match(holder.program) else "other"
            yield Reading(f"{name}.program", program, "", place(source, holder.line))
        if not holders and _covers(listing, sockets, protocol, port):
            nowhere: Provenance = place(source, listing.heading)
            yield Reading(f"{name}.listening", "no", "", nowhere)
            yield Reading(f"{name}.program", "none", "", nowhere)


def _covers(listing: Listing, sockets: list[_Socket], protocol: str, port: int) -> bool:
    """Tell whether the listing would show a listener on this port."""
    own = [entry for entry in sockets if entry.protocol == protocol]
    if listing.cut or any(not entry.port.isdecimal() for entry in own):
        return False
    arguments = listing.arguments
    if arguments is None:
        return len({entry.port for entry in own}) > 1
    flags = "".join(re.findall(r"(?:^|\s)-([A-Za-z]{1,10})(?=\s|$)", arguments))
    words = [word for word in arguments.split() if not word.startswith("-")]
    if words and words != ["udp"] and words != ["tcp"]:
        return f":{port}" in arguments and "sport" in arguments and protocol[0] in flags
    asked = protocol == words[0] if words else not set(flags) & {"t", "u"} or protocol[0] in flags
    return asked and (bool(set(flags) & {"l", "a"}) or bool(own))


def _socket(line: Line) -> _Socket | None:
    words = line.text[:400].split()
    protocol = words[0].casefold()[:3]
    if protocol not in ("tcp", "udp"):
        protocol = {"lis": "tcp", "unc": "udp"}.get(protocol, "")
    addresses = [found for word in words[1:] if (found := _ADDRESS.match(word))]
    if not protocol or len(addresses) < 2:
        return None
    waits = any(word.upper() in ("LISTEN", "LISTENING", "UNCONN") for word in words[:7])
    free = addresses[1]["port"] in ("*", "0") or addresses[1][0] == "*:*"
    if not (waits or (protocol == "udp" and free and "ESTAB" not in words)):
        return None
    owner = _USERS.search(line.text[:1000]) or _OWNER.search(line.text[:1000])
    return _Socket(protocol, addresses[0]["port"], owner["program"] if owner else "", line)


def _is_row(text: str) -> bool:
    words = text[:400].split()
    addresses = sum(bool(_ADDRESS.match(word)) for word in words[1:])
    return bool(words) and bool((_FIRST.match(words[0]) and addresses > 1) or _HEADING.match(text))


_SHAPE = Shape(
    r"(?:ss|netstat)",
    lambda text: bool(_HEADING.match(text)),
    _is_row,
    lambda text: bool(_LIKE_A_ROW.match(text)),
)
