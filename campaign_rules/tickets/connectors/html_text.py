"""HTML as the plain text that a reader sees, line by line: logs and listings stay what they were.

Bodies come from anybody who can write an e-mail. lxml reads them, in a time that grows with their length;
html.parser of the standard library takes minutes for some ten thousand characters that are made for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from attrs import frozen
from lxml import etree

# Elements that stand on lines of their own.
_BLOCK = re.compile(
    "address|article|aside|blockquote|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|"
    "header|hr|li|main|nav|ol|p|pre|section|summary|table|tr|ul"
)
_UNSEEN = frozenset(("head", "noscript", "script", "style", "template", "title"))
_DEEPEST = 9
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_PREFORMATTED = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
# The white space of HTML, which runs together; a no-break space does not.
_SPACE = re.compile(r"[ \t\n\r\f]+")


def text_of_html(html: str) -> str:
    """Return what a reader of `html` sees, as plain text.

    Every block and every `br` is a line of its own, white space in `pre` stays, cells of a row are
    separated by tabs. Lines of a `blockquote` begin with "> ", as quotations in plain e-mails do. Scripts,
    styles and what is not displayed are left out. Markup that is not well-formed is read as far as it goes.
    """
    shown = html.replace("\0", "")
    if not shown.strip():
        return ""
    parser = etree.HTMLParser(encoding="utf-8", target=_Reader(), huge_tree=True)
    parser.feed(shown.encode("utf-8", "replace"))
    return str(parser.close())


@frozen
class _Element:
    """An open element: what it is, with what it inherits from those around it."""

    preformatted: bool = False
    hidden: bool = False
    quoted: int = 0


class _Reader:
    """A target of lxml's parser, which calls `start` and `end` in pairs however the markup is nested."""

    def __init__(self) -> None:
        self._open = [_Element()]
        self._lines: list[str] = []
        self._line: list[str] = []
        self._spaced = True
        self._opens_pre = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if _BLOCK.fullmatch(tag):
            self._end_line()
        if tag == "br":
            self._end_line(even_empty=True)
        elif tag in ("td", "th") and self._line:
            self._write("\t")
        elif tag == "li":
            self._write("- ")
        self._open.append(_inside(self._open[-1], tag, attributes))
        self._opens_pre = tag == "pre"

    def end(self, tag: str) -> None:
        if _BLOCK.fullmatch(tag):
            self._end_line()
        self._open.pop()

    def data(self, data: str) -> None:
        if not self._open[-1].preformatted:
            text = _SPACE.sub(" ", data)
            self._write(text[1:] if self._spaced and text.startswith(" ") else text)
            return
        text = data.replace("\r\n", "\n").replace("\r", "\n")
        if self._opens_pre:
            text = text.removeprefix("\n")
        self._opens_pre = False
        first, *others = text.split("\n")
        self._write(first)
        for line in others:
            self._end_line(even_empty=True)
            self._write(line)

    def comment(self, text: str) -> None:
        """Readers do not see comments."""

    def close(self) -> str:
        self._end_line()
        return "\n".join(self._lines).strip("\n")

    def _write(self, text: str) -> None:
        if text and not self._open[-1].hidden:
            self._line.append(text)
            self._spaced = text[-1] in " \t"

    def _end_line(self, *, even_empty: bool = False) -> None:
        """End the line that is being written; without `even_empty` there has to be something on it."""
        here = self._open[-1]
        if (self._line or even_empty) and not here.hidden:
            line = "".join(self._line).replace("\N{NO-BREAK SPACE}", " ").rstrip()
            self._lines.append(f"{'> ' * here.quoted}{line}".rstrip())
            self._line = []
        self._spaced = True


def _inside(around: _Element, tag: str, attributes: Mapping[str, str]) -> _Element:
    style = attributes.get("style", "")
    return _Element(
        preformatted=around.preformatted or tag in ("pre", "textarea") or bool(_PREFORMATTED.search(style)),
        hidden=around.hidden or tag in _UNSEEN or "hidden" in attributes or bool(_HIDDEN.search(style)),
        quoted=min(around.quoted + (tag == "blockquote"), _DEEPEST),
    )
