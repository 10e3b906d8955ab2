"""What people write into Jira Cloud, as plain text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_rules.report.document import Code, Heading, Items, Paragraph, Span, Table
from campaign_rules.report.markup import to_adf
from campaign_rules.tickets.connectors.adf_text import text_of_adf

Node = dict[str, Any]


def doc(*content: Node) -> Node:
    return {"version": 1, "type": "doc", "content": list(content)}


def node(kind: str, *content: Node, **attributes: Any) -> Node:
    return {"type": kind, "content": list(content), **({"attrs": attributes} if attributes else {})}


def text(words: str, **mark: Any) -> Node:
    return {"type": "text", "text": words, **({"marks": [mark]} if mark else {})}


def paragraph(*content: Node | str) -> Node:
    return node("paragraph", *(text(one) if isinstance(one, str) else one for one in content))


def item(*content: Node | str) -> Node:
    return node("listItem", *(paragraph(one) if isinstance(one, str) else one for one in content))


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ([paragraph("No mail"), paragraph("leaves.")], "No mail\n\nleaves."),
        ([paragraph("No mail", {"type": "hardBreak"}, "leaves.")], "No mail\nleaves."),
        ([paragraph()], ""),
        ([node("heading", text("Symptoms"), level=2), paragraph("None.")], "Symptoms\n\nNone."),
        (
            [node("codeBlock", text("  PID  NAME\n    7  mta\n\nend"), language="text")],
            "  PID  NAME\n    7  mta\n\nend",
        ),
        ([node("codeBlock")], ""),
        ([paragraph("see", {"type": "mention", "attrs": {"id": "1", "text": "@Anna"}})], "see@Anna"),
        ([paragraph({"type": "emoji", "attrs": {"shortName": ":smile:", "text": "😄"}})], "😄"),
        ([paragraph({"type": "emoji", "attrs": {"shortName": ":partyparrot:"}})], ":partyparrot:"),
        ([paragraph({"type": "date", "attrs": {"timestamp": "1582152559000"}})], "2020-02-19"),
        ([paragraph({"type": "status", "attrs": {"text": "DOWN", "color": "red"}})], "DOWN"),
        (
            [paragraph({"type": "inlineCard", "attrs": {"url": "https://example.com/a"}})],
            "https://example.com/a",
        ),
        ([{"type": "blockCard", "attrs": {"url": "https://example.com/a"}}], "https://example.com/a"),
        (
            [paragraph(text("the log", type="link", attrs={"href": "https://example.com/log"}))],
            "the log <https://example.com/log>",
        ),
        (
            [paragraph(text("https://example.com", type="link", attrs={"href": "https://example.com"}))],
            "https://example.com",
        ),
        ([node("bulletList", item("one"), item("two"))], "- one\n- two"),
        ([node("orderedList", item("one"), item("two"), order=3)], "3. one\n4. two"),
        ([node("orderedList", item("one"), item("two"))], "1. one\n2. two"),
        (
            [node("bulletList", item("one", node("orderedList", item("a"), item("b"))), item("two"))],
            "- one\n  1. a\n  2. b\n- two",
        ),
        ([node("bulletList", item(node("codeBlock", text("a\n  b"))))], "- a\n    b"),
        ([node("taskList", node("taskItem", text("restart"), state="TODO"))], "- restart"),
        ([node("blockquote", paragraph("one"), paragraph("two"))], "> one\n>\n> two"),
        ([node("panel", paragraph("mind"), panelType="info"), {"type": "rule"}], "mind\n\n----"),
        ([node("expand", node("codeBlock", text("a\nb")), title="The log")], "The log\na\nb"),
        (
            [
                node(
                    "table",
                    node(
                        "tableRow",
                        node("tableHeader", paragraph("PID")),
                        node("tableHeader", paragraph("name")),
                    ),
                    node("tableRow", node("tableCell", paragraph("7")), node("tableCell", paragraph("mta"))),
                )
            ],
            "PID\tname\n7\tmta",
        ),
        ([node("mediaSingle", {"type": "media", "attrs": {"alt": "screen.png"}})], "screen.png"),
        ([node("newKind", paragraph("still read"))], "still read"),
        ([{"type": "newKind"}, paragraph("after")], "after"),
    ],
)
def test_a_reader_sees(content: list[Node], shown: str) -> None:
    assert text_of_adf(doc(*content)) == shown


def test_nothing_is_nothing() -> None:
    assert text_of_adf(None) == ""
    assert text_of_adf({}) == ""


def test_what_is_written_comes_back_line_by_line() -> None:
    document = (
        Heading(2, "Suspects"),
        Paragraph((Span("mta", strong=True), Span(" is down"))),
        Code("nlserver restart mta@prod\n  sleep 5"),
        Items(((Paragraph((Span("first"),)),), (Paragraph((Span("second"),)),)), numbered=True),
        Table(((Span("module"),),), (((Span("mta"),),),)),
    )
    assert text_of_adf(to_adf(document)) == (
        "Suspects\n\nmta is down\n\nnlserver restart mta@prod\n  sleep 5\n\n"
        "1. first\n2. second\n\nmodule\nmta"
    )


def test_a_document_of_any_depth_is_read() -> None:
    deep: Node = paragraph("bottom")
    for _ in range(5000):
        deep = node("blockquote", deep)
    assert "bottom" not in text_of_adf(doc(deep, paragraph("after")))
    assert text_of_adf(doc(deep, paragraph("after"))).endswith("after")


_NAMES = st.sampled_from(["type", "content", "attrs", "text", "marks", "order", "href"])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=4),
)
_KINDS = st.sampled_from(["doc", "paragraph", "text", "tableRow", "orderedList", "codeBlock", "mention", "x"])


@given(
    st.builds(
        lambda kind, rest: {**rest, "type": kind}, _KINDS, st.dictionaries(st.text(), _JSON, max_size=3)
    )
)
def test_nothing_that_a_server_sends_breaks_it(document: Node) -> None:
    assert isinstance(text_of_adf(document), str)


@given(_JSON)
def test_no_value_breaks_it(value: object) -> None:
    assert isinstance(text_of_adf(value), str)
