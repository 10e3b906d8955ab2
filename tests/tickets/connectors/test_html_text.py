"""HTML bodies as text: what the reader sees, line by line."""

from __future__ import annotations

import pytest

from campaign_rules.tickets.connectors.html_text import text_of_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("No mail leaves", "No mail leaves"),
        ("<p>No mail\n  leaves</p><p>since <b>9:40</b>.</p>", "No mail leaves\nsince 9:40."),
        ("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("a<br><br>b", "a\n\nb"),
        ("<pre>  PID  NAME\n    7  mta\n</pre>after", "  PID  NAME\n    7  mta\nafter"),
        ("<pre>one\r\ntwo</pre>", "one\ntwo"),
        ('<div style="white-space: pre-wrap">a\n  b</div>', "a\n  b"),
        ("<p>&lt;xtk:session&gt; &amp; more&nbsp;&nbsp;x</p>", "<xtk:session> & more  x"),
        ("<ul><li>mta<li>web</ul>done", "- mta\n- web\ndone"),
        (
            "<table><tr><td>mta</td><td>running</td></tr><tr><td>web</td><td>none</td></tr></table>",
            "mta\trunning\nweb\tnone",
        ),
        (
            "yes<blockquote>was it<br>so?<blockquote>no</blockquote></blockquote>end",
            "yes\n> was it\n> so?\n> > no\nend",
        ),
        ("<style>p {}</style><script>x</script><p>seen</p><!-- unseen -->", "seen"),
        ('<div style="display:none">unseen<br>still</div>seen', "seen"),
        ("<p>never closed <b>bold<p>next</div></i>", "never closed bold\nnext"),
        ("one <b> two</b>", "one two"),
        ("a<br>\ud800b\0c", "a\n?bc"),
        ("plain text, 3 < 4", "plain text, 3 < 4"),
        ("  ", ""),
        ("<p hidden>x</p>", ""),
    ],
)
def test_the_text_has_the_lines_that_a_reader_sees(html: str, text: str) -> None:
    assert text_of_html(html) == text


def test_deep_nesting_is_read_in_linear_space() -> None:
    text = text_of_html("<blockquote>x" * 2_000)
    assert text.count("x") == 2_000
    assert len(text) < 2_000 * 30


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<![", "<script></", "<a b='", "<pre>\n", "</b>", "&"])
def test_markup_that_is_made_to_cost_much_is_read(piece: str) -> None:
    assert isinstance(text_of_html(piece * 100_000), str)
