"""The Atlassian Document Format as plain text: what people write into Jira Cloud.

Nodes and attributes as in Atlassian's "Atlassian Document Format" (developer.atlassian.com). A node of a kind
that is not known is read by what it contains.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

Node = Mapping[str, Any]

_DEEPEST = 100
# What makes up a line of text; everything else stands in lines of its own.
_INLINE = frozenset(
    (
        *("date", "emoji", "hardBreak", "inlineCard", "inlineExtension"),
        *("mediaInline", "mention", "placeholder", "status", "text"),
    )
)
_TIGHT = frozenset(("bulletList", "decisionList", "listItem", "orderedList", "table", "taskList"))


def text_of_adf(document: object) -> str:
    """Return the text of a document: an empty line between blocks, code and listings line by line.

    Entries of lists begin with "- " or their number, cells of a table are separated by tabs, quotations
    begin with "> ". Mentions, emoji, dates and states are what a reader sees; of a link there are its words
    and its address.
    """
    if not isinstance(document, Mapping):
        return ""
    return "\n".join(_lines(document, 0)).strip("\n")


def _lines(node: Node, depth: int) -> list[str]:
    kind, inside = str(node.get("type")), _content(node)
    if depth > _DEEPEST:
        return []
    match kind:
        case "codeBlock":
            return "".join(_inline(child, depth) for child in inside).splitlines()
        case "bulletList" | "taskList" | "decisionList":
            return [line for entry in inside for line in _entry("- ", entry, depth)]
        case "orderedList":
            first = _attribute(node, "order")
            numbered = enumerate(inside, first if isinstance(first, int) else 1)
            return [line for number, entry in numbered for line in _entry(f"{number}. ", entry, depth)]
        case "blockquote":
            return [f"> {line}".rstrip() for line in _flow(inside, depth, tight=False)]
        case "tableRow":
            return ["\t".join(" ".join(_flow(_content(cell), depth, tight=True)) for cell in inside)]
        case "expand" | "nestedExpand":
            title = str(_attribute(node, "title") or "")
            return [*([title] if title else []), *_flow(inside, depth, tight=False)]
        case "rule":
            return ["----"]
        case "blockCard" | "embedCard" | "media":
            return [_inline(node, depth)]
        case _:
            return _flow(inside, depth, tight=kind in _TIGHT)


def _entry(marker: str, entry: Node, depth: int) -> Iterator[str]:
    """Yield the lines of an entry, those below the first one indented; a nested list has no marker."""
    own = str(entry.get("type")) not in ("bulletList", "orderedList", "taskList", "decisionList")
    for place, line in enumerate(_lines(entry, depth + 1)):
        yield f"{marker if place == 0 and own else '  '}{line}".rstrip()


def _flow(nodes: Iterable[Node], depth: int, *, tight: bool) -> list[str]:
    """Return the lines of blocks, and of the words between them; not `tight`: apart by an empty line."""
    parts: list[list[str]] = []
    words = ""
    for node in nodes:
        if str(node.get("type")) in _INLINE:
            words += _inline(node, depth)
            continue
        if words:
            parts.append(words.split("\n"))
        words = ""
        parts.append(_lines(node, depth + 1))
    if words:
        parts.append(words.split("\n"))
    lines: list[str] = []
    for part in parts:
        lines += [""] if lines and part and not tight else []
        lines += part
    return lines


def _inline(node: Node, depth: int) -> str:
    match node.get("type"):
        case "text":
            return str(node.get("text", "")) + "".join(_link(node))
        case "hardBreak":
            return "\n"
        case "mention" | "status" | "placeholder":
            return str(_attribute(node, "text") or "")
        case "emoji":
            return str(_attribute(node, "text") or _attribute(node, "shortName") or "")
        case "date":
            return _day(_attribute(node, "timestamp"))
        case "inlineCard" | "blockCard" | "embedCard":
            return str(_attribute(node, "url") or "")
        case "media" | "mediaInline":
            return str(_attribute(node, "alt") or "")
        case _:
            deeper = _content(node) if depth <= _DEEPEST else []
            return "".join(_inline(child, depth + 1) for child in deeper)


def _link(node: Node) -> Iterator[str]:
    for mark in _nodes(node, "marks"):
        address = str(_attribute(mark, "href") or "") if mark.get("type") == "link" else ""
        if address and address not in (node.get("text"), f"mailto:{node.get('text')}"):
            yield f" <{address}>"


def _day(milliseconds: object) -> str:
    try:
        return datetime.fromtimestamp(int(str(milliseconds)) / 1000, UTC).date().isoformat()
    except (OverflowError, ValueError):
        return ""


def _content(node: Node) -> list[Node]:
    return _nodes(node, "content")


def _nodes(node: Node, name: str) -> list[Node]:
    nodes = node.get(name)
    return [one for one in nodes if isinstance(one, Mapping)] if isinstance(nodes, list) else []


def _attribute(node: Node, name: str) -> object:
    attributes = node.get("attrs")
    return attributes.get(name) if isinstance(attributes, Mapping) else None
