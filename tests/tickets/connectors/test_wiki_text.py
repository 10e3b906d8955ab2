"""What people write into Jira Data Center, as plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_rules.report.document import Code, Heading, Paragraph, Span, Table
from campaign_rules.report.markup import to_jira_wiki
from campaign_rules.tickets.connectors.wiki_text import text_of_wiki


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("No mail leaves.\r\n\r\nSince 9:40.", "No mail leaves.\n\nSince 9:40."),
        ("{code:title=mta.log|lang=text}\n  a *b*\n[x|y]\n{code}", "  a *b*\n[x|y]"),
        ("See:\n{noformat}\n||PID||\n{noformat}\nDone.", "See:\n||PID||\nDone."),
        ("{noformat}open to the end", "{noformat}open to the end"),
        ("{quote}one{quote} {color:red}two{color}", "one two"),
        ("h3. Symptoms\nbq. quoted", "Symptoms\nquoted"),
        ("[the log|https://example.com/log]", "the log <https://example.com/log>"),
        ("[https://example.com/log]", "https://example.com/log"),
        ("[~anna] knows, [~accountid:5b10] too", "@anna knows, @5b10 too"),
        ("||PID||name||\n|7|mta|", "PID\tname\n7\tmta"),
        ("{{nlserver pdump}}", "nlserver pdump"),
        (r"a \* b \{c\} d\_e", "a * b {c} d_e"),
        ("one\\\\\ntwo", "one\n\ntwo"),
        (r"D:\logs\mta.log and \\server\share", r"D:\logs\mta.log and \\server\share"),
        ("[2026-03-02 09:40:12] error [mta]", "[2026-03-02 09:40:12] error [mta]"),
    ],
)
def test_a_reader_sees(markup: str, shown: str) -> None:
    assert text_of_wiki(markup) == shown


@given(st.text(alphabet="ab \n{}[]|*\\~:h1.codenrmat", max_size=60))
def test_any_text_is_read(markup: str) -> None:
    assert isinstance(text_of_wiki(markup), str)


def test_what_is_written_comes_back() -> None:
    document = (
        Heading(2, "Suspects [1]"),
        Paragraph((Span("*mta*"), Span(" {is} down: a_b, _c_, x-y"))),
        Code("nlserver restart mta@prod\n  sleep 5"),
        Table(((Span("module"),), (Span("a|b"),)), (((Span("mta"),), (Span("1"),)),)),
    )
    assert text_of_wiki(to_jira_wiki(document)) == (
        "Suspects [1]\n\n*mta* {is} down: a_b, _c_, x-y\n\nnlserver restart mta@prod\n  sleep 5\n\n"
        "module\ta|b\nmta\t1"
    )
