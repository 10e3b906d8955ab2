"""Start tags of XML inside other text: quoted fragments, replies, whole files.

Only tags and attributes are read: no entity is expanded and nothing is fetched.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from html import unescape
from itertools import accumulate

from attrs import frozen

from campaign_rules.evidence.text_lines import Line
from campaign_rules.model import TOKEN

LONGEST_TAG = 4_000
"""Characters of one tag; what is longer is no tag."""

_ATTRIBUTE = re.compile(
    r"(?<![\w:.-])([A-Za-z_][\w:.-]{0,80})\s{0,9}=\s{0,9}"
    rf"""(?:'([^'<]*(?:{TOKEN}[^'<]*)*)'|"([^"<]*(?:{TOKEN}[^"<]*)*)")"""
)
_TOKEN = re.compile(TOKEN)


@frozen
class Element:
    """A start tag on its line, with its name and those of its attributes in lower case.

    `tag` and `written` hold the name and each attribute as they stand there.
    """

    name: str
    attributes: Mapping[str, str]
    tag: str
    written: Mapping[str, str]
    line: Line

    def shown(self, *names: str) -> str:
        """Return the tag with no attributes but `names`: others may be passwords."""
        return (
            " ".join((f"<{self.tag}", *(self.written[name] for name in names if name in self.written))) + ">"
        )


def elements_in(lines: Sequence[Line], names: Collection[str]) -> Iterator[Element]:
    """Yield the start tags called one of `names` (in lower case), in order. Comments are passed over."""
    if not any("<" in line.text for line in lines):
        return
    text = without_comments("\n".join(line.text for line in lines))
    starts = list(accumulate((len(line.text) + 1 for line in lines), initial=0))
    tag = re.compile(rf"<({'|'.join(re.escape(name) for name in names)})(?=[\s/>])", re.IGNORECASE)
    for opened in tag.finditer(text):
        end = _tag_end(text, opened.end())
        if end is not None:
            found = list(_ATTRIBUTE.finditer(text, opened.end(), end))
            attributes = {one[1].casefold(): unescape(one[2] or one[3] or "").strip() for one in found}
            written = {one[1].casefold(): " ".join(one[0].split()) for one in found}
            line = lines[bisect_right(starts, opened.start()) - 1]
            yield Element(opened[1].casefold(), attributes, opened[1], written, line)


def without_comments(text: str) -> str:
    """Return `text` with blanks in place of XML comments; one that never ends reaches to the end."""
    parts: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start + 4)
        after = len(text) if end < 0 else end + 3
        parts += (text[at:start], re.sub(r"[^\n]", " ", text[start:after]))
        at = after
    return "".join((*parts, text[at:]))


def _tag_end(text: str, start: int) -> int | None:
    """Return where the tag ends that is open at `start`: the first ``>`` outside quotes."""
    quote = ""
    for at in range(start, min(len(text), start + LONGEST_TAG)):
        char = text[at]
        if char == "<" and not (quote and _TOKEN.match(text, at)):
            return None
        if char == ">" and not quote:
            return at
        if char in "'\"":
            quote = char if not quote else "" if char == quote else quote
    return None
