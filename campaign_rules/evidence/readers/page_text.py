"""What a person sees of a web page: its text without markup, scripts, styles, title and comments."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MARK = re.compile(r"(<!--|-->|<[^<>]*>)")
_NAME = re.compile(r"<(?P<closing>/?)\s*(?P<name>[a-z]+)", re.IGNORECASE)
_UNSEEN = frozenset({"script", "style", "title"})


def page_text(page: str) -> str:
    """Return the visible text of `page` on one line. Linear in its length; text without markup stays."""
    return " ".join(" ".join(_seen(_MARK.split(page))).split())


def _seen(parts: list[str]) -> Iterator[str]:
    inside = ""
    for part in parts:
        if inside == "<!--":
            inside = "" if part == "-->" else inside
        elif part == "<!--":
            inside = inside or part
        elif part.endswith(">") and (tag := _NAME.match(part)):
            name = tag["name"].casefold()
            if tag["closing"]:
                inside = "" if name == inside else inside
            elif name in _UNSEEN and not inside:
                inside = name
        elif not inside and not part.startswith("<"):
            yield part
