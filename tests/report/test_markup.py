"""A document in every markup shows the same words in the same places, whatever the words are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from campaign_rules.report.document import Code, Document, Heading, Items, Paragraph, Span, Table
from campaign_rules.report.markup import to_adf, to_html, to_markdown, to_plain, to_textile
from campaign_rules.report.markup.textile import escape as escape_textile
from campaign_rules.report.shown_text import printable
from tests.report.adf_schema import ADF
from tests.report.documents import documents, every_trick, outline, styled, words

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def seen(document: Document) -> list[tuple[str, str]]:
    """Return what a reader is to see of a document."""
    return [pair for block in document for pair in outline(block)]


@given(documents)
@example(every_trick)
def test_markdown_is_read_back_as_it_was(document: Document) -> None:
    assert list(_markdown(_tree(document))) == seen(document)


@given(documents)
@example(every_trick)
def test_html_is_read_back_as_it_was_without_any_attribute(document: Document) -> None:
    reader = _Html()
    reader.feed(to_html(document))
    reader.close()
    limited = [(re.sub("h1", "h2", re.sub("h[56]", "h4", kind)), text) for kind, text in seen(document)]
    assert reader.seen == limited


@given(documents)
@example(every_trick)
def test_adf_is_read_back_as_it_was_and_valid(document: Document) -> None:
    written = to_adf(document)
    jsonschema.validate(written, ADF)
    assert list(_adf(written)) == seen(document)
    marks = [node["marks"] for node in _texts(written) if "marks" in node]
    assert marks == [[{"type": "code" if span.code else "strong"}] for span in styled(document)]


@given(documents)
@example(every_trick)
def test_plain_text_shows_all_words_in_their_order_and_nothing_else(document: Document) -> None:
    shown = "".join(to_plain(document).split())
    for kind, text in seen(document):
        words = "".join(text.split())
        place = shown.find(words)
        assert place >= 0, (kind, text)
        assert not re.sub(r"[-=|.\d]", "", shown[:place])
        shown = shown[place + len(words) :]
    assert not re.sub(r"[-=|]", "", shown)


def test_plain_text_is_pleasant_to_read() -> None:
    document = (
        Heading(2, "Root cause: stat"),
        Paragraph((Span("stat is "), Span("not", strong=True), Span(" running"))),
        Items(((Paragraph((Span("Start it"),)), Code("start stat\n\npdump")),), numbered=True),
        Items(((Paragraph((Span("a"),)),), (Paragraph((Span("b"),)),))),
        Table(((Span("Module"),), (Span("%"),)), (((Span("mta"),), (Span("3"),)),)),
    )
    assert to_plain(document) == (
        "Root cause: stat\n================\n\n"
        "stat is not running\n\n"
        "1. Start it\n       start stat\n\n       pdump\n\n"
        "- a\n- b\n\n"
        "Module | %\nmta | 3\n"
    )


@given(words)
def test_textile_has_words_and_references_alone(text: str) -> None:
    escaped = escape_textile(printable(text))
    assert unescape(escaped.replace("&amp", "&#38;amp")) == printable(text)
    bare = re.sub(r"&#\d+;", ".", escaped)
    assert not re.search(r'[#"%&*+<=>\[\]^{|}~!\\]|(?<!\w)[-_@]|\?\?', bare, re.ASCII)


@pytest.mark.parametrize(
    ("document", "textile"),
    [
        ((Heading(3, "*a* | b"),), "h3. &#42;a&#42; &#124; b\n"),
        ((Paragraph((Span("bq. a"),)),), "p. bq. a\n"),
        ((Paragraph((Span("a "), Span("b c", strong=True), Span(", d"))),), "a *b c*, d\n"),
        ((Paragraph((Span("a"), Span("b c", strong=True))),), "ab c\n"),
        ((Paragraph((Span("see "), Span("x@y", code=True))),), "see @x@y@\n"),
        ((Paragraph((Span("http://a.b?c=d www.e.f"),)),), "http&#58;//a.b?c&#61;d www&#46;e.f\n"),
        ((Code("  a <b>\n\n*c*"),), "<pre>\n  a <b>\n\n*c*\n</pre>\n"),
        ((Code("echo '</pre>'"),), "@echo '&#60;/pre&#62;'@\n"),
        (
            (
                Items(
                    (
                        (Paragraph((Span("a"),)), Code("b"), Paragraph((Span("c"),))),
                        (Paragraph((Span("d"),)), Items(((Paragraph((Span("e"),)),),))),
                    ),
                    numbered=True,
                ),
            ),
            "# a\n<pre>\nb\n</pre>c\n# d\n#* e\n",
        ),
        (
            (Table(((), (Span("a"),)), (((Span("b|c"),), (Span(".d"),)),)),),
            "|_.  |_. a |\n| b&#124;c | .d |\n",
        ),
    ],
)
def test_textile_of_redmine(document: Document, textile: str) -> None:
    """What is expected here was put through Redmine's own formatter, and gave the words back."""
    assert to_textile(document) == textile


