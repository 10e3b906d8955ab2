"""What ``nlserver pdump``, ``pdump -who`` and ``monitor -missing`` print, cut into listings.

Formats: production/using/usual-commands.md#monitoring-commands- (processes, connections, missing
processes) and production/using/failure-to-connect.md#failure-to-connect ("No tasks"). Listings are
recognised by their content: rows ``module@instance (pid) - 9.6 Mo``, or bare ``module@instance``
lines after a banner or the command.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import define, field

from campaign_rules.evidence.readers.listing import is_cut
from campaign_rules.evidence.text_lines import Line, excerpt
from campaign_rules.model import Provenance

_BANNER = re.compile(
    r"Application server for Adobe Campaign\b[^()]{0,80}"
    r"\((?:[^()]{0,80}\s)?build (?P<build>[^()@\s]+)[^()]{0,80}\)"
    r"(?:\s+(?:of|dated)\s+\S+)?(?P<rest>.*)$",
    re.IGNORECASE,
)
_COMMAND = re.compile(
    r"(?P<before>.{0,200}?)\bnlserver6?\s+(?P<verb>pdump|monitor\s+-missing)\b(?P<after>.*)$", re.IGNORECASE
)
_PROMPT = re.compile(r"(?:.*[$#>%])?\s*$")
_ROW = re.compile(
    r"(?<![\w@.\-])(?P<name>[A-Za-z]{1,40})(?:@(?P<instance>[\w.\-<>]{1,80}))?\s{0,8}\((?P<pid>\d{1,10})\)\s{0,8}-\s{0,8}"
    r"(?P<memory>\d{1,9}(?:[.,]\d{1,6})?)\s{0,8}(?P<unit>[KMG])[ob]\b",
    re.IGNORECASE,
)
_PARTIAL_ROW = re.compile(
    r"[a-z][A-Za-z]{0,39}(?:@[\w.\-<>]*)?(?:\s{0,8}\(\d*(?:\)\s{0,8}-?\s{0,8}[\d.,]*\s{0,8}[KMG]?)?)?$"
)
_BARE = re.compile(r"(?:\d{2}:\d{2}:\d{2} >+\s*)?(?P<name>[A-Za-z]+)(?:@(?P<instance>[\w.\-<>]+))?$")
_NOTHING = re.compile(r"(?:\d{2}:\d{2}:\d{2} >+\s*)?no tasks?\.?$", re.IGNORECASE)
_SECTION = re.compile(r"(?P<name>Connections|Connection pool)\s*-{5,}", re.IGNORECASE)
_CONNECTION = re.compile(
    r"[\dA-Z]{2,4}[/-][\dA-Z]{2}[/-][\dA-Z]{2,4}\s+[\dH]{1,2}:[\dM]{2}:[\dS]{2}\s+(?:[0-9A-Fa-f:.]+|<ip-\d+>)\s+\S+\s+\S+"
)
_POOL_HEADING = re.compile(r"(?:Last Access|Datasource)\b", re.IGNORECASE)
_CANDIDATE = re.compile(r"\)\s{0,8}-|nlserver|Adobe Campaign|Connection|no tasks?", re.IGNORECASE)
_MEGABYTES = {"k": 1 / 1024, "m": 1.0, "g": 1024.0}


@define
class Process:
    """One row: the names as printed, the memory in megabytes (None for a bare name), the place."""

    name: str
    instance: str
    memory: float | None
    place: Provenance


@define
class Listing:
    """One command's output.

    `verb` is "pdump", "missing" or "" when no command line is quoted; `at_prompt` says that the
    command stood alone on its line. `partial` means that lines were left out or filtered, `build` is
    the banner's, `connections` counts the open ones (None without that section). `listed` holds the names of
    the rows.
    """

    verb: str = ""
    at_prompt: bool = False
    banner: Provenance | None = None
    build: str = ""
    partial: bool = False
    nothing: Provenance | None = None
    rows: list[Process] = field(factory=list)
    listed: set[tuple[str, str]] = field(factory=set)
    bare: list[Process] = field(factory=list)
    own_lines: bool = True
    connections: int | None = None
    connections_place: Provenance | None = None


@define
class _Reader:
    """Walks the lines of one artefact. `open` says that nothing foreign came since the listing began.

    `last` is the number of the last line if no line break follows it: it may have been cut. `cut` says that
    the line above tells of lines left out.
    """

    source: str
    last: int = 0
    cut: bool = False
    listings: list[Listing] = field(factory=lambda: [Listing()])
    lines: set[int] = field(factory=set)
    open: bool = False
    section: str = ""

    def read(self, line: Line) -> None:
        if not (self.open or self.section or _CANDIDATE.search(line.text)):
            self.cut = is_cut(line.text) or (self.cut and not line.text)
            return
        place = Provenance(self.source, line.number, excerpt(line.text))
        taken = (
            self._banner(line, place)
            or self._command(line, place)
            or self._rows(line, place)
            or self._connections(line, place)
            or self._leftovers(line, place)
        )
        if taken:
            self.lines.add(line.number)
        elif line.text:
            self.open = False
            self.section = ""
        self.cut = False

    def _begin(self, listing: Listing) -> None:
        self.listings.append(listing)
        self.open = True
        self.section = ""

    def _banner(self, line: Line, place: Provenance) -> bool:
        found = _BANNER.search(line.text)
        if not found:
            return False
        current = self.listings[-1]
        if not (self.open and current.verb and not current.banner and not current.rows):
            self._begin(Listing())
        current = self.listings[-1]
        current.banner, current.build = place, found["build"]
        if _NOTHING.match(found["rest"].strip()):
            current.nothing = place
        return True

    def _command(self, line: Line, place: Provenance) -> bool:
        found = _COMMAND.match(line.text)
        if not found:
            return False
        at_prompt = bool(_PROMPT.match(found["before"])) and not re.search(r"\w\s+\w", found["after"])
        verb = "pdump" if found["verb"].casefold() == "pdump" else "missing"
        self._begin(Listing(verb=verb, at_prompt=at_prompt, partial="|" in found["after"]))
        return at_prompt or self._rows(line, place)

    def _rows(self, line: Line, place: Provenance) -> bool:
        rows = list(_ROW.finditer(line.text))
        for row in rows:
            process = Process(
                row["name"],
                row["instance"] or "",
                round(float(row["memory"].replace(",", ".")) * _MEGABYTES[row["unit"].casefold()], 3),
                place,
            )
            if (process.name, process.instance) in self.listings[-1].listed:
                self._begin(Listing())
            self.listings[-1].listed.add((process.name, process.instance))
            self.listings[-1].rows.append(process)
            self.listings[-1].partial |= self.cut
        alone = bool(rows) and not re.search(r"\w", _ROW.sub("", line.text))
        if rows:
            self.open = True
            self.listings[-1].own_lines &= alone
        return alone

    def _connections(self, line: Line, place: Provenance) -> bool:
        if section := _SECTION.match(line.text):
            self.section = section["name"].casefold()
            if self.section == "connections":
                self.listings[-1].connections = 0
                self.listings[-1].connections_place = place
            return True
        if not self.section or not line.text:
            return False
        if self.section == "connections" and _CONNECTION.match(line.text):
            self.listings[-1].connections = (self.listings[-1].connections or 0) + 1
            return True
        return bool(_POOL_HEADING.match(line.text)) or self.section == "connection pool"

    def _leftovers(self, line: Line, place: Provenance) -> bool:
        current = self.listings[-1]
        if _NOTHING.match(line.text):
            if not self.open or current.rows:
                self._begin(Listing())
            self.listings[-1].nothing = place
            return True
        if not self.open:
            return False
        if is_cut(line.text):
            current.partial = True
            return True
        if current.rows:
            begun = "@" in line.text or "(" in line.text or line.number == self.last
            current.partial |= begun and bool(_PARTIAL_ROW.match(line.text))
            return False
        if current.verb != "pdump" and (found := _BARE.match(line.text)):
            if self._is_whole(line, found["instance"] or ""):
                current.bare.append(Process(found["name"], found["instance"] or "", None, place))
            else:
                current.partial = True
            return True
        current.partial |= line.number == self.last and bool(_PARTIAL_ROW.match(line.text))
        return False

    def _is_whole(self, line: Line, instance: str) -> bool:
        """Tell whether a bare name was not cut: another row or the command shows what it belongs to."""
        if line.number != self.last:
            return True
        current = self.listings[-1]
        known = {row.instance for row in current.bare}
        return instance in known or (current.verb == "missing" and not known)


def _unended(lines: Sequence[Line]) -> int:
    """Return the number of the last line if it may be cut: nothing, or the mark of a cut, follows it."""
    for line in reversed(lines):
        if not is_cut(line.text):
            return line.number if line.text else 0
    return 0


def read_listings(lines: Sequence[Line], source: str) -> tuple[tuple[Listing, ...], frozenset[int]]:
    """Return the listings found in `lines`, and the numbers of the lines that belong to them."""
    reader = _Reader(source, last=_unended(lines))
    texts = [line.text for line in lines if line.text]
    if texts and all("@" in text and _BARE.match(text) for text in texts):
        reader.listings[-1].verb = "missing"
        reader.open = True
    for line in lines:
        reader.read(line)
    return tuple(reader.listings), frozenset(reader.lines)
