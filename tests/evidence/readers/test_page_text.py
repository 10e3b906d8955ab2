from __future__ import annotations

import pytest

from campaign_rules.evidence.readers.page_text import page_text


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("", ""),
        ("OK\n", "OK"),
        ("<p>Not  <b>found</b></p>", "Not found"),
        ("<head><TITLE>x</TITLE><style>p {}</style></head><body>\n</body>", ""),
        ("<script>if (a < b) { c > d }</script>seen", "seen"),
        ("<script src='x'></script >seen", "seen"),
        ("<!-- hidden -->seen<!-- <p>hidden</p> -->too", "seen too"),
        ("<script>'<style>'</script>seen", "seen"),
        ("1 < 2", "1 < 2"),
        ("cut <p", "cut <p"),
        ("<script>never closed <p>x</p>", ""),
    ],
)
def test_what_a_person_sees(page: str, shown: str) -> None:
    assert page_text(page) == shown


@pytest.mark.parametrize("part", ["<script>", "<!--", "<", "<p", "<!-- <p>", "</script", "-->"])
def test_a_hostile_page_is_read_in_one_pass(part: str) -> None:
    assert len(page_text(part * 200_000)) <= 2 * len(part) * 200_000