@pytest.mark.parametrize("writer", [to_markdown, to_html, to_textile, to_adf])
def test_control_codes_and_marks_of_direction_cannot_act(writer: Any) -> None:
    hostile = "a\x1b[31m\u202eb\u200b\x00"
    document = (
        Heading(2, hostile),
        Paragraph((Span(hostile),)),
        Code(hostile),
        Table(((Span(hostile),),), ()),
    )
    written = json.dumps(writer(document), ensure_ascii=False).replace("\\n", "")
    assert written.isprintable()


def test_markdown_strong_words_are_seen_where_they_can_stand() -> None:
    document = (
        Paragraph((Span("Take "), Span("care (now)", strong=True), Span(": "), Span("a`b", code=True))),
    )
    assert to_markdown(document) == "Take **care (now)**: ``a`b``\n"
    glued = (Paragraph((Span("a"), Span("(b)", strong=True), Span("c"))),)
    assert to_markdown(glued) == "a(b)c\n"


def test_html_without_paragraphs_where_an_entry_is_words_alone() -> None:
    document = (Items(((Paragraph((Span("a & b"),)),),)),)
    assert to_html(document) == "<ul>\n<li>a &amp; b</li>\n</ul>\n"


def _tree(document: Document) -> SyntaxTreeNode:
    return SyntaxTreeNode(MARKDOWN.parse(to_markdown(document)))


def _markdown(node: SyntaxTreeNode) -> Iterator[tuple[str, str]]:
    for child in node.children:
        match child.type:
            case "heading":
                yield child.tag, _inline(child)
            case "paragraph":
                yield "p", _inline(child)
            case "fence":
                yield "pre", child.content[:-1]
            case "th" | "td":
                yield "cell", _inline(child)
            case "bullet_list" | "ordered_list":
                for item in child.children:
                    yield child.tag, ""
                    yield from _markdown(item)
            case "table" | "thead" | "tbody" | "tr":
                yield from _markdown(child)
            case other:
                raise AssertionError(f"{other} in {child}")


def _inline(node: SyntaxTreeNode) -> str:
    words = ""
    for child in node.children:
        match child.type:
            case "text" | "code_inline":
                words += child.content
            case "inline" | "strong":
                words += _inline(child)
            case other:
                raise AssertionError(f"{other} in {node.content}")
    return words


class _Html(HTMLParser):
    """What a reader sees of HTML. Words right in an entry of a list are a paragraph."""

    BLOCKS = ("p", "h2", "h3", "h4", "pre")
    OTHERS = ("table", "thead", "tbody", "tr", "code", "strong")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[tuple[str, str]] = []
        self.lists: list[str] = []
        self.open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        if tag in ("ul", "ol"):
            self.lists.append(tag)
        elif tag == "li":
            self.seen.append((self.lists[-1], ""))
        elif tag in ("th", "td"):
            self._begin("cell")
        elif tag in self.BLOCKS:
            self._begin(tag)
        else:
            assert tag in self.OTHERS

    def _begin(self, kind: str) -> None:
        self.seen.append((kind, ""))
        self.open = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self.lists.pop()
        if tag not in ("code", "strong"):
            self.open = False

    def handle_data(self, data: str) -> None:
        if not self.open:
            if not data.strip():
                return
            self._begin("p")
        kind, words = self.seen[-1]
        self.seen[-1] = (kind, words + data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def _adf(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    lists = {"bulletList": "ul", "orderedList": "ol"}
    for child in node["content"]:
        match child["type"]:
            case "heading":
                yield f"h{child['attrs']['level']}", _words(child)
            case "paragraph":
                yield "p", _words(child)
            case "codeBlock":
                yield "pre", _words(child)
            case "tableHeader" | "tableCell":
                yield "cell", _words(child["content"][0])
            case "bulletList" | "orderedList" as kind:
                for item in child["content"]:
                    yield lists[kind], ""
                    yield from _adf(item)
            case _:
                yield from _adf(child)


def _words(node: dict[str, Any]) -> str:
    return "".join(text["text"] for text in node["content"])


def _texts(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for child in node.get("content", ()):
        if child["type"] == "text":
            if node["type"] != "codeBlock":
                yield child
        else:
            yield from _texts(child)
