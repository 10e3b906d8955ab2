"""The transcript of a probe, cut into its checks.

A check is one line ``check -> outcome``; below that of a request stand the headers that were kept, an
empty line, and the body of the reply.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import define, field

from campaign_rules.evidence.text_lines import Line, excerpt
from campaign_rules.model import Provenance

_CHECK = re.compile(
    r"(?P<kind>resolve|connect|handshake|GET) (?P<subject>\S{1,2000}) -> (?P<outcome>\S.{0,500})$"
)
_PATH = re.compile(r"https?://[^/?#\s]+(?P<path>/[^?#]*)?")
_ANSWERED = re.compile(r"(?P<status>\d{3}) in (?P<seconds>\d{1,6}(?:\.\d{1,3})?) s$")
_HEADER = re.compile(r"(?P<name>[A-Z][\w -]{1,40}): ")

NOT_REQUESTED = ("not tried", "certificate")
"""How the outcome of a request begins that was not sent."""

LONGEST_BODY = 65_536
"""Characters of a body that are looked at."""


@define
class Check:
    """One check: "resolve", "connect", "handshake" or "GET", of what, and how it ended."""

    kind: str
    subject: str
    outcome: str
    place: Provenance
    body: list[str] = field(factory=list)
    in_body: bool = False

    @property
    def status(self) -> int:
        """The HTTP status, or 0 when no reply came."""
        found = _ANSWERED.match(self.outcome)
        return int(found["status"]) if found else 0

    @property
    def seconds(self) -> float:
        """How long the reply took; 0 when none came."""
        found = _ANSWERED.match(self.outcome)
        return float(found["seconds"]) if found else 0.0

    @property
    def path(self) -> str:
        """The path asked for; "" for what is no request."""
        found = _PATH.match(self.subject)
        return (found["path"] or "/") if found else ""

    @property
    def text(self) -> str:
        """The body of the reply, as far as it is looked at."""
        return "\n".join(self.body)[:LONGEST_BODY].strip()


def _may_be_cut(kind: str, outcome: str, last: bool) -> bool:
    """Tell whether an outcome may be the beginning of another, as it stands at the end of the text."""
    if kind != "GET" or _ANSWERED.match(outcome):
        return False
    return outcome[0].isdecimal() or (last and any(one.startswith(outcome) for one in NOT_REQUESTED))


def read_checks(lines: Sequence[Line], source: str) -> tuple[tuple[Check, ...], frozenset[int]]:
    """Return the checks in `lines`, and the numbers of the lines that they fill.

    The body of a reply reaches to the next check. A check whose outcome may be cut is left out.
    """
    checks: list[Check] = []
    used: set[int] = set()
    for line in lines:
        found = _CHECK.match(line.text)
        if found and not _may_be_cut(found["kind"], found["outcome"], line is lines[-1]):
            place = Provenance(source, line.number, excerpt(line.text))
            checks.append(Check(found["kind"], found["subject"], found["outcome"], place))
        elif not (checks and checks[-1].kind == "GET" and checks[-1].status):
            continue
        elif checks[-1].in_body:
            checks[-1].body.append(line.text)
        elif not line.text or not _HEADER.match(line.text):
            checks[-1].in_body = True
            checks[-1].body.append(line.text)
        used.add(line.number)
    return tuple(checks), frozenset(used)
