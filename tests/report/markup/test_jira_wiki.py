"""Documents in the wiki markup of Jira Data Center."""

from __future__ import annotations

import pytest

from campaign_rules.report.document import Block, Code, Heading, Items, Paragraph, Span, Table
from campaign_rules.report.markup import to_jira_wiki


def words(*spans: Span | str) -> Paragraph:
    return Paragraph(tuple(Span(span) if isinstance(span, str) else span for span in spans))


@pytest.mark.parametrize(
    ("block", "written"),
    [
        (Heading(2, "Suspects"), "h2. Suspects"),
        (words("plain, with an e-mail and a_name"), "plain, with an e-mail and a_name"),
        (words("*bold* _it_ -gone- {code} [a|b] !x.png! ~y~ ^z^ +u+"), None),
        (words("*bold*"), r"\*bold\*"),
        (words("{code} [a|b]"), r"\{code\} \[a\|b\]"),
        (words("_it_ -gone-"), r"\_it\_ \-gone\-"),
        (words("look :) (!) ??who??"), r"look \:) \(\!) \?\?who\?\?"),
        (words("h1. no heading"), r"h1\. no heading"),
        (words("C:\\logs"), r"C:\logs"),
        (words(r"\\server\*"), r"&#92;\server&#92;\*"),
        (
            words(Span("mta", strong=True), " runs ", Span("nlserver pdump", code=True)),
            "*mta* runs {{nlserver pdump}}",
        ),
        (words(Span("campaign-rules:0123456789abcdef", code=True)), "{{campaign-rules:0123456789abcdef}}"),
        (Code("a *b*\n  {code}"), "{noformat}\na *b*\n  {code}\n{noformat}"),
        (Code("x {noformat} y\n\nz"), "{{x \\{noformat\\} y}}\n{{z}}"),
        (
            Items(((words("one"), Items(((words("a"),),), numbered=True)), (words("two"), Code("b")))),
            "* one\n*# a\n* two\n{noformat}\nb\n{noformat}",
        ),
        (
            Table(((Span("module"),), (Span("why"),)), (((Span("mta"),), ()),)),
            "||module||why||\n|mta| |",
        ),
    ],
)
def test_a_block_is_written(block: Block, written: str | None) -> None:
    shown = to_jira_wiki((block,))
    if written is None:
        assert not set("*{}[]|!~^+") & {a for b, a in zip(" " + shown, shown, strict=False) if b != "\\"}
    else:
        assert shown == written + "\n"


def test_blocks_are_apart() -> None:
    assert to_jira_wiki((words("one"), words("two"))) == "one\n\ntwo\n"
